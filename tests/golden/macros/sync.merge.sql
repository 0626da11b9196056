-- {{ sync.merge('DEV_DB.S.T', 'SHARED.F.S__T', ['ID', 'isin', 'AT'], ['ID'], 'AT', '1 day') }}
MERGE INTO DEV_DB.S.T AS t
USING (
    SELECT "ID", "isin", "AT"
    FROM SHARED.F.S__T
    WHERE "AT" IS NULL
       OR "AT" >= (
           SELECT MAX("AT") - INTERVAL '1 day' FROM DEV_DB.S.T)
       OR (SELECT COUNT("AT") FROM DEV_DB.S.T) = 0
) AS s
ON t."ID" IS NOT DISTINCT FROM s."ID"
WHEN MATCHED THEN UPDATE SET t."isin" = s."isin", t."AT" = s."AT"
WHEN NOT MATCHED THEN INSERT ("ID", "isin", "AT") VALUES (s."ID", s."isin", s."AT")
