"""Snowflake's own layout made a person's; nothing means anything else afterwards."""

import pytest

from runner.sql.canonical import canonical
from runner.sql.tidying import tidy

TABLE = """create or replace TABLE DB.S.T (
\tID NUMBER(38,0) NOT NULL autoincrement start 1 increment 1 noorder,
\tW VARCHAR(16777216) COMMENT 'VARCHAR(16777216)',
\t"create" VARCHAR(5) DEFAULT 'a\tb=(',
\tN NUMBER(5,0) DEFAULT DB.S.SEQ.NEXTVAL COMMENT 'tab\there',
\tconstraint PK primary key (ID),
\tconstraint FK foreign key (N) references DB.S.O(N)
)cluster by (ID, N)COMMENT='a=b'
;"""


def test_a_table():
    assert tidy(TABLE, "TABLE") == (
        """CREATE OR REPLACE TABLE DB.S.T (
    ID NUMBER(38,0) NOT NULL AUTOINCREMENT START 1 INCREMENT 1 NOORDER,
    W VARCHAR COMMENT 'VARCHAR(16777216)',
    "create" VARCHAR(5) DEFAULT 'a\tb=(',
    N NUMBER(5,0) DEFAULT DB.S.SEQ.NEXTVAL COMMENT 'tab\there',
    CONSTRAINT PK PRIMARY KEY (ID),
    CONSTRAINT FK FOREIGN KEY (N) REFERENCES DB.S.O(N)
) CLUSTER BY (ID, N) COMMENT = 'a=b' ;"""
    )


def test_a_sequence():
    ddl = "create or replace sequence DB.S.Q start with 1 increment by 1 noorder COMMENT='x'"
    assert tidy(ddl, "SEQUENCE") == (
        "CREATE OR REPLACE SEQUENCE DB.S.Q START WITH 1 INCREMENT BY 1 NOORDER COMMENT = 'x'"
    )


def test_of_a_view_only_what_stands_before_the_query():
    ddl = 'create or replace view DB.S.V(\n\tA,\n\t"b"\n) COMMENT=\'c\'\n as select a as "b",\t1 from t\twhere x=1;'
    assert tidy(ddl, "VIEW") == (
        'CREATE OR REPLACE VIEW DB.S.V(\n    A,\n    "b"\n) COMMENT = \'c\' AS\nselect a as "b",\t1 from t\twhere x=1;'
    )


@pytest.mark.parametrize("kind", ["PROCEDURE", "TASK", "FUNCTION", "STAGE"])
def test_other_kinds_stay_as_they_are(kind):
    assert tidy("create or replace x\t(a=1)", kind) == "create or replace x\t(a=1)"


def test_what_cannot_be_read_stays_as_it_is():
    assert tidy("create table t ('", "TABLE") == "create table t ('"


@pytest.mark.parametrize("ddl", [TABLE, "create TABLE t (a int)", "create table t (\n\ta int default (1 = 2)\n)"])
def test_it_means_the_same(ddl):
    assert canonical(tidy(ddl, "TABLE")) == canonical(ddl)
    assert tidy(tidy(ddl, "TABLE"), "TABLE") == tidy(ddl, "TABLE")
