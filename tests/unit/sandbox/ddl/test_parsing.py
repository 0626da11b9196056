"""CREATE statements as values: what is read, and what is refused by name."""

import pytest

from runner.sandbox.ddl.create_routine import CreateRoutine, read_create_routine
from runner.sandbox.ddl.create_sequence import read_create_sequence
from runner.sandbox.ddl.create_table import CreateTable, read_create_table
from runner.sandbox.ddl.create_view import ViewColumn, read_create_view
from runner.sandbox.ddl.header import read_header
from runner.sandbox.ddl.types import read_type, type_text
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.getddl import column_ddl
from runner.sandbox.tokens import Reader


def table(text: str) -> CreateTable:
    reader = Reader(text)
    header = read_header(reader, "TABLE", allowed=("TRANSIENT", "TEMP", "TEMPORARY"), or_alter=True)
    return read_create_table(reader, header, "TIMESTAMP_NTZ")


def routine(text: str, kind: str = "PROCEDURE") -> CreateRoutine:
    reader = Reader(text)
    header = read_header(reader, kind, allowed=("SECURE",))
    return read_create_routine(reader, header, kind, "TIMESTAMP_NTZ")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("int", "NUMBER(38,0)"),
        ("BIGINT", "NUMBER(38,0)"),
        ("byteint", "NUMBER(38,0)"),
        ("number", "NUMBER(38,0)"),
        ("decimal(10)", "NUMBER(10,0)"),
        ("NUMERIC(38, 9)", "NUMBER(38,9)"),
        ("double precision", "FLOAT"),
        ("REAL", "FLOAT"),
        ("string", "VARCHAR(16777216)"),
        ("text(20)", "VARCHAR(20)"),
        ("char", "VARCHAR(1)"),
        ("CHAR VARYING(3)", "VARCHAR(3)"),
        ("binary", "BINARY(8388608)"),
        ("varbinary(16)", "BINARY(16)"),
        ("boolean", "BOOLEAN"),
        ("datetime", "TIMESTAMP_NTZ(9)"),
        ("timestamp", "TIMESTAMP_NTZ(9)"),
        ("timestamp(3)", "TIMESTAMP_NTZ(3)"),
        ("timestamp with local time zone", "TIMESTAMP_LTZ(9)"),
        ("timestamp with time zone", "TIMESTAMP_TZ(9)"),
        ("timestamptz(6)", "TIMESTAMP_TZ(6)"),
        ("time(0)", "TIME(0)"),
        ("variant", "VARIANT"),
        ("object", "OBJECT"),
        ("array", "ARRAY"),
    ],
)
def test_every_alias_has_one_name(written: str, shown: str) -> None:
    reader = Reader(written)
    assert type_text(read_type(reader)) == shown
    reader.end()


