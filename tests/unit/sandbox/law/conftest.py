import duckdb
import pytest

from runner.sandbox import bootstrap
from runner.sandbox.catalog.store import Catalog


@pytest.fixture
def catalog(tmp_path):
    connection = duckdb.connect()
    catalog = Catalog(connection)
    bootstrap.create_organization(catalog, tmp_path)
    yield catalog
    connection.close()


@pytest.fixture
def pat(catalog, tmp_path):
    return bootstrap.pat_file(tmp_path, "IMCUST").read_text()
