"""Why files are read that are not new.

Belongs here: words for the progress bar. Does not belong here: deciding what is read (batches.py).
"""

from collections import Counter

from pipeline import CONDITIONS_MARK, PARSER_VERSION
from pipeline.conditions import valid_versions
from pipeline.crawl_list import LINE_MARK, read_crawl_list
from pipeline.settings import Settings
from pipeline.state.batches import Plan
from pipeline.state.manifest import known_files, recorded_versions


def why_read(settings: Settings, plans: list[Plan]) -> str:
    """What is read, and why again: another parser, other limits or programs, another line of the list, results gone."""
    recorded = recorded_versions(settings.out)
    known = {known.file_id for known in known_files(settings.out).values()}
    valid = valid_versions(settings)
    crawl = read_crawl_list(settings.raw)
    found: Counter[str] = Counter()
    for file in (file for plan in plans for file in plan.to_parse):
        if file.file_id not in known or file.file_id not in recorded:
            continue
        version = recorded[file.file_id]
        made_under = version.partition(LINE_MARK)[0]
        parser = made_under.partition(CONDITIONS_MARK)[0]
        if parser != PARSER_VERSION:
            found[f"read by parser version {parser}, this is {PARSER_VERSION}"] += 1
        elif made_under not in valid:
            found["refused under other limits or with other programs"] += 1
        elif version not in {crawl.version(file.path, each) for each in valid}:
            found["their lines in manifest.csv are others now"] += 1
        else:
            found["their results are gone"] += 1
    reasons = [f"{count:,} again: {reason}" for reason, count in found.items()]
    return f"reading reports ({'; '.join(reasons)})" if reasons else "reading reports"
