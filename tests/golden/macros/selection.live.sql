-- {{ selection.live('dev_db', table) }}
DEV_DB.MART."my table"
