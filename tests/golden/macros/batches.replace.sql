-- {{ batches.replace('DEV_DB.S.T', 'SHARED.F.S__T', '"ID", "N"', '"ID"', "ID >= 5 AND ID < 10") }}
BEGIN
    BEGIN TRANSACTION;
    DELETE FROM DEV_DB.S.T WHERE ID >= 5 AND ID < 10;
    INSERT INTO DEV_DB.S.T ("ID", "N")
    SELECT "ID", "N"
    FROM SHARED.F.S__T
    WHERE ID >= 5 AND ID < 10
    ORDER BY "ID";
    LET written INTEGER := SQLROWCOUNT;
    COMMIT;
    RETURN written || ' rows';
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        RAISE;
END
