"""Why files are read that are not new.

Belongs here: words for the progress bar. Does not belong here: deciding what is read (batches.py).
"""

from pipeline import PARSER_VERSION
from pipeline.conditions import MARK, valid_versions
from pipeline.settings import Settings
from pipeline.state.batches import Plan
from pipeline.state.manifest import known_files, stale_versions


def why_read(settings: Settings, plans: list[Plan]) -> str:
    """What is read, and why again: another version of the parser, other limits or programs, or results that are gone."""
    files = [file for plan in plans for file in plan.to_parse]
    stale = stale_versions(settings.out, valid_versions(settings))
    known = {known.file_id for known in known_files(settings.out).values()}
    found = [stale[file.file_id].partition(MARK)[0] for file in files if file.file_id in stale]
    versions = set(found) - {PARSER_VERSION}
    again = sum(version != PARSER_VERSION for version in found)
    conditions = len(found) - again
    lost = sum(file.file_id in known and file.file_id not in stale for file in files)
    reasons = []
    if again:
        reasons.append(
            f"{again:,} again: read by parser version {', '.join(sorted(versions))}, this is {PARSER_VERSION}"
        )
    if conditions:
        reasons.append(f"{conditions:,} again: refused under other limits or with other programs")
    if lost:
        reasons.append(f"{lost:,} again: their results are gone")
    return f"reading reports ({'; '.join(reasons)})" if reasons else "reading reports"
