"""From raw bytes to a Document.

Belongs here: finding out what a file is and decoding it. Does not belong here: what the text says.
"""
