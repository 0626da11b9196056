-- SELECT * FROM {{ selection.placed(env.database, table) }}
SELECT * FROM DEV_DB.MART."my table"
