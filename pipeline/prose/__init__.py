"""What the prose says in numbers: every quantity outside of the tables, with what it counts.

Belongs here: finding numbers, telling quantities from years and document numbers, naming what is counted, totals and
parts. Does not belong here: tables (tabulate/), metadata (describe.py), comparing prose with tables (check/prose.py).
"""
