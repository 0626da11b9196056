"""An organisation in memory, and a session in it in which statements are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from runner.sandbox.bootstrap import create_organization
from runner.sandbox.catalog.model import Record
from runner.sandbox.context import Context
from runner.sandbox.control import Control
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.session import Session


class Desk:
    """One session, and short ways to say and to ask."""

    def __init__(self, engine: Engine, session: Session) -> None:
        self.engine = engine
        self.session = session

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        """Executes all of them; the rows of the last."""
        rows: list[tuple[object, ...]] = []
        for statement in statements:
            rows = self.engine.execute(self.session, statement).rows()
        return rows

    def say(self, statement: str) -> str:
        """What a DDL statement answers."""
        return str(self.engine.execute(self.session, statement).scalar())

    def value(self, query: str) -> object:
        return self.engine.execute(self.session, query).scalar()

    def refused(self, statement: str) -> SnowflakeError:
        """The error of a statement that must fail."""
        with pytest.raises(SnowflakeError) as caught:
            self.engine.execute(self.session, statement)
        return caught.value

    def raised(self, action: Callable[[], object]) -> SnowflakeError:
        """The error of something that must fail."""
        with pytest.raises(SnowflakeError) as caught:
            action()
        return caught.value

    def context(self) -> Context:
        """What a handler would be given for a statement of this session."""
        return Context(engine=self.engine, session=self.session, query_id="q", control=Control())

    def as_role(self, role: str, user: str = "SANDBOX_ADMIN") -> Desk:
        session = self.engine.login(self.session.account, user, role, "ADMIN_WH", self.session.database)
        session.schema = self.session.schema
        return Desk(self.engine, session)

    def in_account(self, account: str) -> Desk:
        return Desk(self.engine, self.engine.login(account, "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH"))

    def live(self, kind: type[Record], name: str) -> Record:
        return next(r for r in self.engine.catalog.all(kind, self.session.account) if r.name == name)

    def ddl(self, kind: str, name: str) -> str:
        return str(self.value(f"SELECT GET_DDL('{kind}', '{name}')"))


@pytest.fixture(scope="session")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One organisation for all tests of this folder: to make one takes longer than most tests."""
    engine = Engine.open(None)
    create_organization(engine.catalog, tmp_path_factory.mktemp("organization"))
    yield engine
    engine.close()


@pytest.fixture
def engine(organization: Engine) -> Iterator[Engine]:
    """The organisation as it was born; what a test makes is gone after it."""
    catalog = organization.catalog
    records, links = set(catalog.records), set(catalog.links)
    yield organization
    for session in list(organization.sessions.values()):
        organization.logout(session)
    with catalog.work() as work:
        for number in set(catalog.links) - links:
            work.unlink(catalog.links[number])
        for number in set(catalog.records) - records:
            work.forget(catalog.records[number])


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """An administrator's session in database D, schema S."""
    desk = Desk(engine, engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH"))
    desk.run("CREATE DATABASE D", "CREATE SCHEMA S")
    return desk
