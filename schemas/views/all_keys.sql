with words as (select name, words from values_of(search_words)),
keys as (
    select 'row_key' as kind, row_key as key, table_key, string_agg(distinct template, ', ' order by template) as forms,
        first(row_label_zh order by template desc) as label_zh, any_value(row_label_en) as label_en,
        any_value(description_en) as meaning
    from dim_cells group by row_key, table_key
    union all
    select 'column_key', column_key, table_key, string_agg(distinct template, ', ' order by template),
        first(column_label_zh order by template desc), any_value(column_label_en), null
    from dim_cells group by column_key, table_key
    union all
    select 'metric_key', metric_key, null, null, label_zh, label_en, description_en from dim_metrics
    union all
    select 'indicator_key', indicator_key, null, null, label_zh, label_en, description_en from dim_indicators
    union all
    select 'check_key', check_key, null, null, label_zh, label_en, description_en from dim_checks
)
select kind, key, table_key, forms, label_zh, label_en, meaning, words as also_called
from keys left join words on name = key
