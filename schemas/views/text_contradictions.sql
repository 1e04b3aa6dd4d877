with contradicted as (
    select report_id, table_key, row_key as metric_key,
        arg_min(check_key, check_key = 'text_zero_contradiction') as check_key,
        arg_min(severity, check_key = 'text_zero_contradiction') as severity,
        bool_or(check_key = 'text_zero_contradiction') as none_against_some,
        any_value(left_value) as prose_value, any_value(right_value) as table_value,
        any_value(try_cast(regexp_extract(detail, '^statement (\d+):', 1) as integer)) as statement_no
    from checks
    where outcome = 'fail' and check_key in ('text_applications_received', 'text_applications_outcomes', 'text_disputes',
        'text_documents', 'text_zero_contradiction')
    group by report_id, table_key, row_key
)
select r.report_id, r.body_id, r.body_name, r.body_kind, r.admin_level, r.province, r.city, r.county, r.region_code,
    r.report_year, r.scope, r.template, k.metric_key, m.label_zh as metric_zh, m.label_en as metric_en, k.prose_value, k.table_value,
    (k.prose_value - k.table_value)::decimal(18, 4) as difference, k.none_against_some, k.table_key, k.check_key, k.severity,
    k.statement_no, s.sentence, s.char_start, s.char_end
from contradicted k join reports r using (report_id) left join dim_metrics m using (metric_key)
    left join statements s on s.report_id = k.report_id and s.statement_no = k.statement_no
where r.is_current
