# ruff: noqa: E501
"""Random objects as GET_DDL prints them: every kind, names with every character, bodies in quotes, texts that lie."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from runner.core.names import Identifier
from runner.sql.lexing import string_literal

DATABASE = "PROD_DB"
SCHEMAS = ("MART", "SRC", "odd schema", "{{ s }}", 'q"t')
OBJECTS = (
    "DIM",
    "FACT",
    "T",
    "lower",
    "FROM",
    "a.b",
    "it's",
    "--",
    "/*",
    "{% raw %}",
    "$$x$$",
    "é",
    "PROD_DB",
    "x{{y}}",
)

names = st.sampled_from(OBJECTS)
schemas = st.sampled_from(SCHEMAS)
words = st.sampled_from(
    ["prod_db", "source: PROD_DB", "it's", "PROD_DB.MART.DIM", "a\\b", "{{ x }}", "{%", "$$", "", "\n", "--", "é", "/*"]
)
texts = words.map(string_literal)
comments = st.sampled_from([" ", "\n", " -- PROD_DB.MART.T\n", " /* {{ PROD_DB }} */ ", " // prod_db 'x\n", "\t"])


@dataclass(frozen=True)
class Made:
    """One object's DDL, its kind and the schema it lives in."""

    ddl: str
    kind: str
    home: tuple[str, str]


@st.composite
def written(draw: st.DrawFn, name: str) -> str:
    """A stored name as somebody writes it."""
    identifier = Identifier(name)
    if identifier.sql == name and draw(st.booleans()):
        return draw(st.sampled_from([name, name.lower(), name.capitalize(), f'"{name}"']))
    return identifier.sql


@st.composite
def references(draw: st.DrawFn, home: str, *, full: bool = False) -> str:
    """An object of some schema: by three parts, by two, or by one where it is at home."""
    schema, name = draw(schemas), draw(names)
    parts = [DATABASE, schema, name][0 if full else draw(st.integers(0, 2 if schema == home else 1)) :]
    dot = draw(st.sampled_from([".", ".", ".", " . "]))
    return dot.join([draw(written(part)) for part in parts])


@st.composite
def as_text(draw: st.DrawFn) -> str:
    """A name where only text can stand; in full, and as Snowflake would print it."""
    return string_literal(".".join(Identifier(part).sql for part in (DATABASE, draw(schemas), draw(names))))


@st.composite
def queries(draw: st.DrawFn, home: str) -> str:
    one, two, three = (draw(references(home)) for _ in range(3))
    text, gap, said, told = draw(texts), draw(comments), draw(as_text()), draw(as_text())
    return draw(
        st.sampled_from(
            [
                f"select a.x, {text} as y{gap}from {one} a join {two} as b on a.x = b.x",
                f"select {one}.x{gap}from {one}, {two} where exists (select 1 from {three} t where t.x = {one}.x)",
                f"with t as (select * from {one}), u (x) as (select t.x from t) select u.x, prod_db.y from u, {two} prod_db",
                f"select * from {one} union all{gap}select {three}(x, {text}) from (select x from {two})",
                f"select v:prod_db.mart.x::prod_db, {text} from {one}, lateral flatten(input => v) f{gap}where f.x in ({text})",
                f"select * from identifier({said}) join table({told}) q on q.x = {text}",
                f"select $1, {text} from @{one}/prod_db/x (file_format => {said}) s",
            ]
        )
    )


@st.composite
def bodies(draw: st.DrawFn, home: str) -> str:
    one, two, text = draw(references(home)), draw(references(home)), draw(texts)
    query = draw(queries(home))
    return draw(
        st.sampled_from(
            [
                f"BEGIN\n  INSERT INTO {one} (x) {query};\n  RETURN {text};\nEND",
                f"DECLARE\n  c CURSOR FOR {query};\nBEGIN\n  MERGE INTO {one} t USING {two} s ON t.x = s.x WHEN MATCHED THEN DELETE;\nEND;\n",
                f"BEGIN\n  EXECUTE IMMEDIATE {text};\n  CALL {one}({text});\n  CREATE TABLE {two} AS {query};\nEND",
                query,
            ]
        )
    )


@st.composite
def objects(draw: st.DrawFn) -> Made:
    """Any object; its own name is written in full."""
    home, name = draw(schemas), draw(names)
    own = ".".join(Identifier(part).sql for part in (DATABASE, home, name))
    one, two, text = draw(references(home, full=True)), draw(references(home, full=True)), draw(texts)
    query, body, said = draw(queries(home)), draw(bodies(home)), draw(as_text())
    made = {
        "TABLE": f"create or replace TABLE {own} (\n\tID NUMBER(38,0) NOT NULL DEFAULT {one}.NEXTVAL,\n\tV VARCHAR(9) WITH MASKING POLICY {two} "
        f"COMMENT {text},\n\tforeign key (ID) references {two}(ID)\n)WITH TAG ({one}={text}) COMMENT={text}\n;",
        "VIEW": f"create or replace secure view {own}(\n\tX,\n\tY\n) COMMENT={text} as {query};",
        "DYNAMIC TABLE": f"create or replace dynamic table {own}(\n\tX\n) target_lag = '1 hour' refresh_mode = AUTO initialize = ON_CREATE warehouse = WH\n as {query};",
        "PROCEDURE": f'CREATE OR REPLACE PROCEDURE {own}("A" NUMBER(38,0), "B" VARCHAR DEFAULT {text})\nRETURNS VARCHAR\nLANGUAGE SQL\nCOMMENT={text}\nEXECUTE AS OWNER\nAS {string_literal(body)};',
        "FUNCTION": f'CREATE OR REPLACE FUNCTION {own}("A" NUMBER(38,0))\nRETURNS VARCHAR\nLANGUAGE {draw(st.sampled_from(["SQL", "JAVASCRIPT"]))}\nAS {string_literal(query)};',
        "TASK": f"create or replace task {own}\n\twarehouse=WH\n\tschedule={text}\n\twhen SYSTEM$STREAM_HAS_DATA({said})\n\tas insert into {one} {query};",
        "STREAM": f"create or replace stream {own} on table {one} append_only = true;",
        "PIPE": f"create or replace pipe {own} as COPY INTO {one} FROM @{two}/prod_db FILE_FORMAT = (FORMAT_NAME = {said});",
        "SEQUENCE": f"create or replace sequence {own} start with 1 increment by 1 noorder COMMENT={text};",
        "MASKING POLICY": f"create or replace masking policy {own} as (V VARCHAR) returns VARCHAR ->\ncase when exists ({query}) then {text} else {one}(V) end;",
    }  # fmt: skip
    kind = draw(st.sampled_from(sorted(made)))
    return Made(made[kind], kind, (DATABASE, home))
