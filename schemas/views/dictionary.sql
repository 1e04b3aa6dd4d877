select c.table_name, if(v.view_name is null, 'table', 'view') as kind, c.column_name, c.data_type as type, c.comment as meaning
from duckdb_columns() c left join duckdb_views() v
    on v.database_name = c.database_name and v.schema_name = c.schema_name and v.view_name = c.table_name
where not c.internal and c.database_name = current_database() and c.schema_name = 'main'
union all
select table_name, 'table', null, null, comment from duckdb_tables()
where not internal and database_name = current_database()
union all
select view_name, 'view', null, null, comment from duckdb_views()
where not internal and database_name = current_database() and schema_name = 'main'
