"""Which province, city, county and township a report is of, as of its year.

Belongs here: the index of names, finding names in words, deciding between regions of one name. Does not belong here: the
table (schemas/regions), titles, names and dates of reports (pipeline/describe).
"""
