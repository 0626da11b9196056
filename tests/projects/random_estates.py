"""Random estates: accounts as nobody would make them, every one of which must travel or be refused by name.

An estate is drawn object by object, each over what was drawn before it, and written as the SQL that makes it. Names
are odd, and each place names an object in full, by its schema, or alone, in any spelling that Snowflake takes for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

Draw = Callable[..., object]

ODD = (
    "a.b", "it's", 'quo"ted', "semi;colon", "-- dashes", "// slashes", "/* stars */", "$$", "{{ env.database }}",
    "{% raw %}", "{# c #}", "%s", "back\\slash", "größe", "日本", "😀", " blank ", "1st", "lower", "Mixed Case", "@at",
)  # fmt: skip
RESERVED = ("ORDER", "SELECT", "TABLE", "GROUP", "CASE", "FROM")
PLAIN = ("T", "STOCKS", "X1", "PROD_DB", "PUBLIC_", "V$1", "_U", "DATA", "VALUE", "NAME", "DATE_", "KIND")

TYPES = {
    "NUMBER(38,0)": ("0", "-7", "99999999999999999999999999999999999999"),
    "NUMBER(10,2)": ("1.25", "-0.01"),
    "FLOAT": ("0.5::FLOAT", "-0.0::FLOAT", "1e300::FLOAT"),
    "VARCHAR": ("''", "'it''s'", "'PROD_DB.S.T'", "'{{ x }}'", "'日本 😀'", "'a;b -- c'"),
    "VARCHAR(40)": ("'x'", "' '"),
    "BOOLEAN": ("TRUE", "FALSE"),
    "DATE": ("'2024-02-29'::DATE", "'0001-01-01'::DATE"),
    "TIMESTAMP_NTZ(9)": ("'2024-03-31 02:30:00.123456'::TIMESTAMP_NTZ",),
    "TIMESTAMP_TZ(9)": ("TO_TIMESTAMP_TZ('2024-03-31 02:30:00 +0530')",),
    "TIMESTAMP_LTZ(9)": ("'2024-01-01 00:00:00 +0000'::TIMESTAMP_LTZ",),
    "TIME(9)": ("'23:59:59'::TIME",),
    "BINARY": ("TO_BINARY('CAFE', 'HEX')",),
    "VARIANT": ('PARSE_JSON(\'{"a": [1, null, "PROD_DB"]}\')', "PARSE_JSON('null')"),
    "ARRAY": ("ARRAY_CONSTRUCT(1, 'two', NULL)",),
    "OBJECT": ("OBJECT_CONSTRUCT('k', 'v; ''w''')",),
}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True)
class Thing:
    """One object: what it is, where it stands, and what others may ask of it."""

    kind: str
    schema: str
    name: str
    columns: tuple[tuple[str, str], ...] = ()
    arguments: str = ""


@dataclass
class Drawn:
    """The estate so far. ``{db}`` in a statement is the source's database."""

    database: str
    schemas: tuple[str, ...]
    things: list[Thing] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Thing]:
        return [thing for thing in self.things if thing.kind in kinds]

    @property
    def views(self) -> list[Thing]:
        return self.of("VIEW")

    @property
    def calls(self) -> list[str]:
        """A CALL of every procedure, with the database to be filled in."""
        return [
            f"CALL {{database}}.{quoted(one.schema)}.{quoted(one.name)}({'1' if one.arguments else ''})"
            for one in self.of("PROCEDURE")
        ]

    def __repr__(self) -> str:
        return ";\n".join(self.statements)


names = st.one_of(
    st.sampled_from(PLAIN), st.sampled_from(PLAIN), st.sampled_from(ODD), st.sampled_from(RESERVED),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=("Cc",)), min_size=1, max_size=9),
)  # fmt: skip


def fresh(draw: Draw, taken: set[str]) -> str:
    """A name that no other has, not even in another case; names that differ by case alone are among the traps."""
    name = str(draw(names))
    while name.upper() in taken or not name.strip():
        name = f"{name}{len(taken)}"
    taken.add(name.upper())
    return name


def spelled(draw: Draw, name: str) -> str:
    """The name in one of the spellings that mean it."""
    if re.fullmatch(r"[A-Z_][A-Z0-9_$]*", name) and name not in RESERVED:
        return str(draw(st.sampled_from([name, name.lower(), name.capitalize(), quoted(name)])))
    return quoted(name)


def named(draw: Draw, drawn: Drawn, thing: Thing, home: str) -> str:
    """The object as it may be named from ``home``: in full, by its schema, or alone."""
    forms = [(drawn.database, thing.schema, thing.name), (thing.schema, thing.name)]
    if thing.schema == home:
        forms.append((thing.name,))
    return ".".join(spelled(draw, part) for part in draw(st.sampled_from(forms)))


def full(drawn: Drawn, schema: str, name: str) -> str:
    return f"{quoted(drawn.database)}.{quoted(schema)}.{quoted(name)}"


