create or replace view PROD_DB.MART.V_BROKEN(
	A
) as select 'never closed from PROD_DB.SRC.RAW;
