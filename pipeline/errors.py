"""Errors that a user can do something about.

Belongs here: one exception whose message is one clear line. Does not belong here: bad raw files (they are quarantined).
"""


class GongkaiError(Exception):
    """Something outside the reports is wrong: a folder, a lock, a build. The message says what and what to do."""
