create or replace view PROD_DB.MART.V_TWO(
	A
) as select * from mart.dim_stocks, src.raw, prod_db.t, legacy.t;
