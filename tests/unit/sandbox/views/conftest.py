"""A small organisation whose catalogue was written record by record: no statement but the tested one is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runner.sandbox.bootstrap import create_organization
from runner.sandbox.catalog.model import (
    Argument,
    ColumnModel,
    Constraint,
    Database,
    Grant,
    Role,
    RoleGrant,
    Routine,
    Schema,
    Sequence,
    Share,
    Table,
    User,
    View,
)
from runner.sandbox.catalog.store import Work
from runner.sandbox.engine import Engine
from runner.sandbox.result import Result, SnowType
from runner.sandbox.session import Session

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
NUMBER = SnowType("NUMBER", precision=38, scale=0)
MONEY = SnowType("NUMBER", precision=38, scale=9)
TEXT = SnowType("VARCHAR", length=20)
TIME = SnowType("TIMESTAMP_NTZ", scale=9)
Ask = Callable[..., list[dict[str, object]]]


def rows_of(result: Result) -> list[dict[str, object]]:
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows()]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """For tests that only read."""
    with _opened(tmp_path_factory.mktemp("organisation")) as engine:
        yield engine


@pytest.fixture
def own_engine(tmp_path: Path) -> Iterator[Engine]:
    """For a test that changes the organisation."""
    with _opened(tmp_path) as engine:
        yield engine


@contextmanager
def _opened(root: Path) -> Iterator[Engine]:
    engine = Engine.open(root)
    create_organization(engine.catalog, root)
    with engine.catalog.work() as work:
        _populate(engine, work)
    yield engine
    engine.close()


def _populate(engine: Engine, work: Work) -> None:
    database = work.add(Database(account="IMCUST", name="PROD_DB", comment="it's", created_at=NOON))
    mart = work.add(Schema(account="IMCUST", name="MART", database_id=database.id, created_at=NOON))
    work.add(Schema(account="IMCUST", name="EMPTY", database_id=database.id, managed_access=True, created_at=NOON))
    stocks = _table(
        engine, work, mart, "DIM_STOCKS", _stock_columns(), [Constraint(type="PRIMARY KEY", columns=["ID"])]
    )
    work.sql(f"INSERT INTO s{stocks.storage} VALUES (1, 'a', 1.5), (2, 'b', NULL), (3, 'c', 0)")
    foreign = Constraint(
        type="FOREIGN KEY", columns=["STOCK_ID"], name="FK_STOCK", references=("PROD_DB", "MART", "DIM_STOCKS")
    )
    _table(engine, work, mart, "FACT", [ColumnModel(name="STOCK_ID", type=NUMBER)], [foreign])
    query = "SELECT s.id, f.stock_id FROM dim_stocks s JOIN PROD_DB.MART.FACT f ON s.id = f.stock_id"
    text = f"CREATE OR REPLACE VIEW VW_HOLDINGS AS {query}"
    columns = [ColumnModel(name="ID", type=NUMBER), ColumnModel(name="STOCK_ID", type=NUMBER)]
    _view(work, mart, "VW_HOLDINGS", text, query, columns)
    over = "SELECT id FROM vw_holdings"
    _view(work, mart, "VW_OVER", f"CREATE VIEW VW_OVER AS {over}", over, columns[:1])
    work.add(
        Sequence(account="IMCUST", name="SEQ", schema_id=mart.id, start=5, next_value=7, increment=2, created_at=NOON)
    )
    _routines(work, mart)
    _people(work, database, mart, stocks)


def _stock_columns() -> list[ColumnModel]:
    return [
        ColumnModel(name="ID", type=NUMBER, nullable=False, identity=(1, 1)),
        ColumnModel(name="Mixed Case", type=TEXT, default="'x'", comment="a name"),
        ColumnModel(name="PRICE", type=MONEY),
    ]


def _table(
    engine: Engine, work: Work, schema: Schema, name: str, columns: list[ColumnModel], keys: list[Constraint]
) -> Table:
    storage = engine.storage.create(work, columns)
    return work.add(
        Table(
            account="IMCUST",
            name=name,
            schema_id=schema.id,
            columns=columns,
            constraints=keys,
            storage=storage,
            cluster_by="ID" if name == "DIM_STOCKS" else None,
            created_at=NOON,
            changed_at=NOON + timedelta(hours=1),
        )
    )


def _view(work: Work, schema: Schema, name: str, text: str, query: str, columns: list[ColumnModel]) -> View:
    return work.add(
        View(account="IMCUST", name=name, schema_id=schema.id, text=text, query=query, columns=columns, created_at=NOON)
    )


def _routines(work: Work, schema: Schema) -> None:
    arguments = [
        Argument(name="A", type=SnowType("DATE")),
        Argument(name="B", type=NUMBER, default="1"),
    ]
    common = {"account": "IMCUST", "schema_id": schema.id, "created_at": NOON}
    work.add(
        Routine(name="SP_LOAD", routine="PROCEDURE", arguments=arguments, returns="VARCHAR", body="BEGIN END", **common)
    )
    work.add(
        Routine(
            name="TWICE", routine="FUNCTION", arguments=arguments[1:], returns="NUMBER(38,0)", body="B * 2", **common
        )
    )


def _people(work: Work, database: Database, schema: Schema, stocks: Table) -> None:
    work.add(Role(account="IMCUST", name="READER", owner="USERADMIN", created_at=NOON))
    work.add(User(account="IMCUST", name="ANNA", owner="USERADMIN", email="anna@example.com", created_at=NOON))
    work.link(RoleGrant(account="IMCUST", role="READER", to_kind="USER", to_name="ANNA", created_at=NOON))
    for privilege, thing in (("USAGE", database), ("USAGE", schema), ("SELECT", stocks)):
        for kind, name in (("ROLE", "READER"), ("SHARE", "MIGR")):
            work.link(
                Grant(
                    account="IMCUST",
                    privilege=privilege,
                    on_kind=thing.kind,
                    on_id=thing.id,
                    to_kind=kind,
                    to_name=name,
                    granted_by="ACCOUNTADMIN",
                    created_at=NOON,
                )
            )
    work.add(Share(account="IMCUST", name="MIGR", accounts=["IMSDLC"], database_id=database.id, created_at=NOON))
    work.add(Database(account="IMSDLC", name="IMPORTED", origin_account="IMCUST", origin_share="MIGR", created_at=NOON))


def admin_of(engine: Engine) -> Session:
    return engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH", "PROD_DB", "MART")


@pytest.fixture
def admin(engine: Engine) -> Session:
    return admin_of(engine)


@pytest.fixture
def reader(engine: Engine) -> Session:
    return engine.login("IMCUST", "ANNA", "READER", None, "PROD_DB", "MART")


@pytest.fixture
def consumer(engine: Engine) -> Session:
    return engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH")


@pytest.fixture
def ask(engine: Engine, admin: Session) -> Ask:
    """Run a statement, as the administrator unless another session is given; rows as dictionaries."""

    def run(text: str, session: Session | None = None) -> list[dict[str, object]]:
        return rows_of(engine.execute(session or admin, text))

    return run
