# ruff: noqa: E501
"""GET_DDL's form becomes one that may run again; the object that it makes stays the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from jinja2.sandbox import ImmutableSandboxedEnvironment

from runner.sql.bodies import body_text
from runner.sql.canonical import canonical
from runner.sql.lexing import string_literal
from runner.sql.protecting import protect, read_template
from runner.sql.rerunnable import rerunnable
from runner.sql.splitting import split

JINJA = ImmutableSandboxedEnvironment(keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True)

FORMS = [
    ("TABLE", "create or replace TABLE A.B.C (\n\tX NUMBER(38,0)\n);", "CREATE TABLE IF NOT EXISTS A.B.C (\n\tX NUMBER(38,0)\n);"),
    ("TABLE", "create or replace TRANSIENT TABLE C (\n\tX INT\n);", "CREATE TRANSIENT TABLE IF NOT EXISTS C (\n\tX INT\n);"),
    ("TABLE", "CREATE TABLE IF NOT EXISTS C (X INT)", "CREATE TABLE IF NOT EXISTS C (X INT)"),
    ("DYNAMIC TABLE", "create or replace dynamic table C(X) as select 1;", "CREATE DYNAMIC TABLE IF NOT EXISTS C(X) as select 1;"),
    ("VIEW", "create or replace view C(\n\tX\n) as select 1;", "CREATE OR REPLACE VIEW C(\n\tX\n) COPY GRANTS as select 1;"),
    ("VIEW", "create or replace secure view A.COMMENT(X) COMMENT='as' as select 1;", "CREATE OR REPLACE SECURE VIEW A.COMMENT(X) COPY GRANTS COMMENT='as' as select 1;"),
    ("VIEW", "create view if not exists C copy grants as select 1", "CREATE OR REPLACE VIEW C copy grants as select 1"),
    ("VIEW", "create or replace materialized view C(X) as select 1;", "CREATE MATERIALIZED VIEW IF NOT EXISTS C(X) as select 1;"),
    ("MATERIALIZED VIEW", "create or replace materialized view C(X) as select 1;", "CREATE MATERIALIZED VIEW IF NOT EXISTS C(X) as select 1;"),
    ("SEQUENCE", "create or replace sequence S start with 1 increment by 1 noorder;", "CREATE SEQUENCE IF NOT EXISTS S start with 1 increment by 1 noorder;"),
    ("STREAM", "create or replace stream S on table T;", "CREATE STREAM IF NOT EXISTS S on table T;"),
    ("TASK", "create or replace task T\n\twarehouse=W\n\tas select 1;", "CREATE TASK IF NOT EXISTS T\n\twarehouse=W\n\tas select 1;"),
    ("FILE FORMAT", "CREATE OR REPLACE FILE FORMAT F\n\tTYPE = CSV\n;", "CREATE FILE FORMAT IF NOT EXISTS F\n\tTYPE = CSV\n;"),
    ("MASKING POLICY", "create or replace masking policy P as (V VARCHAR) returns VARCHAR -> V;", "CREATE MASKING POLICY IF NOT EXISTS P as (V VARCHAR) returns VARCHAR -> V;"),
    ("PIPE", "create or replace pipe P as COPY INTO T FROM @S;", "CREATE PIPE IF NOT EXISTS P as COPY INTO T FROM @S;"),
    ("PROCEDURE", 'CREATE OR REPLACE PROCEDURE "P"("X" NUMBER(38,0))\nRETURNS VARCHAR\nEXECUTE AS OWNER\nAS \'\nBEGIN\n  RETURN \'\'it\'\'\'\'s\'\';\nEND\n\';', 'CREATE OR REPLACE PROCEDURE "P"("X" NUMBER(38,0)) COPY GRANTS\nRETURNS VARCHAR\nEXECUTE AS OWNER\nAS\n$$\nBEGIN\n  RETURN \'it\'\'s\';\nEND\n$$;'),
    ("FUNCTION", "CREATE OR REPLACE FUNCTION F()\nRETURNS NUMBER(38,0)\nAS '1 \\\\ 2';", "CREATE OR REPLACE FUNCTION F() COPY GRANTS\nRETURNS NUMBER(38,0)\nAS $$1 \\ 2$$;"),
    ("FUNCTION", "CREATE OR REPLACE FUNCTION F() RETURNS INT AS 'a $$ b'", "CREATE OR REPLACE FUNCTION F() COPY GRANTS RETURNS INT AS 'a $$ b'"),
    ("FUNCTION", "CREATE OR REPLACE FUNCTION F() RETURNS INT AS 'a $'", "CREATE OR REPLACE FUNCTION F() COPY GRANTS RETURNS INT AS 'a $'"),
    ("FUNCTION", "create or replace external function F(X INT) returns VARIANT api_integration = I as 'https://x';", "CREATE OR REPLACE EXTERNAL FUNCTION F(X INT) returns VARIANT api_integration = I as 'https://x';"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "after"), FORMS, ids=[f"{kind} {n}" for n, (kind, *_) in enumerate(FORMS)])
def test_what_get_ddl_prints_may_run_again(kind: str, before: str, after: str) -> None:
    assert rerunnable(before, kind) == after
    assert rerunnable(after, kind) == after
    assert canonical(after) == canonical(before)
    assert body_text(after) == body_text(before)


@pytest.mark.parametrize("kind", ["TABLE", "VIEW", "PROCEDURE", "TASK"])
def test_or_alter_where_snowflake_has_it(kind: str) -> None:
    before = f"create or replace {kind.lower()} C"
    assert rerunnable(before, kind, "alter") == f"CREATE OR ALTER {kind} C"
    assert rerunnable(rerunnable(before, kind), kind, "alter") == f"CREATE OR ALTER {kind} C"


def test_a_sequence_cannot_be_altered_so() -> None:
    assert rerunnable("create or replace sequence S", "SEQUENCE", "alter") == "CREATE SEQUENCE IF NOT EXISTS S"


@pytest.mark.parametrize(
    "text", ["", "SELECT 1", "create or replace table 'never closed", "create or replace", "CREATE TABLE X(A INT)"]
)
def test_what_is_no_such_statement_is_kept(text: str) -> None:
    assert rerunnable(text, "VIEW") == text


MARKS = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{",
    "}",
    "%",
    "#",
    "raw",
    "endraw",
    " ",
    "\n",
    "\t",
    "a",
    "é",
    "{% endraw %}",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=30).map("".join))
def test_protected_text_renders_to_itself_and_reads_as_itself(text: str) -> None:
    protected = protect(text)
    assert JINJA.from_string(protected).render() == text
    reading = read_template(protected)
    assert reading.value == text
    assert "".join(protected[place : place + 1] for place in reading.places) == text


@settings(deadline=None)
@given(st.text("a'$\\\n {%#};-/\"", max_size=40))
def test_a_body_stays_what_it_is(body: str) -> None:
    ddl = f"CREATE OR REPLACE FUNCTION F()\nRETURNS INT\nLANGUAGE JAVASCRIPT\nAS {string_literal(body)};"
    made = JINJA.from_string(rerunnable(ddl, "FUNCTION")).render()
    assert body_text(made) == body
    assert canonical(made) == canonical(ddl)
    assert len(split(made)) == 1


def test_carriage_returns_of_code_go_and_those_of_texts_are_written_out() -> None:
    ddl = "CREATE OR REPLACE FUNCTION F()\r\nRETURNS VARCHAR\r\nLANGUAGE SQL\r\nAS 'select\r\n ''a\r\nb''';"
    made = rerunnable(ddl, "FUNCTION")
    assert (
        made == "CREATE OR REPLACE FUNCTION F() COPY GRANTS\nRETURNS VARCHAR\nLANGUAGE SQL\nAS\n$$select\n 'a\\r\nb'$$;"
    )
    assert canonical(made) == canonical(ddl)
    host = "CREATE OR REPLACE FUNCTION F() RETURNS INT LANGUAGE JAVASCRIPT AS 'return 1;\r\n//'"
    assert rerunnable(host, "FUNCTION").endswith("AS\n$$return 1;\n//$$")
    assert canonical(rerunnable(host, "FUNCTION")) == canonical(host)
