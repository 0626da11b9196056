"""Foreign keys point to keys (sql-reference/constraints-overview)."""

import pytest


@pytest.fixture
def parent(client):
    client.run("CREATE TABLE p (id INT PRIMARY KEY, code VARCHAR(5) UNIQUE, other INT, UNIQUE (id, other))")
    return client


@pytest.mark.parametrize(
    "columns",
    [
        "a INT REFERENCES p",
        "a VARCHAR REFERENCES p (code)",
        "a INT, b INT, FOREIGN KEY (a, b) REFERENCES p (other, id) MATCH FULL ON DELETE NO ACTION",
        "boss INT REFERENCES c (id), id INT PRIMARY KEY",
    ],
)
def test_a_foreign_key_points_to_a_key(parent, columns):
    parent.run(f"CREATE TABLE c ({columns})")
    text = parent.one("SELECT GET_DDL('TABLE', 'c')")
    assert "foreign key" in text
    parent.run(text)
    assert parent.one("SELECT GET_DDL('TABLE', 'c')") == text


@pytest.mark.parametrize(
    "columns",
    [
        "a INT REFERENCES p (other)",
        "a VARCHAR REFERENCES p (id)",
        "a INT REFERENCES p (code)",
        "a INT REFERENCES c (b), b INT",
    ],
)
def test_what_is_no_key_or_of_another_type_is_refused(parent, columns):
    assert parent.refused(f"CREATE TABLE c ({columns})") == 2201
    parent.run("CREATE TABLE d (id INT, code VARCHAR)")
    assert parent.refused("ALTER TABLE d ADD FOREIGN KEY (id) REFERENCES p (code)") == 2201


@pytest.mark.parametrize("column", ["a INT CHECK (a > 0)", "a INT, CHECK (a > 0)", "a INT, CONSTRAINT c CHECK (a > 0)"])
def test_a_check_is_refused_by_name(client, column):
    assert client.refused(f"CREATE TABLE checked ({column})") == 2
