"""Which body a report is of, which year it is about, when it was signed, where it is from: metadata of one report.

Belongs here: titles, names, years, dates, scope. Does not belong here: the region table (pipeline/region), tables, prose.
"""
