create or replace view PROD_DB.MART.V_HOLDINGS(
	SYMBOL,
	QUANTITY
) COMMENT='the last day'
 as select s.symbol, p . quantity   -- layout and case stay
from Prod_Db.mart.dim_stocks s
join prod_db.MART.Fact_Positions p on p.stock_id = s.stock_id
where exists (select 1 from PROD_DB.SRC.RAW r where r.symbol = PROD_DB.MART.CLEAN(s.symbol));
