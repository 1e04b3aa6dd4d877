"""What a build keeps on disk: the raw files seen, batches of results, builds and the link to the current one.

Belongs here: scan, manifest, batches, lock, folders. Does not belong here: the content of reports, tables, DuckDB.
"""
