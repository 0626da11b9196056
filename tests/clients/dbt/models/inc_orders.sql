{{ config(materialized='incremental', unique_key='id', on_schema_change='append_new_columns', grants={'select': ['sysadmin']}) }}
select * from {{ ref('stg_orders') }}
{% if is_incremental() %} where at > (select max(at) from {{ this }}) {% endif %}