def test_bare_timestamp_follows_the_session() -> None:
    assert type_text(read_type(Reader("timestamp"), "TIMESTAMP_LTZ")) == "TIMESTAMP_LTZ(9)"


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("geography", "GEOGRAPHY"),
        ("vector(float, 3)", "VECTOR"),
        ("array(int)", "structured ARRAY"),
        ("number(39)", "39"),
        ("number(3,4)", "4"),
        ("varchar(0)", "0"),
        ("foo", "foo"),
    ],
)
def test_types_that_are_not_there_are_named(written: str, named: str) -> None:
    with pytest.raises(SnowflakeError, match=named.replace("(", r"\(")):
        read_type(Reader(written))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a int not null", "A NUMBER(38,0) NOT NULL"),
        ('"Mixed" text comment \'it\'\'s\'', "\"Mixed\" VARCHAR(16777216) COMMENT 'it''s'"),
        ('"ORDER" int', '"ORDER" NUMBER(38,0)'),
        ("a int default 1 not null", "A NUMBER(38,0) NOT NULL DEFAULT 1"),
        ("a int default s.seq.nextval comment 'x'", "A NUMBER(38,0) DEFAULT s.seq.nextval COMMENT 'x'"),
        ("a text default null", "A VARCHAR(16777216) DEFAULT null"),
        ("a int default iff(true, 1, 2) null", "A NUMBER(38,0) DEFAULT iff(true, 1, 2)"),
        ("a int default case when 1 is not null then 1 else 2 end not null",
         "A NUMBER(38,0) NOT NULL DEFAULT case when 1 is not null then 1 else 2 end"),
        ("a timestamp_ltz default current_timestamp() /* now */ ", "A TIMESTAMP_LTZ(9) DEFAULT current_timestamp()"),
        ("a int identity", "A NUMBER(38,0) autoincrement start 1 increment 1 noorder"),
        ("a int autoincrement (5, 2) order", "A NUMBER(38,0) autoincrement start 5 increment 2 order"),
        ("a int identity start with 10 increment by -1", "A NUMBER(38,0) autoincrement start 10 increment -1 noorder"),
        ("a text collate 'en-ci' not null", "A VARCHAR(16777216) NOT NULL COLLATE 'en-ci'"),
        ("a int primary key", "A NUMBER(38,0) NOT NULL"),
        ("a int constraint u unique rely comment 'c'", "A NUMBER(38,0) COMMENT 'c'"),
    ],
)  # fmt: skip
def test_columns_keep_every_attribute(written: str, shown: str) -> None:
    (column,) = table(f"create table t ({written})").columns
    assert column_ddl(column.model()) == shown


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("primary key (a)", ("PRIMARY KEY", ["A"], None, None, [], False)),
        ("constraint pk primary key (a, b) not enforced rely", ("PRIMARY KEY", ["A", "B"], "PK", None, [], True)),
        ('unique ("x")', ("UNIQUE", ["x"], None, None, [], False)),
        ("foreign key (a) references d.s.t (z)", ("FOREIGN KEY", ["A"], None, ("D", "S", "T"), ["Z"], False)),
        ("constraint f foreign key (a) references t", ("FOREIGN KEY", ["A"], "F", ("T",), [], False)),
        ("a2 int references t (b)", ("FOREIGN KEY", ["A2"], None, ("T",), ["B"], False)),
        ("a2 int constraint k foreign key references t", ("FOREIGN KEY", ["A2"], "K", ("T",), [], False)),
        ("a2 int unique", ("UNIQUE", ["A2"], None, None, [], False)),
    ],
)
def test_constraints_inline_and_out_of_line(constraint: str, expected: tuple[object, ...]) -> None:
    (one,) = table(f"create table t (a int, b int, {constraint})").all_constraints()
    assert (one.type, one.columns, one.name, one.references, one.referenced_columns, one.rely) == expected


def test_options_in_any_order() -> None:
    statement = table(
        "create or replace transient table d.s.t (a int) comment = 'it''s' change_tracking = true "
        "cluster by (a, to_date(b)) data_retention_time_in_days = 1 copy grants;"
    )
    options = statement.options
    assert (options.comment, options.cluster_by, options.retention_days) == ("it's", "A, to_date(b)", 1)
    assert options.change_tracking
    assert options.copy_grants
    assert statement.header.or_replace
    assert statement.header.transient


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("create table t as select 1 as a;", "select 1 as a"),
        ("create table t (a, b) as select 1, 2", "select 1, 2"),
        ("create table t (a int not null, b text) cluster by (a) as with x as (select 1) select * from x",
         "with x as (select 1) select * from x"),
        ("create table t copy grants as (select 1 a)", "(select 1 a)"),
    ],
)  # fmt: skip
def test_as_select(text: str, query: str) -> None:
    assert table(text).query == query


