with wide as (
    select report_id, any_value(template) as template,
        max(value) filter (row_key = 'review' and column_key = 'upheld') as review_upheld,
        max(value) filter (row_key = 'review' and column_key = 'corrected') as review_corrected,
        max(value) filter (row_key = 'review' and column_key = 'other_result') as review_other_result,
        max(value) filter (row_key = 'review' and column_key = 'pending') as review_pending,
        max(value) filter (row_key = 'review' and column_key = 'total') as review_total,
        max(value) filter (row_key = 'litigation_direct' and column_key = 'upheld') as litigation_direct_upheld,
        max(value) filter (row_key = 'litigation_direct' and column_key = 'corrected') as litigation_direct_corrected,
        max(value) filter (row_key = 'litigation_direct' and column_key = 'other_result') as litigation_direct_other_result,
        max(value) filter (row_key = 'litigation_direct' and column_key = 'pending') as litigation_direct_pending,
        max(value) filter (row_key = 'litigation_direct' and column_key = 'total') as litigation_direct_total,
        max(value) filter (row_key = 'litigation_after_review' and column_key = 'upheld') as litigation_after_review_upheld,
        max(value) filter (row_key = 'litigation_after_review' and column_key = 'corrected') as litigation_after_review_corrected,
        max(value) filter (row_key = 'litigation_after_review' and column_key = 'other_result') as litigation_after_review_other_result,
        max(value) filter (row_key = 'litigation_after_review' and column_key = 'pending') as litigation_after_review_pending,
        max(value) filter (row_key = 'litigation_after_review' and column_key = 'total') as litigation_after_review_total,
        count(*) filter (value_state in ('blank', 'placeholder')) as cells_blank,
        count(*) filter (value_state in ('unreadable', 'missing', 'unrecoverable')) as cells_refused
    from cells where table_key = 'disputes'
    group by report_id
)
select r.report_id, r.body_id, r.body_name, r.body_kind, r.admin_level, r.province, r.city, r.county, r.region_code,
    r.report_year, r.is_current, wide.* exclude (report_id)
from reports r join wide using (report_id)
