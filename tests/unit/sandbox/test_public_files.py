"""Ten files of the kind that teams keep in git: every statement runs, or is refused by the name that the file says."""

from pathlib import Path

import pytest

from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.splitting import statements

FILES = sorted((Path(__file__).parent / "files").glob("*.sql"))
MARK = "-- refused: "


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    root = tmp_path_factory.mktemp("files")
    engine = Engine.open(root)
    bootstrap.create_organization(engine.catalog, root)
    yield engine
    engine.close()


def marked(text):
    """Every statement with the refusal that the line before it announces."""
    found, offset = [], 0
    for statement in statements(text):
        start = text.index(statement, offset)
        before = text[offset:start].strip().splitlines()
        offset = start + len(statement) + 1
        mark = before[-1] if before else ""
        found.append((statement, mark.removeprefix(MARK) if mark.startswith(MARK) else None))
    return found


def run(engine, text):
    """What did not go as the file says, told with the statement."""
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH")
    wrong = []
    for statement, refusal in marked(text):
        try:
            engine.execute(session, statement)
            told = None
        except SnowflakeError as error:
            told = error.message
        if refusal is None and told is not None:
            wrong.append(f"{statement[:100]}: {told}")
        if refusal is not None and (told is None or refusal.upper() not in told.upper()):
            wrong.append(f"{statement[:100]}: should be refused by {refusal}, was {told}")
    engine.logout(session)
    return wrong


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_every_statement_runs_or_is_refused_by_name(engine, file):
    assert run(engine, file.read_text()) == []


def test_there_are_ten_and_they_are_long_enough():
    assert len(FILES) == 10
    assert sum(len(statements(file.read_text())) for file in FILES) > 200
