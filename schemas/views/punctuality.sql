with versions as (
    select body_id, report_year, min(published_on) as first_published_on
    from reports where body_id is not null and report_year is not null group by body_id, report_year
)
select r.report_id, r.body_id, r.body_name, r.body_kind, r.admin_level, r.province, r.city, r.county, r.region_code,
    r.report_year, r.published_on, (r.published_on - k.left_value::integer)::date as due_on,
    k.left_value::integer as days_after_deadline, k.outcome = 'fail' as is_late,
    coalesce(v.first_published_on, r.published_on) as first_published_on
from checks k join reports r using (report_id)
    left join versions v on v.body_id = r.body_id and v.report_year = r.report_year
where k.check_key = 'late_publication' and k.outcome <> 'not_assessable' and r.is_current
