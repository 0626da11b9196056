-- SELECT {{ sync.same(['ID', 'isin']) }}
SELECT t."ID" IS NOT DISTINCT FROM s."ID" AND t."isin" IS NOT DISTINCT FROM s."isin"
