-- SELECT {{ sync.list(['ID', 'isin'], 's.') }}
SELECT s."ID", s."isin"
