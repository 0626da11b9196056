-- {{ snapshot.manifest_of_table("PROD.S.T", "MIGR.SNAP.S__T", table, "A, B", instant) }}
SELECT 'TABLE', 'MART', 'my table', '2026-01-01T00:00:00.000000+00:00'::TIMESTAMP_TZ,
       COUNT(*), HASH_AGG(A, B), 'A, B',
       GET_DDL('TABLE', 'PROD.S.T'), SHA2(GET_DDL('TABLE', 'PROD.S.T'), 256)
FROM MIGR.SNAP.S__T
