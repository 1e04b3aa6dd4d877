"""Views of the DuckDB file for people: one SQL file each, and what it and its columns mean.

Belongs here: the files of SQL and the module that declares them. Does not belong here: tables (schemas/tables.py), running
them (pipeline/publish).
"""
