CREATE OR REPLACE VIEW {{ mart }}.V_TWO(
	A
) COPY GRANTS as select * from mart.dim_stocks, src.raw, prod_db.t, old_stock.t;
