"""The region table: provinces, cities, counties by year, and townships of one snapshot.

Belongs here: the shipped tables, loading them (table.py) and the script that derived them (derive.py). Does not belong
here: finding regions in a report (pipeline/region).
"""
