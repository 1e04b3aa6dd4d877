with body_years as (
    select report_id, body_id, body_name, body_kind, admin_level, scope, province, city, county, region_code, report_year, template
    from reports where is_current and body_id is not null and report_year is not null
),
spans as (
    select body_id, min(report_year) as first_year, max(report_year) as last_year, count(*) as years,
        years = (select max(report_year) - min(report_year) + 1 from body_years) as is_balanced,
        count(*) filter (report_year >= 2019)
            = (select max(report_year) - 2018 from body_years where report_year >= 2019) as is_balanced_from_2019
    from body_years group by body_id
),
wide as (
    select report_id,
        max(value) filter (indicator_key = 'applications_received') as applications_received,
        max(value) filter (indicator_key = 'applications_carried_over') as applications_carried_over,
        max(value) filter (indicator_key = 'applications_carried_forward') as applications_carried_forward,
        max(value) filter (indicator_key = 'applications_handled') as applications_handled,
        max(value) filter (indicator_key = 'granted') as granted,
        max(value) filter (indicator_key = 'partly_granted') as partly_granted,
        max(value) filter (indicator_key = 'refused') as refused,
        max(value) filter (indicator_key = 'refused_state_secret') as refused_state_secret,
        max(value) filter (indicator_key = 'refused_prohibited_by_law') as refused_prohibited_by_law,
        max(value) filter (indicator_key = 'refused_security_and_stability') as refused_security_and_stability,
        max(value) filter (indicator_key = 'refused_third_party_rights') as refused_third_party_rights,
        max(value) filter (indicator_key = 'refused_internal_affairs') as refused_internal_affairs,
        max(value) filter (indicator_key = 'refused_process_information') as refused_process_information,
        max(value) filter (indicator_key = 'refused_enforcement_case_file') as refused_enforcement_case_file,
        max(value) filter (indicator_key = 'refused_administrative_query') as refused_administrative_query,
        max(value) filter (indicator_key = 'unavailable') as unavailable,
        max(value) filter (indicator_key = 'unavailable_not_held') as unavailable_not_held,
        max(value) filter (indicator_key = 'unavailable_needs_creation') as unavailable_needs_creation,
        max(value) filter (indicator_key = 'unavailable_still_unclear') as unavailable_still_unclear,
        max(value) filter (indicator_key = 'not_processed') as not_processed,
        max(value) filter (indicator_key = 'other_outcome') as other_outcome,
        max(value) filter (indicator_key = 'applications_by_natural_persons') as applications_by_natural_persons,
        max(value) filter (indicator_key = 'applications_by_organizations') as applications_by_organizations,
        max(value) filter (indicator_key = 'reviews') as reviews,
        max(value) filter (indicator_key = 'reviews_upheld') as reviews_upheld,
        max(value) filter (indicator_key = 'reviews_corrected') as reviews_corrected,
        max(value) filter (indicator_key = 'lawsuits') as lawsuits,
        max(value) filter (indicator_key = 'lawsuits_upheld') as lawsuits_upheld,
        max(value) filter (indicator_key = 'lawsuits_corrected') as lawsuits_corrected,
        max(value) filter (indicator_key = 'complaints') as complaints,
        max(value) filter (indicator_key = 'application_fees') as application_fees,
        max(value) filter (indicator_key = 'processing_fee_collected') as processing_fee_collected,
        max(value) filter (indicator_key = 'normative_documents_issued') as normative_documents_issued,
        max(value) filter (indicator_key = 'normative_documents_total_disclosed') as normative_documents_total_disclosed,
        max(value) filter (indicator_key = 'normative_documents_in_force') as normative_documents_in_force,
        max(value) filter (indicator_key = 'regulations_issued') as regulations_issued,
        max(value) filter (indicator_key = 'licensing_decisions') as licensing_decisions,
        max(value) filter (indicator_key = 'penalty_decisions') as penalty_decisions,
        max(value) filter (indicator_key = 'coercion_decisions') as coercion_decisions,
        max(value) filter (indicator_key = 'administrative_fees_amount') as administrative_fees_amount,
        max(value) filter (indicator_key = 'procurement_amount') as procurement_amount,
        max(value) filter (indicator_key = 'disclosed_total') as disclosed_total,
        max(value) filter (indicator_key = 'disclosed_website') as disclosed_website,
        max(value) filter (indicator_key = 'disclosed_wechat') as disclosed_wechat,
        max(value) filter (indicator_key = 'disclosed_weibo') as disclosed_weibo,
        max(value) filter (indicator_key = 'disclosed_gazette') as disclosed_gazette,
        max(value) filter (indicator_key = 'policy_interpretations') as policy_interpretations,
        max(value) filter (indicator_key = 'responses_to_public_concern') as responses_to_public_concern,
        max(value) filter (indicator_key = 'press_conferences') as press_conferences,
        max(value) filter (indicator_key = 'staff_full_time') as staff_full_time,
        max(value) filter (indicator_key = 'staff_total') as staff_total,
        max(value) filter (indicator_key = 'dedicated_budget') as dedicated_budget,
        max(value) filter (indicator_key = 'training_sessions') as training_sessions,
        max(value) filter (indicator_key = 'training_participants') as training_participants,
        max(value) filter (indicator_key = 'meetings') as meetings
    from indicators group by report_id
)
select b.body_id, b.report_year, b.report_id, b.body_name, b.body_kind, b.admin_level, b.scope, b.province, b.city, b.county,
    b.region_code, b.template, s.first_year, s.last_year, s.years, s.is_balanced, coalesce(s.is_balanced_from_2019, false)
    as is_balanced_from_2019, wide.* exclude (report_id)
from body_years b join spans s using (body_id) left join wide using (report_id)
