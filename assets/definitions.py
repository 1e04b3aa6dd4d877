"""Everything Dagster needs to know, for `dagster dev` and `gongkai build`.

Belongs here: the Definitions. Does not belong here: the assets themselves.
"""

from dagster import Definitions, in_process_executor

from assets.arrivals import arrivals, build_job
from assets.handed_on import data_package, quality_page
from assets.published import duckdb_file, parquet_tables
from assets.raw_files import raw_files
from assets.report_facts import report_facts
from assets.settings import Folders

ASSETS = [raw_files, report_facts, parquet_tables, quality_page, data_package, duckdb_file]

defs = Definitions(
    assets=ASSETS,
    jobs=[build_job],
    sensors=[arrivals],
    resources={"folders": Folders()},
    # One writer, and the parser has worker processes of its own: a process per asset would only add start-up time.
    executor=in_process_executor,
)
