"""What can be said of a report only beside other reports: the same body's year before, and other bodies' prose.

Belongs here: checks across years and bodies, sketches of prose, all as functions from tables to tables. Does not belong
here: checks within one report (pipeline/check), where the tables lie (pipeline/publish).
"""
