create or replace masking policy PROD_DB.MART.MASK_NAME as (V VARCHAR(16777216))
returns VARCHAR(16777216) ->
case when IS_ROLE_IN_SESSION('LOADER') or CURRENT_ROLE() in ('LOADER', 'READER') then V
     when exists (select 1 from PROD_DB.MART.ALLOWED where R = CURRENT_ROLE()) then V else '***' end;
