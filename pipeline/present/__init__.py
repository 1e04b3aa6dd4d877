"""What the dataset says, for the eye: status, one report, the result of a query, in the terminal.

Belongs here: reading the DuckDB file and drawing with rich. Does not belong here: arguments (assets/command.py), facts.
"""
