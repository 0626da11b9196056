"""VARIANT, OBJECT and ARRAY as the documentation's pages about them show (sql-reference/functions-semistructured)."""

import pytest

from runner.sandbox.documents import Malformed, compared, kind, parsed, written


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('PARSE_JSON(\'{"b":1,"a":{"d":1,"c":2}}\')', '{"a":{"c":2,"d":1},"b":1}'),
        ("{'b': 1, 'a': 2}", '{"a":2,"b":1}'),
        ('PARSE_JSON(\'{"b":1,"a":2}\') = PARSE_JSON(\'{"a":2,"b":1}\')', True),
        ("OBJECT_CONSTRUCT('b', 1, 'a', 2) = PARSE_JSON('{\"a\":2,\"b\":1}')", True),
        ("PARSE_JSON('{\"a\":1,\"a\":2}', 'd')", '{"a":2}'),
        ('TRY_PARSE_JSON(\'{"a":1,"a":2}\')', None),
        ("PARSE_JSON('12345678901234567890123456789.123456789')", "12345678901234567890123456789.123456789"),
        ("PARSE_JSON('  ')", None),
        ("CHECK_JSON('{\"a\":1}')", None),
        ("CHECK_JSON('not json')", 'unknown keyword "not", pos 4'),
        ("ARRAY_SORT([20, PARSE_JSON('null'), 0, 10])", "[0,10,20,null]"),
        ("ARRAY_SORT([20, PARSE_JSON('null'), 0, 10], FALSE)", "[null,20,10,0]"),
        ("ARRAY_SORT([20, PARSE_JSON('null'), 0, 10], TRUE, TRUE)", "[null,0,10,20]"),
        ("ARRAY_MAX([20, 0, NULL, 10, NULL])", "20"),
        ("ARRAY_MIN([20, 0, NULL, 10, NULL])", "0"),
        ("ARRAY_MIN([])", None),
        ("ARRAY_INTERSECTION(ARRAY_CONSTRUCT('A', 'B', 'B'), ARRAY_CONSTRUCT('B', 'B', 'C'))", '["B","B"]'),
        ("ARRAY_EXCEPT(['A', 'B', 'B', 'B', 'C'], ['B'])", '["A","B","B","C"]'),
        ("ARRAY_REMOVE_AT([2, 5, 7], 0)", "[5,7]"),
        ("ARRAY_REMOVE_AT([2, 5, 7], -1)", "[2,5]"),
        ("ARRAYS_ZIP([1, 2, 3], ['a', 'b'])", '[{"$1":1,"$2":"a"},{"$1":2,"$2":"b"},{"$1":3,"$2":null}]'),
        ("ARRAYS_TO_OBJECT(['k1', 'k2'], [1, 2])", '{"k1":1,"k2":2}'),
        ("OBJECT_INSERT(OBJECT_CONSTRUCT('a', 1, 'b', 2), 'c', 3)", '{"a":1,"b":2,"c":3}'),
        ("OBJECT_INSERT(OBJECT_CONSTRUCT('a', 1, 'b', 2), 'b', 100, TRUE)", '{"a":1,"b":100}'),
        ("OBJECT_INSERT(OBJECT_CONSTRUCT('a', 1), 'd', NULL)", '{"a":1}'),
        ("OBJECT_DELETE(OBJECT_CONSTRUCT('a', 1, 'b', 2, 'c', 3), 'a', 'b')", '{"c":3}'),
        ("OBJECT_PICK(OBJECT_CONSTRUCT('a', 1, 'b', 2, 'c', 3), 'a', 'b')", '{"a":1,"b":2}'),
        ("OBJECT_PICK(OBJECT_CONSTRUCT('a', 1, 'b', 2, 'c', 3), ARRAY_CONSTRUCT('a', 'b'))", '{"a":1,"b":2}'),
        ("GET_IGNORE_CASE(OBJECT_CONSTRUCT('aa', 1, 'aA', 2, 'Aa', 3), 'AA')", "3"),
        ("IS_DECIMAL(PARSE_JSON('1.5')) AND IS_DOUBLE(PARSE_JSON('1.5')) AND IS_CHAR(PARSE_JSON('\"a\"'))", True),
        ("AS_ARRAY(PARSE_JSON('{}'))", None),
        ("AS_DECIMAL(PARSE_JSON('1.5'), 10, 1)::VARCHAR", "1.5"),
        ("PARSE_JSON('{\"a\":null}'):a::INT", None),
        ("PARSE_JSON('\"5\"')::INT", 5),
    ],
)
def test_values_are_as_the_documentation_has_them(client, expression, value):
    assert client.one(f"SELECT {expression}") == value


