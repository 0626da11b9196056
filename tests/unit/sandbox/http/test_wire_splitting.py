import pytest

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.http.bulk import placeholders, shares_of
from runner.sandbox.splitting import counted, statements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select 1", ["select 1"]),
        ("select 1;", ["select 1"]),
        ("select 1; select ';'; ", ["select 1", "select ';'"]),
        (";;select 1;;", ["select 1"]),
        ("begin; select 1; commit", ["begin", "select 1", "commit"]),
        ("begin transaction; commit;", ["begin transaction", "commit"]),
        ("begin name t; commit;", ["begin name t", "commit"]),
        ("begin let x := 1; return x; end; select 2", ["begin let x := 1; return x; end", "select 2"]),
        ("declare x int; begin return 1; end; select 2", ["declare x int; begin return 1; end", "select 2"]),
        (
            "begin if (true) then select 1; end if; return case when 1=1 then 2 end; end; select 3",
            ["begin if (true) then select 1; end if; return case when 1=1 then 2 end; end", "select 3"],
        ),
        (
            "create or replace procedure p() returns int language sql as begin return 1; end; call p()",
            ["create or replace procedure p() returns int language sql as begin return 1; end", "call p()"],
        ),
        ("create procedure p() returns int as $$ begin return 1; end $$; call p()", None),
        ("-- only ; a comment\n", []),
        ("/* ; */ select 1", ["select 1"]),
        ("begin case (x) when 1 then select 1; end case; end; select 3", None),
        ("begin begin select 1; end; exception when other then return 0; end; select 1", None),
    ],
)
def test_a_semicolon_inside_a_block_or_a_string_ends_nothing(text: str, expected: list[str] | None) -> None:
    found = statements(text)

    assert found == expected if expected is not None else len(found) == 2


def test_the_number_of_statements_is_held_against_what_was_declared() -> None:
    assert counted("select 1; select 2", 2) == ["select 1", "select 2"]
    assert counted("select 1; select 2", 0) == ["select 1", "select 2"]
    with pytest.raises(SnowflakeError, match="Actual statement count 2 did not match the desired statement count 1"):
        counted("select 1; select 2", 1)


@pytest.mark.parametrize("text", ["", " ; ", "-- nothing", "/* nothing */"])
def test_a_text_without_a_statement_is_refused(text: str) -> None:
    with pytest.raises(SnowflakeError, match="Empty SQL statement") as caught:
        counted(text, 1)

    assert (caught.value.errno, caught.value.sqlstate) == (900, "42601")


def test_values_are_shared_out_by_placeholders() -> None:
    assert shares_of(["select ?", "select '?'", "select ?, ?"], [1, 2, 3]) == [[1], None, [2, 3]]
    assert placeholders("select '?', ? -- ?") == 1
