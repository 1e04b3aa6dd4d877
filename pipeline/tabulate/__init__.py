"""From a document to the cells of its statutory tables.

Belongs here: finding tables, locating cells, reading one cell's value, each in a module of its own. The forms are data
(schemas/forms.py); nothing here knows a row by name. Does not belong here: checks, metadata, prose.
"""
