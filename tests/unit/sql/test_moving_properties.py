# ruff: noqa: E501
"""What holds for moving whatever the object is: once is enough, the way back is exact, the rest is not touched."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st
from jinja2.sandbox import ImmutableSandboxedEnvironment

from runner.core.names import Identifier
from runner.sql.canonical import canonical
from runner.sql.mentions import mentions
from runner.sql.moving import Moved, Names, move
from runner.sql.rerunnable import rerunnable
from runner.sql.splitting import split
from tests.unit.sql.objects import DATABASE, OBJECTS, SCHEMAS, Made, objects

JINJA = ImmutableSandboxedEnvironment(keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True)
PREFIXES = {(DATABASE, schema): f"{{{{ s{n} }}}}" for n, schema in enumerate(SCHEMAS)}
SOURCE = {f"s{n}": f"{DATABASE}.{Identifier(schema).sql}" for n, schema in enumerate(SCHEMAS)}
SCHEMA_NAMES = {schema: f"NEW {schema}" for schema in SCHEMAS[1:]}
OBJECT_NAMES = {name: f"{name}_2" for name in OBJECTS[1::2]}


def template(home: tuple[str, str]) -> Names:
    return Names({DATABASE: "{{ s0 }}"}, PREFIXES, {}, {}, {}, home)


def renaming(home: tuple[str, str]) -> Names:
    objects = {(DATABASE, schema, old): new for schema in SCHEMAS for old, new in OBJECT_NAMES.items()}
    schemas = {(DATABASE, old): new for old, new in SCHEMA_NAMES.items()}
    return Names({DATABASE: "DEV_DB"}, {}, schemas, objects, {}, home)


def back(home: tuple[str, str]) -> Names:
    moved = {schema: SCHEMA_NAMES.get(schema, schema) for schema in SCHEMAS}
    objects = {("DEV_DB", schema, new): old for schema in moved.values() for old, new in OBJECT_NAMES.items()}
    schemas = {("DEV_DB", new): old for old, new in SCHEMA_NAMES.items()}
    return Names({"DEV_DB": DATABASE}, {}, schemas, objects, {}, ("DEV_DB", moved[home[1]]))


def unquoted(ddl: str) -> str:
    """The one form of a DDL; names in texts may have got quotes that change nothing."""
    return canonical(ddl).replace('"', "")


def applied(text: str, moved: Moved) -> str:
    """The text with its edits made by their lines and columns alone."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    parts, position = [], 0
    for edit in moved.edits:
        start = starts[edit.line - 1] + edit.column - 1
        assert text[start : start + len(edit.before)] == edit.before
        parts += [text[position:start], edit.after]
        position = start + len(edit.before)
    return "".join([*parts, text[position:]])


@settings(deadline=None)
@given(objects())
def test_as_a_template_it_renders_to_the_source_again(made: Made) -> None:
    text = rerunnable(made.ddl, made.kind)
    moved = move(text, template(made.home))
    rendered = JINJA.from_string(moved.text).render(SOURCE)
    assert canonical(rendered) == canonical(made.ddl)
    assert len(split(rendered)) == len(split(made.ddl)) == 1
    assert move(moved.text, template(made.home)).text == moved.text
    assert applied(text, moved) == moved.text


@settings(deadline=None)
@given(objects())
def test_renamed_and_renamed_back_it_is_the_source_again(made: Made) -> None:
    text = rerunnable(made.ddl, made.kind)
    moved = move(text, renaming(made.home))
    assert move(moved.text, renaming(made.home)).text == moved.text
    assert applied(text, moved) == moved.text
    assert len(split(moved.text)) == 1
    returned = JINJA.from_string(move(moved.text, back(made.home)).text).render()
    assert unquoted(returned) == unquoted(made.ddl)


@settings(deadline=None)
@given(objects())
def test_mentions_stand_where_they_say(made: Made) -> None:
    lines = made.ddl.split("\n")
    found = mentions(made.ddl)
    assert list(found) == sorted(found)
    for mention in found:
        assert made.ddl[mention.start :].startswith(mention.text)
        assert "\n".join(lines[mention.line - 1 :])[mention.column - 1 :].startswith(mention.text)
        assert 1 <= len(mention.parts) <= 3


SOUP = """SELECT FROM JOIN WITH AS ( ) , ; . * = => || @ : :: INTO INSERT UPDATE SET MERGE USING DELETE CALL USE DATABASE
SCHEMA TABLE VIEW TASK AFTER ROLE TAG POLICY WAREHOUSE CLONE SWAP ON IN GRANT TO IF NOT EXISTS COLUMN LIKE CREATE OR REPLACE
PROCEDURE P() LANGUAGE JAVASCRIPT PYTHON BEGIN END COPY GRANTS PROD_DB.MART.DIM prod_db "PROD_DB" MART.T T PROD_DB..T
T.NEXTVAL IDENTIFIER 'PROD_DB.MART.T' 'PROD_DB' SHARE FORMAT_NAME IMPORTS % / 1 -> é {{ }} {{s0}} {% %}"""
WORDS = SOUP.split()
TEXTS = [
    "'SELECT * FROM PROD_DB.MART.T'", "$$ x = `FROM PROD_DB.MART.T`; $$", "'BEGIN DELETE FROM PROD_DB.MART.T; END'", "\n",
    "-- PROD_DB\n", "/* PROD_DB */", "{% raw %}", "{% endraw %}", "CREATE PROCEDURE P() RETURNS INT LANGUAGE JAVASCRIPT AS",
]  # fmt: skip
OPENERS = ["'", '"', "/*", "$$"]
pieces = st.sampled_from([*WORDS, *TEXTS])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(pieces, max_size=40).map(" ".join),
    st.sampled_from(["", "", "", *OPENERS]),
    st.sampled_from(["VIEW", "PROCEDURE", "TABLE", "TASK"]),
)
def test_whatever_the_text_is_nothing_breaks_and_nothing_else_changes(text: str, end: str, kind: str) -> None:
    text += end
    mentions(text)
    safe = rerunnable(text, kind)
    for names in (template((DATABASE, "MART")), renaming((DATABASE, "MART"))):
        for ddl in (text, safe):
            moved = move(ddl, names)
            assert applied(ddl, moved) == moved.text
    JINJA.from_string(move(safe, template((DATABASE, "MART"))).text).render(SOURCE)
