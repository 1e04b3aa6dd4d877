"""Views to find one's way by: what everything means, and every key by a word.

Belongs here: their words and types. Does not belong here: the questions and search words that they hold (data/guide.csv,
data/search_words.csv), the SQL.
"""

from schemas.tables import Column
from schemas.views.parts import View

_WORDS = Column("also_called", "VARCHAR", "Words to search by, Chinese and English; null if there are none.", True)

_ALL_KEYS = View(
    "all_keys",
    "Every key of the dim_ tables in one list, to be searched by a word in Chinese or English: where concat_ws(' ', key, label_zh, "
    "label_en, meaning, also_called) ilike '%败诉%'.",
    (
        Column(
            "kind",
            "VARCHAR",
            "What the key is: row_key and column_key of cells, metric_key of statements, indicator_key of indicators (and column of "
            "panel), check_key of checks.",
            values=("row_key", "column_key", "metric_key", "indicator_key", "check_key"),
        ),
        Column("key", "VARCHAR", "The key."),
        Column("table_key", "VARCHAR", "The table of the form that a row or column is in; null for other keys.", True),
        Column("forms", "VARCHAR", "Forms that print it; null for keys that are not of a form.", True),
        Column("label_zh", "VARCHAR", "Name in Chinese, of a cell as the form prints it."),
        Column("label_en", "VARCHAR", "Name in English."),
        Column("meaning", "VARCHAR", "What it counts or compares; null for columns.", True),
        _WORDS,
    ),
)

_DICTIONARY = View(
    "dictionary",
    "What every table, view and column of this file means. Start here: select table_name, answers, example from dictionary where "
    "example is not null. By a word: where concat_ws(' ', column_name, meaning, also_called, answers) ilike '%denied%'. Keys (row_key, "
    "metric_key, check_key …) are explained in all_keys.",
    (
        Column("table_name", "VARCHAR", "Table or view."),
        Column("kind", "VARCHAR", "table or view.", values=("table", "view")),
        Column("column_name", "VARCHAR", "Column; null for the table or view itself.", True),
        Column("type", "VARCHAR", "Type of the column; null for the table or view itself.", True),
        Column("meaning", "VARCHAR", "What it means.", True),
        _WORDS,
        Column("answers", "VARCHAR", "Questions that the table or view answers; null for columns.", True),
        Column("example", "VARCHAR", "A query to begin with; null for columns.", True),
    ),
)

LOOKUPS = (_ALL_KEYS, _DICTIONARY)
