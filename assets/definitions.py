"""Everything Dagster needs to know, for `dagster dev` and `gongkai build`.

Belongs here: the Definitions. Does not belong here: the assets themselves.
"""

from dagster import Definitions, in_process_executor

from assets.arrivals import arrivals, build_job, daily, parse_job, publish_job, publishing
from assets.groups import BATCH_ASSETS, PUBLISHED_ASSETS
from assets.settings import Folders

ASSETS = [*BATCH_ASSETS, *PUBLISHED_ASSETS]

defs = Definitions(
    assets=ASSETS,
    jobs=[build_job, parse_job, publish_job],
    sensors=[arrivals, publishing],
    schedules=[daily],
    resources={"folders": Folders()},
    # One writer, and the parser has worker processes of its own: a process per asset would only add start-up time.
    executor=in_process_executor,
)
