"""A project with a plan in it that no account was asked for."""

from __future__ import annotations

import hashlib
from pathlib import Path

from runner.authoring.closing import Need, united
from runner.authoring.questions import of_dependency
from runner.authoring.record import Entry, Origin, Record, Step, Written
from runner.catalog.estate import Column, Evidence, Found, Gap, Grant, Key, Place
from runner.commands.workspace import Door
from runner.project.migration import read_migration
from runner.sql.moving import Edit, Seen
from tests.unit.authoring.sample import edge, table, view

CONFIG = "account: acme-{name}\nuser: svc\nrole: deployer\nwarehouse: wh\ndatabase: {name}_db\nschemas: [s]\n"
ASKED = "# what travels\nsource: prod\ntarget: dev\nselect:\n  tables: [s.t]   # the table\n  views: [s.v]\n"
SCRIPT = "versions/V001__ddl.sql"
TEXT = "SELECT 1;\n"
T, V = table("T", "S"), view("V", "S")
QUESTION = of_dependency(V, T, (Place(3, 1, "'S.T'"),))


def project(root: Path, **record: object) -> Door:
    """Two environments, a migration's file, a plan `p` with a table and a view, and its one script."""
    files = {
        "config/prod.yaml": CONFIG.format(name="prod"),
        "config/dev.yaml": CONFIG.format(name="dev"),
        "config/migration.yaml": ASKED,
        SCRIPT: TEXT,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    kept = recorded(root, **record)
    (root / "plans").mkdir(exist_ok=True)
    (root / kept.path).write_text(kept.text)
    return Door(root, {}, {})


def recorded(root: Path, **given: object) -> Record:
    entries = (Entry(found_table(), "asked for: s.t"), found_view())
    needs = united([edge(V, T, Evidence.PARSED, places=(Place(2, 15, "T"),)), edge(V, T, Evidence.CATALOG)])
    file = Written(SCRIPT, hashlib.sha256(TEXT.encode()).hexdigest())
    values = {"gaps": (Gap("lineage", "account", "000002: no\nfeature"),)} | given
    values.setdefault("steps", (step_of(root, *entries, needs=needs, files=(file,)),))
    return Record("p", read_migration(root), Origin("prod", "ACME", "PROD", "DB"), **values)  # type: ignore[arg-type]


def step_of(root: Path, *entries: Entry, needs: tuple[Need, ...] = (), files: tuple[Written, ...] = ()) -> Step:
    """The first step of a plan that holds these."""
    order = tuple(entry.found.address for entry in entries)
    return Step(
        number=1, prefix="", first_version=1, digits=3, owns_share=True, asked=read_migration(root), roles={},
        entries=entries, order=order, needs=needs, files=files,
    )  # fmt: skip


def found_table(rows: int = 1000, size: int = 50_000) -> Found:
    return Found(
        T, "OWNER", "create or replace TABLE DB.S.T (\n\tID NUMBER(38,0)\n);", columns=(Column("ID", "NUMBER(38,0)"),),
        keys=(Key("PRIMARY", ("ID",)),), grants=(Grant("SELECT", "ROLE", "READER"),), rows=rows, bytes=size,
    )  # fmt: skip


def found_view() -> Entry:
    found = Found(V, "OWNER", "create or replace view DB.S.V as\nselect * from T -- of DB;")
    return Entry(
        found, "needed by S.X", (Edit(1, 24, "database", "DB", "{{ env.database | ident }}", "a database"),),
        (Seen(2, 20, "comment", "DB", "a comment"), Seen(2, 5, "string", "'DB.S.T'", "a text", sql_like=True)),
    )  # fmt: skip
