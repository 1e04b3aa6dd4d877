"""Arrival batches as Dagster partitions. The manifest in OUT is the truth; the keys here mirror it.

Belongs here: the partitions definition. Does not belong here: planning batches (pipeline/state/batches.py).
"""

from dagster import DynamicPartitionsDefinition

arrival_batches = DynamicPartitionsDefinition(name="arrival_batch")
