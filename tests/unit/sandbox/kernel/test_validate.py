"""VALIDATE tells what was wrong with the files of a COPY (sql-reference/functions/validate)."""

import pytest

BOTH = [("Numeric value 'x' is not recognized", 1, 100038), ("Date '2020-13-01' is not recognized", 2, 100040)]
ASKED = "SELECT \"ERROR\", LINE, CODE FROM TABLE(VALIDATE({}, JOB_ID => '{}')) ORDER BY LINE"


@pytest.fixture
def staged(client):
    client.run(
        "CREATE OR REPLACE STAGE VST",
        "CREATE OR REPLACE TABLE VT (A NUMBER, B DATE)",
        "COPY INTO @VST/a.csv FROM (SELECT 'x', '2020-01-01' UNION ALL SELECT '1', '2020-13-01' UNION ALL SELECT '3', "
        "'2020-01-03') FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE) SINGLE = TRUE",
    )
    return client


def last(client):
    return client.session.last_query_id


def test_all_errors_of_a_load_also_of_one_that_failed(staged):
    assert staged.refused("COPY INTO VT FROM @VST") == 100038
    assert staged.rows(ASKED.format("VT", "_last")) == BOTH
    staged.run("COPY INTO VT FROM @VST ON_ERROR = CONTINUE")
    job = last(staged)
    assert staged.rows(ASKED.format("VT", job)) == BOTH
    assert staged.one("SELECT COUNT(*) FROM VT") == 1


def test_names_mean_what_they_meant_to_the_job(staged):
    staged.run("COPY INTO VT FROM @VST ON_ERROR = SKIP_FILE")
    job, here = last(staged), (staged.session.database, staged.session.schema)
    staged.run("CREATE SCHEMA OTHER")
    assert staged.rows(ASKED.format(f"{here[0]}.{here[1]}.VT", job)) == BOTH
    assert (staged.session.database, staged.session.schema) == (here[0], "OTHER")


def test_a_load_without_errors_and_files_that_came_later(staged):
    staged.run("REMOVE @VST", "COPY INTO @VST/ok.csv FROM (SELECT 1, '2020-01-01') SINGLE = TRUE")
    staged.run("COPY INTO VT FROM @VST/ok.csv")
    assert staged.rows(ASKED.format("VT", "_last")) == []


@pytest.mark.parametrize(
    ("sql", "errno"),
    [
        (ASKED.format("VT", "nonsense"), 100132),
        (ASKED.format("NOWHERE", "_last"), 2003),
        (ASKED.format("VT2", "_last"), 100132),
        ("SELECT * FROM TABLE(VALIDATE(VT))", 938),
        ("SELECT * FROM TABLE(VALIDATE('VT', JOB_ID => '_last'))", 1003),
        ("SELECT * FROM TABLE(VALIDATE(VT, JOB_ID => '_last', MORE => 1))", 1007),
    ],
)
def test_what_is_no_job_is_refused(staged, sql, errno):
    staged.run("CREATE OR REPLACE TABLE VT2 (A NUMBER)", "COPY INTO VT FROM @VST ON_ERROR = CONTINUE")
    assert staged.refused(sql) == errno


def test_loads_that_transform_have_none(staged):
    staged.run("COPY INTO VT FROM (SELECT $1, $2 FROM @VST) ON_ERROR = CONTINUE")
    assert staged.refused(ASKED.format("VT", "_last")) == 2085
