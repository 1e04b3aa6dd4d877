"""When published assets are made without anybody asking, and when they are overdue.

Belongs here: the conditions that several assets share. Does not belong here: schedules and sensors (arrivals.py).
"""

from datetime import timedelta

from dagster import AutomationCondition, FreshnessPolicy

# Without "no dependency is missing": a batch that the command line parsed was never materialised here.
AS_BATCHES_COME = AutomationCondition.eager().without(~AutomationCondition.any_deps_missing())
# The daily schedule looks at RAW and says so here, whether there is news or not.
LOOKED_AT_DAILY = FreshnessPolicy.time_window(fail_window=timedelta(hours=50), warn_window=timedelta(hours=26))