@pytest.mark.parametrize(
    ("expression", "errno", "said"),
    [
        ("PARSE_JSON('not json')", 100069, 'Error parsing JSON: unknown keyword "not", pos 4'),
        ('PARSE_JSON(\'{"a":1,"a":2}\')', 100069, 'Error parsing JSON: duplicate object attribute "a", pos 8'),
        ("PARSE_JSON('\"abc\"')::INT", 100071, 'Failed to cast variant value "abc" to FIXED'),
        ("PARSE_JSON('{\"a\":1}')::DATE", 100071, 'Failed to cast variant value {"a":1} to DATE'),
        ("PARSE_JSON('[1]')::BOOLEAN", 100071, "Failed to cast variant value [1] to BOOLEAN"),
        ("PARSE_JSON('\"x\"')::TIMESTAMP_NTZ", 100071, 'Failed to cast variant value "x" to TIMESTAMP_NTZ'),
        ("OBJECT_INSERT(OBJECT_CONSTRUCT('a', 1), 'a', 2)", 100103, "Duplicate field key 'a'"),
        ("ST_MAKEPOINT(1, 2)", 2, "function ST_MAKEPOINT"),
        ("IS_DATE(TO_VARIANT(CURRENT_DATE()))", 2, "function IS_DATE"),
        ("NO_SUCH_FUNCTION(1)", 2140, "Unknown function NO_SUCH_FUNCTION"),
        ("ARRAY_SORT()", 938, "not enough arguments"),
        ("PARSE_JSON('1', 'x')", 2, "PARSE_JSON with this parameter"),
    ],
)
def test_what_cannot_be_is_said_as_snowflake_says_it(client, expression, errno, said):
    assert client.refused(f"SELECT {expression}") == errno
    assert said in client.said(f"SELECT {expression}")


def test_objects_group_whatever_the_order_of_their_members(client):
    client.execute("CREATE TABLE T (V VARIANT)")
    client.execute('INSERT INTO T SELECT PARSE_JSON(COLUMN1) FROM VALUES (\'{"a":1,"b":2}\'), (\'{"b":2,"a":1}\')')
    assert client.one("SELECT COUNT(DISTINCT V) FROM T") == 1
    assert client.one("SELECT ARRAY_SIZE(ARRAY_UNIQUE_AGG(V)) FROM T") == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [("1", "INTEGER"), ("1.50", "DECIMAL"), ("1e3", "DOUBLE"), ('"a"', "VARCHAR"), ("[]", "ARRAY"), ("{}", "OBJECT"),
     ("true", "BOOLEAN"), ("null", "NULL_VALUE")],
)  # fmt: skip
def test_the_kind_of_a_value(text, named):
    assert kind(parsed(text)) == named


@pytest.mark.parametrize("text", ["", "[", "NaN", "[1,,2]", '{"a" 1}', "[" * 100_000])
def test_what_is_no_json_is_said_to_be_none(text):
    with pytest.raises(Malformed):
        parsed(text)


def test_values_are_written_without_blanks_and_compared_by_kind():
    assert written(parsed('{"b": [1.50, "é", true, null], "a": 1e400}'.replace("1e400", "1e3"))) == (
        '{"a":1000.0,"b":[1.5,"é",true,null]}'
    )
    assert [compared({}, []), compared([1], [2]), compared(2, 1), compared("a", "a"), compared(None, None)] == [
        -1, -1, 1, 0, 0,
    ]  # fmt: skip


def test_half_a_pair_of_surrogates_is_a_question_mark(client):
    assert client.one(r"""SELECT PARSE_JSON('{"\\ud800": "a\\udc00b\\ud83d\\ude00"}')::VARCHAR""") == '{"?":"a?b😀"}'
    assert client.one(r"""SELECT PARSE_JSON('"\\ud800"')::VARCHAR""") == "?"
