"""Which object of the source an object of the target is, by what plans say and where they say nothing."""

from __future__ import annotations

import pytest

from runner.core.errors import NamesContradict
from runner.reconcile.move import Move
from runner.reconcile.renaming import Renaming, Travelled
from runner.reconcile.result import Difference, Kind, ObjectId
from runner.reconcile.shape import Code, Column, ForeignKey, Table
from runner.reconcile.structure import findings
from runner.sql.moving import Names

SWAPPED = Names(
    databases={"PROD_DB": "DEV_DB"},
    schema_names={("PROD_DB", "A"): "B", ("PROD_DB", "B"): "A"},
    objects={("PROD_DB", "A", "T"): "T2"},
)
MOVE = Move("PROD_DB", "DEV_DB", SWAPPED).at("A")


def table(schema: str, name: str) -> ObjectId:
    return ObjectId(Kind.TABLE, schema, name)


def travelled(plan: str, source: ObjectId, target: ObjectId) -> Travelled:
    return Travelled(plan, source, target, Names())


BOTH = Renaming(
    (
        travelled("one", table("MART", "T"), table("SOLD", "T2")),
        travelled("one", table("RAW", "X"), table("SOLD", "X")),
    ),
    frozenset({("MART", "SOLD"), ("RAW", "SOLD")}),
)


def test_what_a_plan_brought_is_what_the_plan_says() -> None:
    assert BOTH.source_of(table("SOLD", "T2"), ()) == table("MART", "T")
    assert BOTH.target_of(table("RAW", "X")) == table("SOLD", "X")
    assert BOTH.sources(("SOLD", "OTHER")) == ("MART", "RAW", "OTHER")


def test_what_no_plan_brought_is_looked_for_in_every_schema_that_it_may_come_from() -> None:
    assert BOTH.source_of(table("SOLD", "Y"), {table("RAW", "Y")}) == table("RAW", "Y")
    assert BOTH.source_of(table("SOLD", "Y"), ()) == table("MART", "Y")
    assert BOTH.source_of(table("OTHER", "Y"), ()) == table("OTHER", "Y")


def test_an_object_that_went_elsewhere_is_not_found_twice() -> None:
    assert BOTH.source_of(table("MART", "T"), {table("MART", "T")}) is None


def test_two_plans_may_not_say_two_things_of_one_object() -> None:
    other = Renaming((*BOTH.travelled, travelled("two", table("OLD", "T"), table("SOLD", "T2"))))
    with pytest.raises(NamesContradict) as caught:
        other.check()
    assert caught.value.sentence == (
        "table SOLD.T2 is table MART.T in the plan 'one', and table OLD.T in the plan 'two'."
    )
    BOTH.check()


def body(text: str) -> Code:
    return Code(f"CREATE PROCEDURE P() RETURNS VARCHAR LANGUAGE SQL AS $$BEGIN {text}; END$$")


def differences(source: Code, target: Code) -> list[str]:
    return [one.what for one in findings(source, target, MOVE) if isinstance(one, Difference)]


TEXTS = [
    ("short", "DELETE FROM T", "DELETE FROM T2", []),
    ("short, not moved", "DELETE FROM T", "DELETE FROM T", ["body"]),
    ("swapped", "DELETE FROM PROD_DB.A.T", "DELETE FROM DEV_DB.B.T2", []),
    ("swapped, not moved", "DELETE FROM A.X", "DELETE FROM A.X", ["body"]),
    ("the other schema", "DELETE FROM B.T", "DELETE FROM A.T", []),
    ("in a text", "RETURN 'A.T'", "RETURN 'B.T2'", []),
    ("another text", "RETURN 'A.T'", "RETURN 'C.T2'", ["body"]),
    ("braces", "RETURN '{{ x }}' || (SELECT 1 FROM A.T)", "RETURN '{{ x }}' || (SELECT 1 FROM B.T2)", []),
]


@pytest.mark.parametrize(("source", "target", "expected"), [t[1:] for t in TEXTS], ids=[t[0] for t in TEXTS])
def test_bodies_are_compared_as_the_plan_moved_them(source: str, target: str, expected: list[str]) -> None:
    assert differences(body(source), body(target)) == expected


def test_keys_and_defaults_follow() -> None:
    def one(default: str, place: tuple[str, str, str]) -> Table:
        key = frozenset({ForeignKey(("ID",), place, ("ID",))})
        return Table((Column("ID", 1, "NUMBER(38,0)", default=default),), foreign=key)

    source = one("PROD_DB.B.S.NEXTVAL", ("PROD_DB", "A", "T"))
    assert list(findings(source, one("DEV_DB.A.S.NEXTVAL", ("DEV_DB", "B", "T2")), MOVE)) == []
    wrong = [str(f) for f in findings(source, one("DEV_DB.B.S.NEXTVAL", ("DEV_DB", "A", "T2")), MOVE)]
    assert len(wrong) == 3


def test_other_databases_that_share_no_name_are_told_apart() -> None:
    move = Move.between("PROD_DB", "DEV_DB", (("GOV_DB", "GOV_DEV"),))
    source, target = (Code(f"create view V as select X from {name}.S.T") for name in ("PROD_DB", "GOV_DEV"))
    assert [one.what for one in findings(source, target, move) if isinstance(one, Difference)] == ["query"]
