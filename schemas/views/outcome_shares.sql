with counts as (
    select report_id, body_id, body_name, body_kind, admin_level, province, city, county, region_code, report_year, template,
        new_received, total_handled, granted, partly_granted,
        (refused_state_secret + refused_prohibited_by_law + refused_security_and_stability + refused_third_party_rights
            + refused_internal_affairs + refused_process_information
            + refused_enforcement_case_file + refused_administrative_query)::decimal(18, 4) as refused,
        (unavailable_not_held + unavailable_needs_creation + unavailable_still_unclear)::decimal(18, 4) as unavailable,
        (not_processed_petition_or_complaint + not_processed_repeated + not_processed_publication
            + not_processed_excessive + not_processed_confirm_or_reissue)::decimal(18, 4) as not_processed,
        if(template = '2019', other, other_correction_overdue + other_fee_overdue + other_reason)::decimal(18, 4)
            as other_outcome
    from applications_wide where applicant = 'total' and is_current
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
select c.*,
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
