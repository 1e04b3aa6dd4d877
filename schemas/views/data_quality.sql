with states as (
    select report_id, count(*) as cells,
        count(*) filter (value_state = 'reported') as cells_reported,
        count(*) filter (value_state = 'blank') as cells_blank,
        count(*) filter (value_state = 'placeholder') as cells_placeholder,
        count(*) filter (value_state = 'unreadable') as cells_unreadable,
        count(*) filter (value_state = 'missing') as cells_missing,
        count(*) filter (value_state = 'unrecoverable') as cells_unrecoverable,
        count(*) filter (value <> 0) as cells_not_zero
    from cells group by report_id
),
found as (
    select report_id, count(*) as tables, count(*) filter (state = 'complete') as tables_complete from tables group by report_id
),
failed as (
    select report_id, count(*) filter (severity = 'error') as errors, count(*) filter (severity = 'warning') as warnings,
        string_agg(distinct check_key, ', ' order by check_key) as failed_checks
    from checks where outcome = 'fail' group by report_id
),
paths as (
    select file_id, min(path) as path from files where status in ('parsed', 'partial') group by file_id
)
select r.report_id, p.path, r.body_name, r.admin_level, r.province, r.report_year, r.template, r.layout, r.is_current,
    coalesce(tables, 0) as tables, coalesce(tables_complete, 0) as tables_complete, coalesce(cells, 0) as cells,
    coalesce(cells_reported, 0) as cells_reported, coalesce(cells_blank, 0) as cells_blank,
    coalesce(cells_placeholder, 0) as cells_placeholder, coalesce(cells_unreadable, 0) as cells_unreadable,
    coalesce(cells_missing, 0) as cells_missing, coalesce(cells_unrecoverable, 0) as cells_unrecoverable,
    coalesce(cells_not_zero, 0) as cells_not_zero,
    coalesce(errors, 0) as errors, coalesce(warnings, 0) as warnings, failed_checks
from reports r left join paths p using (file_id) left join found using (report_id) left join states using (report_id)
    left join failed using (report_id)
