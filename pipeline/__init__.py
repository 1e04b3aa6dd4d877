"""The verbs: read → split → tabulate → read prose → describe → check → publish, as pure functions.

Belongs here: everything that turns raw bytes into published tables, and the state a build keeps (scan, manifest,
lock). Does not belong here: Dagster (tests hold that line), or what a table, key or label means (schemas/).
"""

PARSER_VERSION = "4"
"""Raised by hand whenever the same bytes may give other facts: old batches are then stale and parsed again."""
CONDITIONS_MARK = "~"
"""Between the version and the digest of the conditions that a result depends on (pipeline/conditions.py)."""
