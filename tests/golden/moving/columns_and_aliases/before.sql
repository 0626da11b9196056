create or replace view PROD_DB.MART.V_ALIASES(
	A
) as with prod_db as (select 1 as x)
select prod_db.x, src.prod_db, payload:prod_db.mart.t, dim_stocks.symbol, mart.dim_stocks.symbol
from prod_db, PROD_DB.MART.SRC as src, mart.dim_stocks
where prod_db.x = :prod_db;
