CREATE MASKING POLICY IF NOT EXISTS {{ mart }}.MASK_NAME as (V VARCHAR(16777216))
returns VARCHAR(16777216) ->
case when IS_ROLE_IN_SESSION('{{ env.roles.loader | ident }}') or CURRENT_ROLE() in ('LOADER', 'READER') then V
     when exists (select 1 from {{ mart }}.ALLOWED where R = CURRENT_ROLE()) then V else '***' end;
