"""The nouns: what every table, column, form, cell, check and metric of the dataset means.

Belongs here: declarations (tables.py, forms.py, keys.py, the CSV files in data/) and what is derived from
them alone (arrow.py, ddl.py, frames.py, dictionary.py). Does not belong here: reading reports, files, Dagster.
"""
