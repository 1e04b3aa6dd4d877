"""The orchestration: the steps of pipeline/ as Dagster assets, and the command `gongkai`, a thin way in to them.

Belongs here: assets, checks, partitions, the sensor, the command. Does not belong here: any rule about reports. This
file imports nothing, so that the command starts without Dagster.
"""
