create or replace view PROD_DB.MART.V_ARCHIVE(
	A
) as select * from prod_db_archive.mart.t, my_prod_db.mart.t, prod_db2.mart.t, PROD_DB$X.MART.T;
