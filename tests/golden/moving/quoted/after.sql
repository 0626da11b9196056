CREATE OR REPLACE VIEW {{ mart }}."v quoted"(
	A
) COPY GRANTS as select {{ mart }}."DIM_STOCKS"."isin" as a
from {{ mart }}."DIM_STOCKS", {{ mart }}."odd ""name""", "prod_db"."MART"."OTHER_DATABASE";
