import pytest

from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError


class Organisation:
    """Two accounts behind one engine; statements are run as any role of any account."""

    def __init__(self, root, storage=None):
        self.engine = Engine.open(None, storage and storage.as_opened())
        self.root = root
        bootstrap.create_organization(self.engine.catalog, root)
        self.sessions = {}

    @property
    def catalog(self):
        return self.engine.catalog

    def session(self, role="ACCOUNTADMIN", account="IMCUST", user="SANDBOX_ADMIN"):
        key = (role, account, user)
        if key not in self.sessions:
            self.sessions[key] = self.engine.login(account, user, role)
        return self.sessions[key]

    def run(self, *statements, role="ACCOUNTADMIN", account="IMCUST", user="SANDBOX_ADMIN"):
        """The rows of the last statement."""
        session = self.session(role, account, user)
        return [self.engine.execute(session, sql).rows() for sql in statements][-1]

    def refused(self, sql, **who):
        """Number and words of the refusal."""
        with pytest.raises(SnowflakeError) as caught:
            self.run(sql, **who)
        return caught.value.errno, caught.value.message

    def table(self, sql, **who):
        """Rows as dicts by column name."""
        result = self.engine.execute(self.session(**who), sql)
        names = [column.name for column in result.columns]
        return [dict(zip(names, row, strict=True)) for row in result.rows()]


@pytest.fixture
def org(tmp_path, lasting):
    organisation = Organisation(tmp_path, lasting)
    yield organisation
    organisation.engine.close()


@pytest.fixture
def catalog(org):
    return org.catalog


@pytest.fixture
def pat(org):
    return bootstrap.pat_file(org.root, "IMCUST").read_text()


@pytest.fixture
def estate(org):
    """A database with a schema and one object of each kind, owned by SYSADMIN, and a role with nothing."""
    org.run("CREATE ROLE R1", "CREATE ROLE R2", role="USERADMIN")
    org.run(
        "CREATE DATABASE D",
        "CREATE SCHEMA D.S",
        "CREATE TABLE D.S.T (A NUMBER, B VARCHAR)",
        "CREATE TABLE D.S.T2 (A NUMBER)",
        "CREATE SEQUENCE D.S.Q",
        "CREATE PROCEDURE D.S.P(X NUMBER) RETURNS VARCHAR LANGUAGE SQL AS 'BEGIN RETURN ''x''; END'",
        role="SYSADMIN",
    )
    add_view(org, "V")
    return org


def add_view(org, name, query="SELECT A FROM D.S.T", *, secure=False):
    """A view of SYSADMIN in D.S."""
    org.run(f"CREATE {'SECURE' if secure else ''} VIEW D.S.{name} AS {query}", role="SYSADMIN")
