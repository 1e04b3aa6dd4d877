with wide as (
    select report_id, column_key as applicant, any_value(template) as template,
        max(value) filter (row_key = 'new_received') as new_received,
        max(value) filter (row_key = 'carried_over') as carried_over,
        max(value) filter (row_key = 'granted') as granted,
        max(value) filter (row_key = 'partly_granted') as partly_granted,
        max(value) filter (row_key = 'refused_state_secret') as refused_state_secret,
        max(value) filter (row_key = 'refused_prohibited_by_law') as refused_prohibited_by_law,
        max(value) filter (row_key = 'refused_security_and_stability') as refused_security_and_stability,
        max(value) filter (row_key = 'refused_third_party_rights') as refused_third_party_rights,
        max(value) filter (row_key = 'refused_internal_affairs') as refused_internal_affairs,
        max(value) filter (row_key = 'refused_process_information') as refused_process_information,
        max(value) filter (row_key = 'refused_enforcement_case_file') as refused_enforcement_case_file,
        max(value) filter (row_key = 'refused_administrative_query') as refused_administrative_query,
        max(value) filter (row_key = 'unavailable_not_held') as unavailable_not_held,
        max(value) filter (row_key = 'unavailable_needs_creation') as unavailable_needs_creation,
        max(value) filter (row_key = 'unavailable_still_unclear') as unavailable_still_unclear,
        max(value) filter (row_key = 'not_processed_petition_or_complaint') as not_processed_petition_or_complaint,
        max(value) filter (row_key = 'not_processed_repeated') as not_processed_repeated,
        max(value) filter (row_key = 'not_processed_publication') as not_processed_publication,
        max(value) filter (row_key = 'not_processed_excessive') as not_processed_excessive,
        max(value) filter (row_key = 'not_processed_confirm_or_reissue') as not_processed_confirm_or_reissue,
        max(value) filter (row_key = 'other') as other,
        max(value) filter (row_key = 'other_correction_overdue') as other_correction_overdue,
        max(value) filter (row_key = 'other_fee_overdue') as other_fee_overdue,
        max(value) filter (row_key = 'other_reason') as other_reason,
        max(value) filter (row_key = 'total_handled') as total_handled,
        max(value) filter (row_key = 'carried_forward') as carried_forward,
        count(*) filter (value_state in ('blank', 'placeholder')) as cells_blank,
        count(*) filter (value_state in ('unreadable', 'missing', 'unrecoverable')) as cells_refused
    from cells where table_key = 'applications'
    group by report_id, column_key
)
select r.report_id, r.body_id, r.body_name, r.body_kind, r.admin_level, r.province, r.city, r.county, r.region_code,
    r.report_year, r.is_current, wide.* exclude (report_id)
from reports r join wide using (report_id)
