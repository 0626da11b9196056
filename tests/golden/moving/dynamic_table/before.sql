create or replace dynamic table PROD_DB.MART.DT_DAY(
	DAY
) target_lag = '1 hour' refresh_mode = AUTO initialize = ON_CREATE warehouse = LOAD_WH
 as select day from PROD_DB.MART.OLD_FACTS join dim_stocks using (stock_id);
