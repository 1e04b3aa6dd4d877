"""The index, loaded when this module is imported.

Belongs here: that, for the server process that workers are forked from, so that they all share one index and no file pays for
loading it. Does not belong here: anything else; other processes load the index when they first need it, or never.
"""

from pipeline.region.index import index

index()
