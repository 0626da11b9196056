"""What the runner creates in an account, and what it never does there."""

import pytest

from runner.core.names import ObjectName
from runner.history.layout import Layout
from runner.sql.splitting import split


def layout(own_database=False, schema=("DEV_DB", "MIGRATION_CONTROL")):
    return Layout(ObjectName.of(*schema), own_database)


def test_the_bootstrap_is_one_request():
    assert len(split(layout().bootstrap())) == 1


@pytest.mark.parametrize("own", [True, False])
def test_a_database_is_created_only_where_it_is_the_runners_own(own):
    assert ("CREATE DATABASE IF NOT EXISTS DEV_DB" in layout(own).bootstrap()) is own


@pytest.mark.parametrize("word", ["REPLACE", "DROP", "DELETE", "TRUNCATE", "ALTER", "GRANT"])
def test_nothing_is_replaced_or_dropped(word):
    assert word not in layout(True).bootstrap().upper().split()


def test_names_are_quoted_where_they_must_be():
    text = layout(schema=("my db", "control; --")).bootstrap()
    assert '"my db"."control; --".MIGRATION_HISTORY' in text
    assert len(split(text)) == 1
