"""What a stage, a warehouse or a storage integration says is checked, not only kept."""

import pytest

MADE = (
    "CREATE OR REPLACE STORAGE INTEGRATION si TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = '{}' ENABLED = TRUE "
    "STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::1:role/r' STORAGE_ALLOWED_LOCATIONS = ('s3://b/in/', 's3://b/out/') "
    "STORAGE_BLOCKED_LOCATIONS = ('s3://b/in/secret/')"
)


@pytest.mark.parametrize(("url", "errno"), [("s3://b/in/x/", None), ("s3://b/in/secret/x", 3139), ("s3://c/in/", 3139)])
def test_an_integration_allows_its_places_alone(client, url, errno):
    client.run(MADE.format("S3"))
    statement = f"CREATE STAGE e URL = '{url}' STORAGE_INTEGRATION = si"
    if errno is None:
        client.run(statement)
        assert client.refused("ALTER STAGE e SET STORAGE_INTEGRATION = other") == 2003
        assert client.refused("ALTER STAGE e SET URL = 's3://c/'") == 3139
    else:
        assert client.refused(statement) == errno


def test_an_integration_must_be_there_and_of_a_provider(client):
    assert client.refused("CREATE STAGE e URL = 's3://b/' STORAGE_INTEGRATION = absent") == 2003
    assert client.refused(MADE.format("FTP")) == 1008


def test_a_warehouse_waits_for_its_size(client):
    client.run("ALTER WAREHOUSE admin_wh SET WAREHOUSE_SIZE = MEDIUM WAIT_FOR_COMPLETION = TRUE")
    assert client.refused("CREATE WAREHOUSE w WAIT_FOR_COMPLETION = TRUE") == 1420


def test_what_is_no_binary_is_null(client):
    query = (
        "SELECT TRY_TO_BINARY('zz'), TRY_TO_BINARY('AB', 'HEX'), TRY_TO_BINARY('QQ==', 'base64'), TRY_TO_BINARY(NULL)"
    )
    assert client.rows(query) == [(None, b"\xab", b"A", None)]


def test_small_functions(client):
    query = (
        "SELECT BIT_LENGTH('é'), BIT_LENGTH(TO_BINARY('AB')), RTRIMMED_LENGTH(' a  '), RTRIMMED_LENGTH(NULL), "
        "REGEXP_EXTRACT_ALL('a1b2', '[0-9]')::VARCHAR, TIMESTAMPFROMPARTS(2024, 1, 1, 0, 0, 1)::VARCHAR"
    )
    assert client.rows(query) == [(16, 8, 2, None, '["1","2"]', "2024-01-01 00:00:01.000")]
    assert client.refused("SELECT BIT_LENGTH()") == 938
