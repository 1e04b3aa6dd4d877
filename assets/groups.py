"""Which assets run together: those of a batch, and those that publish.

Belongs here: the two lists. Does not belong here: jobs, sensors (arrivals.py), the Definitions.
"""

from assets.handed_on import data_package, quality_page
from assets.published import duckdb_file, parquet_tables
from assets.raw_files import raw_files
from assets.report_facts import report_facts

BATCH_ASSETS = [raw_files, report_facts]
PUBLISHED_ASSETS = [parquet_tables, quality_page, data_package, duckdb_file]
PUBLISHED_KEYS = [key for asset in PUBLISHED_ASSETS for key in asset.keys]
DATABASE_KEY = duckdb_file.key
