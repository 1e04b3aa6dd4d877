with reasons as (
    select report_id, row_key as reason, value
    from cells where table_key = 'applications' and column_key = 'total' and starts_with(row_key, 'refused_')
),
totals as (
    select report_id, if(count(value) = 8, sum(value), null) as refused from reasons group by report_id
),
handled as (
    select report_id, value as total_handled
    from cells where table_key = 'applications' and column_key = 'total' and row_key = 'total_handled'
),
labels as (
    select row_key as reason, first(row_label_zh order by template desc) as reason_zh,
        any_value(row_label_en) as reason_en
    from dim_cells where table_key = 'applications' group by row_key
)
select r.report_id, r.body_id, r.body_name, r.body_kind, r.admin_level, r.province, r.city, r.county, r.region_code,
    r.report_year, reason, reason_zh, reason_en, value as refused_for_reason, refused::decimal(18, 4) as refused, total_handled,
    (value / nullif(refused, 0))::double as share_of_refused, (value / nullif(total_handled, 0))::double as share_of_handled,
    total_handled < 10 as is_small
from reports r join reasons using (report_id) join labels using (reason) join totals using (report_id)
    left join handled using (report_id)
where r.is_current