def test_clone_with_a_moment() -> None:
    moment = table("create table t clone s before (timestamp => '2026-01-01'::timestamp_tz) copy grants").moment
    assert moment is not None
    assert (moment.before, moment.kind, moment.expression) == (
        True,
        "TIMESTAMP",
        "'2026-01-01'::timestamp_tz",
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("create table t", "unexpected '<EOF>'"),
        ("create table t ()", "unexpected '\\)'"),
        ("create table t (a)", "missing data type"),
        ("create table t (a int, a text)", "duplicate column name 'A'"),
        ("create table t (a int foo)", "unexpected 'foo'"),
        ("create table t (a int) foo = 1", "unexpected 'foo'"),
        ("create table t (a int) default_ddl_collation = 'en'", "DEFAULT_DDL_COLLATION"),
        ("create table t (a int) copy tags", "COPY TAGS"),
        ("create table t (a int) data_retention_time_in_days = 91", "91"),
        ("create transient table t (a int) data_retention_time_in_days = 2", "2"),
        ("create table t (a int, b int as (a + 1))", "virtual column"),
        ("create table t (a int primary key enforced)", "ENFORCED"),
        ("create table t (a int references x on delete cascade)", "ON"),
        ("create table t (a text autoincrement)", "identity"),
        ("create table t (a int collate 'en')", "collation"),
        ("create table t (a int autoincrement (1, 0))", "non-zero"),
        ("create or replace table if not exists t (a int)", "incompatible"),
        ("create or alter table t as select 1 a", "CREATE OR ALTER TABLE with AS"),
    ],
)
def test_what_is_wrong_is_named(text: str, named: str) -> None:
    with pytest.raises(SnowflakeError, match=named):
        table(text)


def test_views() -> None:
    reader = Reader(
        "create or replace secure view v (a comment 'x', \"b\") copy grants comment='c' as select 1, 2 -- end\n;"
    )
    view = read_create_view(reader, read_header(reader, "VIEW", allowed=("SECURE",)))
    assert view.columns == (ViewColumn("A", "x"), ViewColumn("b"))
    assert (view.comment, view.copy_grants, view.header.secure, view.query) == ("c", True, True, "select 1, 2")


def test_sequences() -> None:
    reader = Reader("create sequence s with start with = 5 increment by 2 order comment = 'x'")
    sequence = read_create_sequence(reader, read_header(reader, "SEQUENCE"))
    assert (sequence.start, sequence.increment, sequence.order, sequence.comment) == (5, 2, True, "x")


@pytest.mark.parametrize(
    ("tail", "body"),
    [
        ("as $$ begin return 1; end $$", " begin return 1; end "),
        ("as 'begin return ''a''; end'", "begin return 'a'; end"),
        ("as begin return 1; end;", "begin return 1; end"),
        ("as declare x int; begin return x; end", "declare x int; begin return x; end"),
    ],
)
def test_bodies_in_every_delimiter(tail: str, body: str) -> None:
    assert routine(f"create procedure p() returns int language sql {tail}").body == body


def test_a_procedure_keeps_all() -> None:
    read = routine(
        "create or replace procedure d.s.p(a date, b number default 10, c text default current_user()) copy grants "
        "returns table (id int, \"N\" text) language sql strict volatile comment = 'it''s' execute as caller as 'x'"
    )
    assert [(a.name, a.default) for a in read.arguments] == [("A", None), ("B", "10"), ("C", "current_user()")]
    assert read.returns == 'TABLE ("ID" NUMBER(38,0), "N" VARCHAR(16777216))'
    assert (read.strict, read.volatility, read.comment, read.execute_as) == (True, "VOLATILE", "it's", "CALLER")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("create procedure p() returns int language python as 'x'", "LANGUAGE PYTHON"),
        ("create procedure p(out a int) returns int as 'x'", "OUT arguments"),
        ("create procedure p(a int default 1, b int) returns int as 'x'", "'B' without a default"),
        ("create procedure p(a int, a int) returns int as 'x'", "duplicate argument"),
        ("create procedure p() as 'x'", "unexpected 'as'"),
        ("create procedure p() returns int handler = 'x' as 'x'", "HANDLER"),
        ("create procedure p() returns int as select 1", "unexpected 'select'"),
        ("create procedure p() returns int execute as restricted caller as 'x'", "RESTRICTED"),
    ],
)
def test_routines_that_cannot_be(text: str, named: str) -> None:
    with pytest.raises(SnowflakeError, match=named):
        routine(text)
