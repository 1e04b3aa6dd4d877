select r.report_id, r.body_id, r.body_name, r.body_kind, r.admin_level, r.province, r.city, r.county, r.region_code,
    r.report_year, r.is_current, k.check_key, d.label_zh as check_zh, d.label_en as check_en, d.formula, k.severity, k.table_key,
    k.row_key, k.column_key, k.left_value, k.right_value, k.difference, coalesce(starts_with(k.detail, 'blank cells'), false) as blank_read_as_zero, k.detail,
    k.other_report_id,
    o.body_name as other_body, o.report_year as other_year
from checks k join reports r using (report_id) left join dim_checks d using (check_key)
    left join reports o on o.report_id = k.other_report_id
where k.outcome = 'fail'
