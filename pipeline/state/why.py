"""Why files are read that are not new.

Belongs here: words for the progress bar. Does not belong here: deciding what is read (batches.py).
"""

from pathlib import Path

from pipeline import PARSER_VERSION
from pipeline.state.batches import Plan
from pipeline.state.manifest import known_files, stale_versions


def why_read(out: Path, plans: list[Plan]) -> str:
    """What is read, and why again: another version of the parser, or results that are no longer there."""
    files = [file for plan in plans for file in plan.to_parse]
    stale = stale_versions(out, PARSER_VERSION)
    known = {known.file_id for known in known_files(out).values()}
    versions = {stale[file.file_id] for file in files if file.file_id in stale}
    again = sum(file.file_id in stale for file in files)
    lost = sum(file.file_id in known and file.file_id not in stale for file in files)
    reasons = []
    if again:
        reasons.append(
            f"{again:,} again: read by parser version {', '.join(sorted(versions))}, this is {PARSER_VERSION}"
        )
    if lost:
        reasons.append(f"{lost:,} again: their results are gone")
    return f"reading reports ({'; '.join(reasons)})" if reasons else "reading reports"
