CREATE DYNAMIC TABLE IF NOT EXISTS {{ mart }}.DT_DAY(
	DAY
) target_lag = '1 hour' refresh_mode = AUTO initialize = ON_CREATE warehouse = {{ env.warehouse | ident }}
 as select day from {{ mart }}.FACTS join dim_stocks using (stock_id);
