"""The name of a content.

Belongs here: how some bytes become a file_id. Does not belong here: where contents stand (state/manifest.py).
"""

import hashlib


def content_id(data: bytes) -> str:
    """The file_id of some bytes: SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()
