-- UPDATE T SET {{ sync.changed(['ID', 'isin', 'N'], ['ID']) }}
UPDATE T SET t."isin" = s."isin", t."N" = s."N"
