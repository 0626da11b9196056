-- {{ selection.frozen('migr', 'SNAP', table) }}
MIGR.SNAP."MART__my table"
