"""Under which conditions a refusal holds: the limits and the programs of this machine.

Belongs here: the version that results have which would be others under other conditions. Does not belong here: the
limits (settings.py), the refusals.

A file that passes a limit, or needs a program that is not installed, is set aside with a reason that says what to do.
When that was done, the next build has to read it, although neither the file nor the parser changed.
"""

import hashlib

from pipeline import CONDITIONS_MARK, PARSER_VERSION
from pipeline.read.office import programs
from pipeline.settings import Settings


def conditional_version(settings: Settings) -> str:
    """The version of results that hold only under these limits and with these programs."""
    facts = repr((settings.limits, settings.file_seconds, settings.worker_memory_bytes, programs()))
    return f"{PARSER_VERSION}{CONDITIONS_MARK}{hashlib.sha256(facts.encode()).hexdigest()[:12]}"


def valid_versions(settings: Settings) -> tuple[str, str]:
    """Versions of results that need not be made again."""
    return PARSER_VERSION, conditional_version(settings)
