create or replace stream PROD_DB.SRC.STR_RAW on table PROD_DB.SRC.RAW append_only = true;
