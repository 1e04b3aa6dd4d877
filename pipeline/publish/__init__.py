"""From the results of all batches to the published dataset.

Belongs here: Parquet, validation, the DuckDB file. Does not belong here: parsing, the swap itself (state/folders.py).
"""
