CREATE OR REPLACE VIEW {{ mart }}.V_ALIASES(
	A
) COPY GRANTS as with prod_db as (select 1 as x)
select prod_db.x, src.prod_db, payload:prod_db.mart.t, dim_stocks.symbol, mart.dim_stocks.symbol
from prod_db, {{ mart }}.SRC as src, mart.dim_stocks
where prod_db.x = :prod_db;