@st.composite
def estates(draw: Draw, database: str = "PROD_DB") -> Drawn:
    """An estate of one to three schemas and up to about twenty objects."""
    taken: set[str] = {"PUBLIC", "INFORMATION_SCHEMA"}
    schemas = tuple(fresh(draw, taken) for _ in range(draw(st.integers(1, 3))))
    drawn = Drawn(database, schemas)
    drawn.statements += [f"CREATE SCHEMA {quoted(database)}.{quoted(schema)}" for schema in schemas]
    steps: Sequence[tuple[Callable[[Draw, Drawn, str, str], None], int]] = (
        (sequence, 2), (policy, 1), (tag, 1), (table, 4), (function, 2), (view, 4), (dynamic, 1), (stream, 1),
        (procedure, 3), (task, 1),
    )  # fmt: skip
    for make, most in steps:
        for _ in range(draw(st.integers(1 if make is table else 0, most))):
            make(draw, drawn, str(draw(st.sampled_from(schemas))), fresh(draw, taken))
    return drawn


def sequence(draw: Draw, drawn: Drawn, schema: str, name: str) -> None:
    drawn.statements.append(
        f"CREATE SEQUENCE {full(drawn, schema, name)} START = {draw(st.integers(1, 9))} INCREMENT = 2"
    )
    drawn.things.append(Thing("SEQUENCE", schema, name))


def policy(draw: Draw, drawn: Drawn, schema: str, name: str) -> None:
    """It shows the administrator everything: what is compared is what he sees."""
    drawn.statements.append(
        f"CREATE MASKING POLICY {full(drawn, schema, name)} AS (V VARCHAR) RETURNS VARCHAR ->"
        " CASE WHEN CURRENT_ROLE() = 'ACCOUNTADMIN' THEN V ELSE '{{ hidden }}' END"
    )
    drawn.things.append(Thing("POLICY", schema, name))


def tag(draw: Draw, drawn: Drawn, schema: str, name: str) -> None:
    drawn.statements.append(f"CREATE TAG {full(drawn, schema, name)} COMMENT = 'in PROD_DB; {{{{ x }}}}'")
    drawn.things.append(Thing("TAG", schema, name))


def table(draw: Draw, drawn: Drawn, schema: str, name: str) -> None:
    """A key, some columns of any type, perhaps a default from a sequence, a foreign key, a policy, a tag; some rows."""
    taken = {"ID", "UP", "AUTO"}
    columns = [(fresh(draw, taken), str(draw(st.sampled_from(sorted(TYPES))))) for _ in range(draw(st.integers(0, 5)))]
    lines = ["ID NUMBER(38,0) NOT NULL", *(f"{quoted(column)} {kind}" for column, kind in columns)]
    if (sequences := drawn.of("SEQUENCE")) and draw(st.booleans()):
        chosen = draw(st.sampled_from(sequences))
        lines.append(f"AUTO NUMBER(38,0) DEFAULT {full(drawn, chosen.schema, chosen.name)}.NEXTVAL")
    lines.append("PRIMARY KEY (ID)")
    if (others := drawn.of("TABLE")) and draw(st.booleans()):
        other = draw(st.sampled_from(others))
        lines.insert(1, "UP NUMBER(38,0)")
        lines.append(f"FOREIGN KEY (UP) REFERENCES {full(drawn, other.schema, other.name)} (ID)")
    where = full(drawn, schema, name)
    drawn.statements.append(f"CREATE TABLE {where} ({', '.join(lines)}) COMMENT = 'it''s {{{{ PROD_DB }}}}; -- x'")
    if columns:
        inside = ", ".join(quoted(column) for column, _ in columns)
        for number in range(draw(st.integers(1, 3))):
            values = ", ".join(_value(draw, kind) for _, kind in columns)
            drawn.statements.append(f"INSERT INTO {where} (ID, {inside}) SELECT {number}, {values}")
    else:
        drawn.statements.append(f"INSERT INTO {where} (ID) VALUES (1), (2)")
    thing = Thing("TABLE", schema, name, tuple(columns))
    drawn.things.append(thing)
    _governed(draw, drawn, thing)


def _value(draw: Draw, kind: str) -> str:
    return str(draw(st.sampled_from(("NULL", *TYPES[kind]))))


def _governed(draw: Draw, drawn: Drawn, thing: Thing) -> None:
    where = full(drawn, thing.schema, thing.name)
    texts = [column for column, kind in thing.columns if kind == "VARCHAR"]
    if texts and (policies := drawn.of("POLICY")) and draw(st.booleans()):
        chosen = draw(st.sampled_from(policies))
        mask = full(drawn, chosen.schema, chosen.name)
        drawn.statements.append(f"ALTER TABLE {where} MODIFY COLUMN {quoted(texts[0])} SET MASKING POLICY {mask}")
    if (tags := drawn.of("TAG")) and draw(st.booleans()):
        chosen = draw(st.sampled_from(tags))
        drawn.statements.append(
            f"ALTER TABLE {where} SET TAG {full(drawn, chosen.schema, chosen.name)} = 'PROD_DB; it''s'"
        )


