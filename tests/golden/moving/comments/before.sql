create or replace TABLE PROD_DB.MART.NOTES (
	-- was prod_db.src.notes
	ID NUMBER(38,0) NOT NULL COMMENT 'from PROD_DB.SRC',
	NOTE VARCHAR(16777216) /* PROD_DB, see the wiki */
)COMMENT='Raw feed. Do not rename PROD_DB: the loader''s config says so'
;
