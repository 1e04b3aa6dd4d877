"""Invented reports whose every cell is known: what `python -m benchmarks.generate` writes.

    python -m benchmarks.generate --count N --seed S --out DIR [--layout L …] [--form F …] [--noise NAME …|all|none]

Here belongs the generator of test reports. It shares the data of the forms (schemas/data/cells.csv) with the parser
and no code: nothing of `pipeline` or `schemas` is imported, and no body, place or figure is meant to be real.

What is written below DIR
- `000/000123.txt`: the reports, UTF-8, a thousand to a folder.
- `reports.parquet`: one row a report (path, form, template, layout, noise, body_name, body_kind, report_year).
- `truth.parquet`: one row for each cell of each statutory table (in section two: sub-table) printed in the report,
  always the full set of the table's form, and the rows that a body added, under keys `x_1`, `x_2` ….
  `path`, `template`, `table_key`, `row_key`, `column_key`, `value`, `value_state`, `layout` as in the contract;
  `noise` (names, joined by commas), `form` (what was asked for), `row_label` (as printed, without blanks: the way to
  match provincial and added rows), and three columns for what the text cannot tell:
  `printed_value` is what the generator meant, also where `value_state` is `unreadable`, `missing` or
  `unrecoverable`; it is null where no figure was printed and where any figure would be a guess (an amount without
  unit). `printed_alternative` is another value that the text offers for the cell, `alternative_source` says why:
  `second_copy` (a table printed twice that differs) or `only_consistent_reading` (the body's own sums are wrong and
  the glued digits happen to read as a table whose sums are right: no reader could know better).

How to score with it
- truth `reported`: the same value is right, another one wrong, any other state a refusal.
- truth of another state: a reported value is wrong unless it equals `printed_value` (or, as the scorer decides,
  `printed_alternative`).
- a reported statutory cell that has no row here comes from prose or from an absent table: wrong.

What the truth takes to be knowable is strict, so that a careful reader is never blamed: where blanks vanish
(`line_cell`, `one_line`, `space_aligned`, `reading_order`), a row with a value too few or a bare number too many is
`unreadable` as a whole; digits run together are `reported` only if every joint reading of the table agrees on them
(`readings`) or the run can be nothing else even if blanks had vanished (`0000000`); all of `column_major` except
section two is `unreadable`, all of `deduped` `unrecoverable`.

Where things are: `bodies`, `figures`, `prose` invent; `forms`, `statistics` lay out tables; `layouts…` print them;
`noise…` damage them; `readings`, `truth` settle what can be known; `report` makes one report, `writing` a run.
"""
