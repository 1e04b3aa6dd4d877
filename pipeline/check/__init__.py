"""Do the numbers hold? The identities and plausibility rules of field.md §2, evaluated and reported.

Belongs here: checks. They report and never mend. Does not belong here: what a check is called and how bad a failure is
(schemas/data/checks.csv).
"""
