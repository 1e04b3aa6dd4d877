"""Tables whose cell boundaries are not printed: one cell per line, space-aligned, on one line, or run together.

Belongs here: finding the labels of a form in running text and reading the numbers between them. Does not belong here:
texts with TABs or pipes (the modules above), what one number's text says (tabulate/values.py).
"""
