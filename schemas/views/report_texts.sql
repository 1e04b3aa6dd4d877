select report_id, string_agg(body, '' order by section_no) as text from sections group by report_id