def wrapped(draw: Draw, body: str) -> str:
    """The body in dollars where it holds none, or as a string."""
    if "$$" not in body and draw(st.booleans()):
        return f"$${body}$$"
    return "'" + body.replace("\\", "\\\\").replace("'", "''") + "'"


def function(draw: Draw, drawn: Drawn, schema: str, name: str) -> None:
    """Of one argument: arithmetic, or a question to a table."""
    tables = drawn.of("TABLE")
    body = "X * 2 -- PROD_DB"
    if tables and draw(st.booleans()):
        body = f"SELECT COUNT(*) + MAX(X) FROM {named(draw, drawn, draw(st.sampled_from(tables)), schema)}"
    text = wrapped(draw, f" {body}\n")
    drawn.statements.append(f"CREATE FUNCTION {full(drawn, schema, name)}(X NUMBER) RETURNS NUMBER AS {text}")
    drawn.things.append(Thing("FUNCTION", schema, name, arguments="X"))


def view(draw: Draw, drawn: Drawn, schema: str, name: str) -> None:
    """Over one or two tables and views, perhaps through a function; its texts and comments name the database."""
    first = draw(st.sampled_from(drawn.of("TABLE", "VIEW")))
    columns = "a.ID"
    if (functions := drawn.of("FUNCTION")) and draw(st.booleans()):
        columns = f"{named(draw, drawn, draw(st.sampled_from(functions)), schema)}(a.ID) AS ID"
    tail = ""
    if draw(st.booleans()):
        second = draw(st.sampled_from(drawn.of("TABLE", "VIEW")))
        tail = f" LEFT JOIN {named(draw, drawn, second, schema)} AS prod_db ON prod_db.ID = a.ID"
    source = named(draw, drawn, first, schema)
    drawn.statements.append(
        f"CREATE {draw(st.sampled_from(['', 'SECURE ']))}VIEW {full(drawn, schema, name)} COMMENT = 'PROD_DB.X.Y' AS\n"
        f"-- from PROD_DB\nSELECT {columns}, 'it''s PROD_DB {{{{ x }}}}' AS TXT FROM {source} AS a{tail}"
    )
    drawn.things.append(Thing("VIEW", schema, name))


def dynamic(draw: Draw, drawn: Drawn, schema: str, name: str) -> None:
    source = named(draw, drawn, draw(st.sampled_from(drawn.of("TABLE"))), schema)
    drawn.statements.append(
        f"CREATE DYNAMIC TABLE {full(drawn, schema, name)} TARGET_LAG = '1 day' WAREHOUSE = SOURCE_WH"
        f" AS SELECT ID FROM {source}"
    )


def stream(draw: Draw, drawn: Drawn, schema: str, name: str) -> None:
    source = draw(st.sampled_from(drawn.of("TABLE")))
    drawn.statements.append(
        f"CREATE STREAM {full(drawn, schema, name)} ON TABLE {full(drawn, source.schema, source.name)}"
    )


def procedure(draw: Draw, drawn: Drawn, schema: str, name: str) -> None:
    """Counts a table or view, writes a row where a table has no more than its key, and calls an older one."""
    relation = draw(st.sampled_from(drawn.of("TABLE", "VIEW")))
    lines = [f"    SELECT COUNT(*) INTO :n FROM {named(draw, drawn, relation, schema)}; // PROD_DB"]
    if draw(st.booleans()):
        target = draw(st.sampled_from(drawn.of("TABLE")))
        lines.append(f"    INSERT INTO {named(draw, drawn, target, schema)} (ID) VALUES (77);")
    if (older := drawn.of("PROCEDURE")) and draw(st.booleans()):
        lines.append(f"    CALL {named(draw, drawn, draw(st.sampled_from(older)), schema)}(:N0 - 1) INTO :m;")
    body = "\nDECLARE\n    n NUMBER DEFAULT 0;\n    m VARCHAR DEFAULT '{{ PROD_DB }}';\nBEGIN\n" + "\n".join(lines)
    body += "\n    RETURN n || m || 'it''s PROD_DB';\nEND;\n"
    text = wrapped(draw, body)
    drawn.statements.append(
        f"CREATE PROCEDURE {full(drawn, schema, name)}(N0 NUMBER) RETURNS VARCHAR LANGUAGE SQL"
        f" EXECUTE AS OWNER AS {text}"
    )
    drawn.things.append(Thing("PROCEDURE", schema, name, arguments="N0"))


def task(draw: Draw, drawn: Drawn, schema: str, name: str) -> None:
    if procedures := drawn.of("PROCEDURE"):
        called = draw(st.sampled_from(procedures))
        drawn.statements.append(
            f"CREATE TASK {full(drawn, schema, name)} WAREHOUSE = SOURCE_WH SCHEDULE = '60 MINUTE'"
            f" COMMENT = 'it''s {{{{ x }}}}' AS CALL {full(drawn, called.schema, called.name)}(1)"
        )
