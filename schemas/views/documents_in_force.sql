with wide as (
    select report_id, row_key as documents,
        max(value) filter (column_key = 'issued') as issued, max(value) filter (column_key = 'repealed') as repealed,
        max(value) filter (column_key = 'in_force') as in_force
    from cells
    where table_key = 'active_disclosure' and template = '2021' and row_key in ('regulations', 'normative_documents')
    group by report_id, row_key
),
body_years as (
    select r.report_id, r.body_id, r.body_name, r.body_kind, r.admin_level, r.province, r.city, r.county, r.region_code,
        r.report_year, wide.* exclude (report_id)
    from reports r join wide using (report_id) where r.is_current
)
select b.report_id, b.body_id, b.body_name, b.body_kind, b.admin_level, b.province, b.city, b.county, b.region_code,
    b.report_year, b.documents, y.in_force as in_force_before, b.issued, b.repealed,
    (y.in_force + b.issued - b.repealed)::decimal(18, 4) as expected, b.in_force,
    (b.in_force - expected)::decimal(18, 4) as difference, coalesce(k.outcome, 'not_assessable') as outcome,
    case
        when b.body_id is null or b.report_year is null then 'body or year not known'
        when y.report_id is null then 'no table of the form of 2021 the year before'
        when b.in_force - y.in_force - b.issued + b.repealed is null then 'a cell has no number'
    end as why_not
from body_years b
    left join body_years y on y.body_id = b.body_id and y.report_year = b.report_year - 1 and y.documents = b.documents
    left join checks k on k.report_id = b.report_id and k.check_key = 'documents_in_force_continuity' and k.row_key = b.documents
