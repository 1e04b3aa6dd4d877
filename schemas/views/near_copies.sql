with pairs as (
    select report_id, other_report_id, left_value::double as similarity, check_key,
        row_number() over (
            partition by check_key, least(report_id, other_report_id), greatest(report_id, other_report_id)
            order by report_id) as seen
    from checks
    where check_key in ('copied_from_own_previous_year', 'copied_from_other_body') and outcome = 'fail'
)
select r.report_id, r.body_id, r.body_name, r.body_kind, r.admin_level, r.province, r.city, r.county, r.region_code,
    r.report_year, if(check_key = 'copied_from_other_body', 'other_body', 'own_previous_year') as copied_from,
    similarity, other_report_id, o.body_id as other_body_id, o.body_name as other_body, o.report_year as other_year,
    coalesce(r.region_code = o.region_code, false) as same_region
from pairs join reports r using (report_id) left join reports o on o.report_id = other_report_id
where seen = 1
