with paths as (
    select file_id, min(path) as path from files where status in ('parsed', 'partial') group by file_id
),
blanks as (select ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288) as characters)
select c.report_id, p.path, r.body_name, r.report_year, c.table_key, c.row_key, c.column_key, c.row_label, c.column_label,
    c.value, c.value_state, c.unit, c.raw_text,
    trim(substr(s.body, c.char_start - s.char_start + 1, c.char_end - c.char_start), characters) as words,
    substr(s.body, greatest(c.char_start - s.char_start - 39, 1), least(c.char_start - s.char_start, 40)) as words_before,
    substr(s.body, c.char_end - s.char_start + 1, 40) as words_after,
    c.char_start, c.char_end, c.source_page, c.source_table, c.source_row, c.source_column
from cells c join reports r using (report_id) cross join blanks left join paths p using (file_id)
    left join sections s on s.report_id = c.report_id and c.char_start >= s.char_start and c.char_start < s.char_end
