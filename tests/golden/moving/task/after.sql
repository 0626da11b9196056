CREATE TASK IF NOT EXISTS {{ mart }}.TSK_LOAD
	warehouse={{ env.warehouse | ident }}
	after {{ mart }}.TSK_ROOT, {{ src }}.TSK_FEED
	when SYSTEM$STREAM_HAS_DATA('{{ src }}.STR_RAW')
	as BEGIN
  INSERT INTO DIM_STOCKS SELECT * FROM {{ src }}.STR_RAW;
  CALL {{ mart }}.SP_LOAD('prod_db');
END;
