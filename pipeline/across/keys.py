"""The checks that need more than one report, by key.

Belongs here: their keys, in the order of their rows. Does not belong here: the checks (checks.py), what they mean
(schemas/data/checks.csv).
"""

ACROSS = (
    "carry_over_continuity",
    "documents_in_force_continuity",
    "items_continuity",
    "disputes_after_review_without_review",
    "disputes_without_applications",
    "copied_from_own_previous_year",
    "copied_from_other_body",
)
OWN, OTHER = ACROSS[-2:]
