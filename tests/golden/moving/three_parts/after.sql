CREATE OR REPLACE VIEW {{ mart }}.V_HOLDINGS(
	SYMBOL,
	QUANTITY
) COPY GRANTS COMMENT='the last day'
 as select s.symbol, p . quantity   -- layout and case stay
from {{ mart }}.dim_stocks s
join {{ mart }}.Fact_Positions p on p.stock_id = s.stock_id
where exists (select 1 from {{ src }}.RAW r where r.symbol = {{ mart }}.CLEAN(s.symbol));
