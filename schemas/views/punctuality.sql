select r.report_id, r.body_id, r.body_name, r.body_kind, r.admin_level, r.province, r.city, r.county, r.region_code,
    r.report_year, r.published_on, (r.published_on - k.left_value::integer)::date as due_on,
    k.left_value::integer as days_after_deadline, k.outcome = 'fail' as is_late
from checks k join reports r using (report_id)
where k.check_key = 'late_publication' and k.outcome <> 'not_assessable' and r.is_current
