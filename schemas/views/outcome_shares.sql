with totals as (
    select report_id, any_value(template) as template,
        max(value) filter (row_key = 'new_received') as new_received,
        max(value) filter (row_key = 'total_handled') as total_handled,
        max(value) filter (row_key = 'granted') as granted,
        max(value) filter (row_key = 'partly_granted') as partly_granted,
        if(count(value) filter (starts_with(row_key, 'refused_')) = 8,
            sum(value) filter (starts_with(row_key, 'refused_')), null)::decimal(18, 4) as refused,
        if(count(value) filter (starts_with(row_key, 'unavailable_')) = 3,
            sum(value) filter (starts_with(row_key, 'unavailable_')), null)::decimal(18, 4) as unavailable,
        if(count(value) filter (starts_with(row_key, 'not_processed_')) = 5,
            sum(value) filter (starts_with(row_key, 'not_processed_')), null)::decimal(18, 4) as not_processed,
        if(count(value) filter (row_key = 'other' or starts_with(row_key, 'other_')) = if(any_value(template) = '2019', 1, 3),
            sum(value) filter (row_key = 'other' or starts_with(row_key, 'other_')), null)::decimal(18, 4) as other_outcome
    from cells where table_key = 'applications' and column_key = 'total'
    group by report_id
),
counts as (
    select report_id, body_id, body_name, body_kind, admin_level, province, city, county, region_code, report_year,
        totals.* exclude (report_id)
    from reports join totals using (report_id) where is_current
),
organisations as (
    select report_id, if(count(value) = 5, sum(value), null) as organisations
    from cells
    where table_key = 'applications' and row_key = 'new_received' and column_key not in ('natural_person', 'total')
    group by report_id
),
disputes as (
    select report_id, review_corrected, review_total - review_pending as reviews_decided, review_total,
        litigation_direct_corrected + litigation_after_review_corrected as lawsuits_corrected,
        litigation_direct_total + litigation_after_review_total
            - litigation_direct_pending - litigation_after_review_pending as lawsuits_decided
    from disputes_wide
),
sums as (
    select report_id,
        bool_and(outcome <> 'fail') filter (check_key = 'applications_balance') as balance_holds,
        bool_and(outcome <> 'fail') filter (check_key = 'applications_outcomes_sum') as outcomes_add_up
    from checks
    where check_key in ('applications_balance', 'applications_outcomes_sum') and column_key = 'total'
        and outcome <> 'not_assessable'
    group by report_id
)
select c.*, review_corrected::decimal(18, 4) as reviews_corrected, reviews_decided::decimal(18, 4) as reviews_decided,
    lawsuits_corrected::decimal(18, 4) as lawsuits_corrected, lawsuits_decided::decimal(18, 4) as lawsuits_decided,
    (granted / nullif(total_handled, 0))::double as granted_share,
    (partly_granted / nullif(total_handled, 0))::double as partly_granted_share,
    (refused / nullif(total_handled, 0))::double as refused_share,
    (unavailable / nullif(total_handled, 0))::double as unavailable_share,
    (not_processed / nullif(total_handled, 0))::double as not_processed_share,
    (other_outcome / nullif(total_handled, 0))::double as other_share,
    (organisations / nullif(new_received, 0))::double as organisations_share,
    (100 * review_total / nullif(total_handled, 0))::double as reviews_per_100_handled,
    (review_corrected / nullif(reviews_decided, 0))::double as review_correction_rate,
    (lawsuits_corrected / nullif(lawsuits_decided, 0))::double as litigation_loss_rate,
    total_handled < 10 as is_small, sums.balance_holds, sums.outcomes_add_up
from counts c left join organisations using (report_id) left join disputes using (report_id) left join sums using (report_id)
