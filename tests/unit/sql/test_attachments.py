"""Policies and tags are taken off by name, and nothing else changes."""

import pytest

from runner.sql.attachments import Attachment, attachments, detached

TABLE = """create or replace TABLE DB.S.T (
\tA VARCHAR(9) NOT NULL WITH MASKING POLICY GOV.POL.M USING (A, B) COMMENT 'x',
\tB NUMBER(5,0) WITH TAG (GOV.POL.TG='(a, b', GOV.POL."t g"='y'),
\tMASKING VARCHAR(3) WITH PROJECTION POLICY GOV.POL.P WITH TAG (GOV.POL.TG='z'),
\tC NUMBER AS (CAST(B AS NUMBER))
)WITH ROW ACCESS POLICY GOV.POL.R ON (A) WITH TAG (GOV.POL.TG='v') COMMENT='WITH TAG (GOV.POL.TG)'
;"""


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("M", " WITH MASKING POLICY GOV.POL.M USING (A, B)", ""),
        ("P", " WITH PROJECTION POLICY GOV.POL.P", ""),
        ("R", "WITH ROW ACCESS POLICY GOV.POL.R ON (A)", ""),
        ("t g", """GOV.POL.TG='(a, b', GOV.POL."t g"='y'""", "GOV.POL.TG='(a, b'"),
        ("NIX", "", ""),
    ],
)
def test_one_is_taken_off(name, before, after):
    assert detached(TABLE, lambda parts: parts == ("GOV", "POL", name)) == TABLE.replace(before, after)


def test_all_are_taken_off():
    text = detached(TABLE, lambda parts: parts[0] == "GOV")
    assert "GOV." not in text.replace("COMMENT='WITH TAG (GOV.POL.TG)'", "")
    assert detached(text, lambda parts: True) == text
    assert ") COMMENT='WITH TAG (GOV.POL.TG)'" in text


def test_the_query_of_a_view_is_left():
    view = (
        "create or replace view DB.S.V(\n\tA WITH MASKING POLICY GOV.POL.M\n) as SELECT 1 AS \"A\" /* TAG (x='y') */;"
    )
    assert detached(view, lambda parts: True) == view.replace(" WITH MASKING POLICY GOV.POL.M", "")


def test_what_hangs_on_a_table_and_its_columns_is_told():
    ddl = """create or replace TABLE DB.S.T (
\tA VARCHAR(10) WITH MASKING POLICY DB.P.MASK USING (A, B) WITH TAG (DB.P.OWNER='x', "db"."p"."t"='MASKING POLICY Z'),
\tB NUMBER(38,0) COMMENT 'WITH TAG (no)',
\tprimary key (A)
) WITH ROW ACCESS POLICY DB.P.ROWS ON (B) WITH TAG (DB.P.COST='1')
COMMENT='ROW ACCESS POLICY none';"""
    assert sorted(attachments(ddl)) == [
        Attachment("masking policy", ("DB", "P", "MASK"), "A"),
        Attachment("row access policy", ("DB", "P", "ROWS")),
        Attachment("tag", ("DB", "P", "COST")),
        Attachment("tag", ("DB", "P", "OWNER"), "A"),
        Attachment("tag", ("db", "p", "t"), "A"),
    ]
    assert attachments("create or replace TABLE DB.S.T (\n\tA NUMBER(38,0)\n);") == frozenset()
