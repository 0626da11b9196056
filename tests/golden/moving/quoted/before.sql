create or replace view PROD_DB.MART."v quoted"(
	A
) as select "PROD_DB"."MART"."DIM_STOCKS"."isin" as a
from "PROD_DB"."MART"."DIM_STOCKS", "PROD_DB".mart."odd ""name""", "prod_db"."MART"."OTHER_DATABASE";
