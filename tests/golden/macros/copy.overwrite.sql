-- {{ copy.overwrite('DEV.S.T', 'MIGR.SNAP.S__T', '"A", "B"', '"A"') }}
INSERT OVERWRITE INTO DEV.S.T ("A", "B")
SELECT "A", "B"
FROM MIGR.SNAP.S__T
ORDER BY "A"
