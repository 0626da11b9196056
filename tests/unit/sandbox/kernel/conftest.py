import itertools
import threading

import pytest

from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError

_numbers = itertools.count(1)


class Client:
    """One session of an account; rows come as tuples."""

    def __init__(self, engine, database, account="IMSDLC", user="SANDBOX_ADMIN", role="ACCOUNTADMIN"):
        self.engine = engine
        self.session = engine.login(account, user, role, "ADMIN_WH", database, "PUBLIC")

    def execute(self, sql, binds=None):
        return self.engine.execute(self.session, sql, binds)

    def rows(self, sql, binds=None):
        return self.execute(sql, binds).rows()

    def one(self, sql, binds=None):
        return self.execute(sql, binds).scalar()

    def run(self, *statements):
        for sql in statements:
            self.execute(sql)

    def refused(self, sql, binds=None):
        """The number of the refusal."""
        with pytest.raises(SnowflakeError) as caught:
            self.execute(sql, binds)
        return caught.value.errno

    def said(self, sql):
        """The words of the refusal."""
        with pytest.raises(SnowflakeError) as caught:
            self.execute(sql)
        return caught.value.message


class Background:
    """A statement in a thread of its own."""

    def __init__(self, client, sql):
        self.client, self.sql = client, sql
        self.result = self.error = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        try:
            self.result = self.client.execute(self.sql)
        except SnowflakeError as error:
            self.error = error

    def ended(self):
        self.thread.join(timeout=60)
        assert not self.thread.is_alive(), f"{self.sql} hangs"
        return self


@pytest.fixture(scope="module")
def engine(tmp_path_factory, lasting_file):
    root = tmp_path_factory.mktemp("organisation")
    engine = Engine.open(root, lasting_file.as_opened())
    bootstrap.create_organization(engine.catalog, root)
    yield engine
    engine.close()


@pytest.fixture
def database(engine):
    """A database of one's own."""
    name = f"DB{next(_numbers)}"
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    engine.execute(session, f"CREATE DATABASE {name}")
    engine.logout(session)
    return name


@pytest.fixture
def connect(engine, database):
    """Opens sessions; all are logged out at the end."""
    opened = []

    def connect(**who):
        client = Client(engine, database, **who)
        opened.append(client)
        return client

    yield connect
    for client in opened:
        engine.logout(client.session)


@pytest.fixture
def client(connect):
    return connect()


@pytest.fixture
def other(connect):
    return connect()


@pytest.fixture
def waiting(engine):
    """Returns when that many statements wait for locks; no clock is asked how long."""

    def waiting(count=1):
        reached = threading.Event()
        while not reached.is_set():
            if sum(row.status == "WAITING" for row in engine.locks.held()) >= count:
                reached.set()
            reached.wait(0.001)

    return waiting


@pytest.fixture
def background():
    """Starts a statement in a thread of its own."""
    return Background
