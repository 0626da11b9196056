-- {{ copy.numbered_after([["F.A", '"ID"'], ["F.B", "N"]], "CREATE SEQUENCE S START = NEXT_VALUE COMMENT = 'it''s'") }}
BEGIN
    LET next_value INTEGER := (SELECT COALESCE(GREATEST(MAX(N) + 1, 1), 1) FROM (
        SELECT "ID" AS N FROM F.A UNION ALL

        SELECT N AS N FROM F.B

    ));
    EXECUTE IMMEDIATE REPLACE('CREATE SEQUENCE S START = NEXT_VALUE COMMENT = ''it''''s''', 'NEXT_VALUE', next_value::VARCHAR);
    RETURN 'goes on at ' || next_value;
END
