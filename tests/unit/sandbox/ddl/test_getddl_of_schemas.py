"""GET_DDL of a random schema, executed in an empty account, gives the same GET_DDL again."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings, strategies as st

from runner.sandbox.engine import Engine
from runner.sandbox.splitting import statements as cut
from runner.sandbox.tokens import quote_identifier, quote_string
from tests.unit.sandbox.ddl.conftest import Desk
from tests.unit.sandbox.ddl.test_getddl import NAMES, TEXTS, columns

COMMENTS = st.one_of(st.just(""), TEXTS.map(lambda text: f" COMMENT = {quote_string(text)}"))


@st.composite
def schemas(draw: st.DrawFn) -> list[str]:
    """Statements that fill a schema; everything has a name of its own."""
    managed = draw(st.sampled_from(["", " WITH MANAGED ACCESS"]))
    transient = draw(st.sampled_from(["", "TRANSIENT "]))
    statements = [f"CREATE OR REPLACE {transient}SCHEMA source.s{managed}{draw(COMMENTS)}"]
    statements += [f"CREATE SEQUENCE q{n} START {draw(st.integers(-9, 9))}{draw(COMMENTS)}" for n in range(draw(_FEW))]
    statements += [draw(_policy(n)) for n in range(draw(_FEW))]
    statements += draw(st.lists(st.sampled_from(_LOGIN_POLICIES), unique=True, max_size=2))
    statements += [f"{statement}{draw(COMMENTS)}" for statement in _GOVERNING]
    tables = draw(st.integers(1, 3))
    for number in range(tables):
        statements += draw(_table(number, len([s for s in statements if "SEQUENCE" in s])))
    statements += [draw(_view(n, tables)) for n in range(draw(_FEW))]
    statements += [draw(_routine(n)) for n in range(draw(_FEW))]
    return statements


_FEW = st.integers(0, 2)


_LOGIN_POLICIES = (
    "CREATE AUTHENTICATION POLICY lap AUTHENTICATION_METHODS = ('KEYPAIR', 'OAUTH') CLIENT_TYPES = ('DRIVERS') "
    "PAT_POLICY = (MAX_EXPIRY_IN_DAYS = 30)",
    "CREATE PASSWORD POLICY lpw PASSWORD_MIN_LENGTH = 9 COMMENT = 'it''s; so'",
    "CREATE SESSION POLICY lse SESSION_IDLE_TIMEOUT_MINS = 30 ALLOWED_SECONDARY_ROLES = ()",
)
_GOVERNING = (
    "CREATE MASKING POLICY gma AS (v VARCHAR) RETURNS VARCHAR -> v",
    "CREATE ROW ACCESS POLICY gra AS (v NUMBER) RETURNS BOOLEAN -> v > 0 OR TRUE",
    "CREATE PROJECTION POLICY gpr AS () RETURNS PROJECTION_CONSTRAINT -> "
    "CASE WHEN CURRENT_ROLE() = 'A;B' THEN PROJECTION_CONSTRAINT(ALLOW => TRUE) "
    "ELSE PROJECTION_CONSTRAINT(ALLOW => FALSE, ENFORCEMENT => 'NULLIFY') END",
    "CREATE AGGREGATION POLICY gag AS () RETURNS AGGREGATION_CONSTRAINT -> AGGREGATION_CONSTRAINT(MIN_GROUP_SIZE => 3)",
    "CREATE JOIN POLICY gjo AS () RETURNS JOIN_CONSTRAINT -> JOIN_CONSTRAINT(JOIN_REQUIRED => TRUE)",
)
_ON_LABEL = st.sampled_from(["", " MASKING POLICY gma", " PROJECTION POLICY gpr"])


@st.composite
def _wholly(draw: st.DrawFn, column: str) -> str:
    """Policies on all of a table or view."""
    clauses = [f"ROW ACCESS POLICY gra ON ({column})"]
    clauses += [f"AGGREGATION POLICY gag{each}" for each in ("", f" ENTITY KEY ({column})")]
    clauses += [f"JOIN POLICY gjo{each}" for each in ("", f" ALLOWED JOIN KEYS ({column})")]
    chosen = draw(st.lists(st.sampled_from(clauses), max_size=3, unique_by=lambda clause: clause[:4]))
    return "".join(f" WITH {clause}" for clause in sorted(chosen, reverse=True))


@st.composite
def _policy(draw: st.DrawFn, number: int) -> str:
    body = draw(
        st.sampled_from(["v", "CASE WHEN CURRENT_ROLE() = 'A;B' THEN v ELSE '*' END", "'x' -- it's hidden; so"])
    )
    return f"CREATE MASKING POLICY m{number} AS (v VARCHAR) RETURNS VARCHAR -> {body}\n{draw(COMMENTS)}"


@st.composite
def _table(draw: st.DrawFn, number: int, sequences: int) -> list[str]:
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=str.casefold))
    items = ["id INT" + (" DEFAULT q0.NEXTVAL" if sequences and draw(st.booleans()) else "")]
    items += ["label VARCHAR" + draw(_ON_LABEL)]
    items += [draw(columns(name)) for name in names]
    if draw(st.booleans()):
        items.append("PRIMARY KEY (id)")
        if number and draw(st.booleans()):
            items.append(f"CONSTRAINT {quote_identifier(draw(NAMES))} FOREIGN KEY (id) REFERENCES t{number} (id)")
    cluster = f" CLUSTER BY ({quote_identifier(names[0])}, id)" if draw(st.booleans()) else ""
    made = [f"CREATE TABLE t{number} ({', '.join(items)}){cluster}{draw(_wholly('id'))}{draw(COMMENTS)}"]
    if draw(st.booleans()):
        made.append(f"ALTER TABLE t{number} ADD UNIQUE (label)")
    if draw(st.booleans()):
        made.append(f"ALTER TABLE t{number} SET CHANGE_TRACKING = TRUE MAX_DATA_EXTENSION_TIME_IN_DAYS = 9")
    return made


@st.composite
def _view(draw: st.DrawFn, number: int, tables: int) -> str:
    secure = draw(st.sampled_from(["", "SECURE "]))
    source = f"v{number - 1}" if number and draw(st.booleans()) else f"t{draw(st.integers(0, tables - 1))}"
    comment = draw(TEXTS.map(quote_string))
    said = f"{draw(_wholly('id'))}{draw(COMMENTS)}"
    head = f'CREATE {secure}VIEW v{number} (id COMMENT {comment}, "la bel"{draw(_ON_LABEL)}){said} AS SELECT * FROM '
    return head + (source if source.startswith("v") else f"(SELECT id, label FROM {source})")


@st.composite
def _routine(draw: st.DrawFn, number: int) -> str:
    text = quote_string(draw(TEXTS))
    if draw(st.booleans()):
        body = quote_string(f"SELECT {text} || a")
        return f"CREATE FUNCTION f{number}(a VARCHAR) RETURNS VARCHAR{draw(COMMENTS)} AS {body}"
    body = quote_string(f"BEGIN\n  LET x := {text}; -- it's\n  RETURN x;\nEND")
    caller = draw(st.sampled_from(["CALLER", "OWNER"]))
    arguments = f"a DATE, b VARCHAR DEFAULT {text}"
    return f"CREATE PROCEDURE p{number}({arguments}) RETURNS VARCHAR LANGUAGE SQL EXECUTE AS {caller} AS {body}"


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(statements=schemas())
def test_the_text_of_a_schema_makes_it_again(organization: Engine, statements: list[str]) -> None:
    desk = Desk(organization, organization.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH"))
    try:
        desk.run("CREATE OR REPLACE DATABASE source", *statements)
        for kind, name in (("DATABASE", "source"), ("SCHEMA", "source.s")):
            first = desk.ddl(kind, name)
            desk.run("DROP DATABASE source" if kind == "DATABASE" else "DROP SCHEMA source.s", *cut(first))
            assert desk.ddl(kind, name) == first
    finally:
        desk.run("DROP DATABASE IF EXISTS source")
        organization.logout(desk.session)


def test_a_policy_has_its_text(desk: Desk) -> None:
    desk.run("CREATE ROW ACCESS POLICY r AS (x VARCHAR) RETURNS BOOLEAN -> x = 'a;b' COMMENT = 'c'")
    text = desk.ddl("POLICY", "r")
    assert text == "create or replace row access policy R as (x VARCHAR)\nreturns BOOLEAN ->\nx = 'a;b'\nCOMMENT='c';"
    desk.run(text)
    assert desk.ddl("POLICY", "d.s.r") == text
