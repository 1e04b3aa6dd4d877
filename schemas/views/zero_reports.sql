with found as (
    select report_id, table_key, count(*) filter (value <> 0) as above_zero, count(*) filter (value is null) as unknown
    from cells where table_key in ('applications', 'disputes') group by report_id, table_key
),
known as (
    select report_id,
        case when above_zero > 0 then false when unknown = 0 then true end as all_zero, table_key, above_zero, unknown
    from found
),
wide as (
    select report_id, any_value(all_zero) filter (table_key = 'applications') as applications_all_zero,
        any_value(all_zero) filter (table_key = 'disputes') as disputes_all_zero,
        sum(above_zero)::bigint as cells_not_zero, sum(unknown)::bigint as cells_without_number
    from known group by report_id
)
select r.report_id, r.body_id, r.body_name, r.body_kind, r.admin_level, r.province, r.city, r.county, r.region_code,
    r.report_year, applications_all_zero, disputes_all_zero, applications_all_zero and disputes_all_zero as all_zero,
    cells_not_zero, cells_without_number
from reports r join wide using (report_id)
where r.is_current
