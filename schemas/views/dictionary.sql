with guide as (select name, answers, example from values_of(guide)),
-- Chinese names of the columns that are keys of the form, and words that neither name nor meaning has.
names as (
    select indicator_key as name, label_zh as words from dim_indicators
    union
    select row_key, row_label_zh from dim_cells where table_key = 'applications'
    union
    select row_key || '_' || column_key, row_label_zh || column_label_zh from dim_cells where table_key = 'disputes'
    union
    select name, words from values_of(search_words)
),
words as (select name, string_agg(distinct words, ' ' order by words) as words from names group by name)
select c.table_name, if(v.view_name is null, 'table', 'view') as kind, c.column_name, c.data_type as type, c.comment as meaning,
    nullif(concat_ws(' ', w.words, q.words), '') as also_called, null as answers, null as example
from duckdb_columns() c
    left join duckdb_views() v
        on v.database_name = c.database_name and v.schema_name = c.schema_name and v.view_name = c.table_name
    left join words w on w.name = c.column_name
    left join words q on q.name = c.table_name || '.' || c.column_name
where not c.internal and c.database_name = current_database() and c.schema_name = 'main'
union all
select t.table_name, t.kind, null, null, t.comment, w.words, g.answers, g.example
from (
    select table_name, 'table' as kind, comment from duckdb_tables()
    where not internal and database_name = current_database() and schema_name = 'main'
    union all
    select view_name, 'view', comment from duckdb_views()
    where not internal and database_name = current_database() and schema_name = 'main'
) t left join guide g on g.name = t.table_name left join words w on w.name = t.table_name
