"""Every documented example gives what its page says: in the sandbox, and on a live account where one is named."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest

from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError
from tests.contract.examples import Example, Page, pages, same_rows, shown_value

PAGES = pages()
CONNECTION = os.environ.get("RUNNER_CONTRACT_CONNECTION", "")
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    root = tmp_path_factory.mktemp("organisation")
    engine = Engine.open(root)
    bootstrap.create_organization(engine.catalog, root)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH")
    engine.execute(session, "CREATE DATABASE DOCUMENTED")
    yield engine
    engine.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_sandbox_gives_what_the_page_says(engine: Engine, page: Page) -> None:
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH", "DOCUMENTED")
    engine.execute(session, f"CREATE SCHEMA PAGE{next(_numbers)}")

    def run(text: str) -> tuple[list[str], list[tuple[object, ...]]]:
        result = engine.execute(session, text)
        return [column.name for column in result.columns], [tuple(row) for row in result.rows()]

    wrong = [found for example in page.examples if (found := _judged(example, run))]
    engine.logout(session)
    assert not wrong, f"{page.url}\n" + "\n".join(wrong)


def _judged(example: Example, run) -> str:  # type: ignore[no-untyped-def]
    """What is wrong with what the sandbox gives; empty when nothing is."""
    wanted = example.refused[0] if example.refused else example.error
    try:
        columns, rows = run(example.text)
    except SnowflakeError as error:
        words = example.refused[1] if example.refused else ""
        if wanted == error.errno and words in error.message:
            return ""
        return _told(example, f"failed with {error.errno} {error.message}")
    if example.error is not None:
        return _told(example, f"did not fail with {wanted}, but gave {_listed(rows)}")
    wrong = _compared(example, columns, rows, example.rows)
    return _compared(example, columns, rows, example.differs) if wrong and example.differs is not None else wrong


def _compared(example: Example, columns, rows, expected) -> str:  # type: ignore[no-untyped-def]
    if example.columns is not None and list(example.columns) != columns:
        return _told(example, f"columns {columns}")
    if expected is not None and not same_rows(expected, rows, ordered=example.ordered):
        return _told(example, f"gave {_listed(rows)} for {expected}")
    return ""


def _told(example: Example, what: str) -> str:
    return f"line {example.line}: {example.text}\n   {what}"


def _listed(rows: list[tuple[object, ...]]) -> list[tuple[str, ...]]:
    return [tuple("NULL" if value is None else shown_value(value) for value in row) for row in rows]


def test_there_are_several_hundred() -> None:
    examples = [example for page in PAGES for example in page.examples]
    assert sum(example.rows is not None or example.error is not None for example in examples) >= 400
    assert all(page.url.startswith("docs.snowflake.com/en/") for page in PAGES)


@pytest.mark.skipif(not CONNECTION, reason="RUNNER_CONTRACT_CONNECTION names no connection")
@pytest.mark.parametrize("page", PAGES if CONNECTION else PAGES[:1], ids=lambda page: page.name)
def test_a_live_account_gives_what_the_page_says(page: Page) -> None:
    import snowflake.connector

    wrong = []
    with snowflake.connector.connect(connection_name=CONNECTION) as connection, connection.cursor() as cursor:
        name = f"RUNNER_CONTRACT_{os.getpid()}_{next(_numbers)}"
        cursor.execute(f"CREATE TRANSIENT SCHEMA {name}")
        try:
            for example in page.examples:
                try:
                    cursor.execute(example.text)
                    columns = [column.name for column in cursor.description or ()]
                    found = _compared(example, columns, [tuple(row) for row in cursor.fetchall()], example.rows)
                except snowflake.connector.Error as error:
                    found = "" if error.errno == example.error else _told(example, f"failed with {error}")
                wrong += [found] if found else []
        finally:
            cursor.execute(f"DROP SCHEMA {name}")
    assert not wrong, f"{page.url}\n" + "\n".join(wrong)
