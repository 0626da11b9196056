"""Stages, file formats, the files in them, and who may touch them."""

import gzip
from pathlib import Path

import pytest

from runner.sandbox.errors import SnowflakeError


@pytest.fixture
def put(client):
    """Puts a file into a stage, as a client does that was told where it lies."""

    def put(place, name, content, client=client):
        told = client.execute(f"PUT file:///tmp/x {place}").transfer
        data = content.encode() if isinstance(content, str) else content
        path = Path(told["stageInfo"]["location"]) / name
        path.write_bytes(data)
        return path

    return put


def test_put_tells_the_client_where_and_how(client):
    client.run("CREATE STAGE st")
    told = client.execute(
        "PUT 'file:///tmp/a b.csv' @st/in AUTO_COMPRESS = FALSE OVERWRITE = TRUE PARALLEL = 7"
    ).transfer
    assert told["command"] == "UPLOAD"
    assert told["src_locations"] == ["/tmp/a b.csv"]
    assert (told["autoCompress"], told["overwrite"], told["parallel"]) == (False, True, 7)
    assert told["stageInfo"]["locationType"] == "LOCAL_FS"
    assert Path(told["stageInfo"]["location"]).is_dir()


def test_list_get_and_remove_see_what_begins_with_the_path(client, put):
    client.run("CREATE STAGE st")
    put("@st/in", "a.csv", "1\n")
    put("@st/in", "b.csv", "2\n")
    put("@st/other", "a.csv", "3\n")
    assert [row[0] for row in client.rows("LIST @st")] == ["st/in/a.csv", "st/in/b.csv", "st/other/a.csv"]
    assert [row[0] for row in client.rows("LS @st PATTERN = '.*b.*'")] == ["st/in/b.csv"]
    assert client.execute("GET @st/in file:///tmp/x").transfer["src_locations"] == ["in/a.csv", "in/b.csv"]
    assert client.rows("REMOVE @st/in/a") == [("st/in/a.csv", "removed")]
    assert client.rows("RM @st/in") == [("st/in/b.csv", "removed")]
    assert [row[0] for row in client.rows("LIST @st")] == ["st/other/a.csv"]


def test_user_and_table_stages_are_their_own(client, put):
    client.run("CREATE TABLE t (a INT)", "REMOVE @~")
    put("@~/u", "f", "1")
    put("@%t", "g", "2")
    assert [row[0] for row in client.rows("LIST @~")] == ["u/f"]
    assert [row[0] for row in client.rows("LIST @%t")] == ["g"]
    client.run("REMOVE @~")


@pytest.mark.parametrize("path", ["../../org.duckdb", "a/../../x", "..", "a/..\\..//../x"])
def test_no_path_leads_out_of_a_stage(client, path):
    client.run("CREATE STAGE IF NOT EXISTS st")
    assert client.refused(f"PUT file:///tmp/x @st/{path}") in (2003, 1003)
    assert client.refused(f"LIST '@st/{path}'") == 2003
    assert client.refused(f"COPY INTO '@st/{path}' FROM (SELECT 1)") == 2003


def test_a_link_out_of_the_stage_is_no_file_of_it(client, put, tmp_path):
    client.run("CREATE STAGE st")
    secret = tmp_path / "secret.csv"
    secret.write_text("secret")
    place = put("@st", "a.csv", "1")
    (place.parent / "link.csv").symlink_to(secret)
    assert [row[0] for row in client.rows("LIST @st")] == ["st/a.csv"]
    assert client.rows("SELECT $1 FROM @st") == [("1",)]


def test_a_dropped_stage_takes_its_files_along(client, put):
    client.run("CREATE STAGE st")
    place = put("@st", "a.csv", "1")
    client.run("DROP STAGE st")
    assert not place.exists()
    assert client.refused("LIST @st") == 2003
    assert client.one("DROP STAGE IF EXISTS st").startswith("Drop statement executed")


def test_replacing_a_stage_empties_it_and_renaming_does_not(client, put):
    client.run("CREATE STAGE st")
    put("@st", "a.csv", "1")
    client.run("ALTER STAGE st RENAME TO st2")
    assert [row[0] for row in client.rows("LIST @st2")] == ["st2/a.csv"]
    client.run("CREATE OR REPLACE STAGE st2")
    assert client.rows("LIST @st2") == []


def test_a_temporary_stage_is_the_sessions_own(connect, put):
    one, other = connect(), connect()
    one.run("CREATE TEMPORARY STAGE mine")
    place = put("@mine", "a.csv", "1", one)
    assert other.refused("LIST @mine") == 2003
    one.engine.logout(one.session)
    assert not place.exists()


def test_show_and_describe(client):
    client.run(
        "CREATE STAGE st FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1) DIRECTORY = (ENABLE = TRUE) COMMENT = 'c'",
        "CREATE FILE FORMAT ff TYPE = JSON STRIP_OUTER_ARRAY = TRUE",
        "COMMENT ON FILE FORMAT ff IS 'json'",
    )
    [shown] = client.execute("SHOW STAGES").table.to_pylist()
    assert (shown["name"], shown["type"], shown["directory_enabled"], shown["comment"]) == ("ST", "INTERNAL", "Y", "c")
    described = {row[1]: row[3] for row in client.rows("DESCRIBE STAGE st")}
    assert (described["SKIP_HEADER"], described["FIELD_DELIMITER"], described["ENABLE"]) == ("1", ",", "true")
    [form] = client.execute("SHOW FILE FORMATS").table.to_pylist()
    assert (form["type"], form["comment"]) == ("JSON", "json")
    assert '"STRIP_OUTER_ARRAY": true' in form["format_options"]
    assert ("STRIP_OUTER_ARRAY", "Boolean", "TRUE", "FALSE") in client.rows("DESC FILE FORMAT ff")
    views = client.rows("SELECT stage_name, stage_type FROM information_schema.stages")
    assert views == [("ST", "Internal Named")]
    assert client.rows("SELECT file_format_name, file_format_type FROM information_schema.file_formats") == [
        ("FF", "JSON")
    ]


def test_the_text_of_a_file_format_makes_it_again(client):
    client.run(
        "CREATE FILE FORMAT ff TYPE = CSV FIELD_DELIMITER = '|' NULL_IF = ('', 'N') SKIP_HEADER = 2 COMMENT = 'it''s'"
    )
    text = client.one("SELECT GET_DDL('FILE_FORMAT', 'ff')")
    client.run("DROP FILE FORMAT ff", text)
    assert client.one("SELECT GET_DDL('FILE_FORMAT', 'ff')") == text


def test_options_are_checked(client):
    assert client.refused("CREATE FILE FORMAT f TYPE = NOPE") == 1008
    assert client.refused("CREATE FILE FORMAT f TYPE = CSV STRIP_OUTER_ARRAY = TRUE") == 1006
    assert client.refused("CREATE FILE FORMAT f TYPE = CSV SKIP_HEADER = many") == 1008
    assert client.refused("CREATE FILE FORMAT f TYPE = CSV SKIP_HEADER = 1 SKIP_HEADER = 2") == 1007
    assert client.refused("CREATE STAGE s URL = 'http://example.com/'") == 2043
    assert client.refused("CREATE STAGE s URL = 's3://b/' CREDENTIALS = (AWS_KEY_ID = 'a')") == 2
    assert client.refused("CREATE STAGE s DIRECTORY = (AUTO_REFRESH = TRUE)") == 2


def test_an_external_stage_is_stored_and_its_files_refused(client):
    client.run("CREATE STAGE e URL = 's3://bucket/path/'")
    [shown] = client.execute("SHOW STAGES LIKE 'E'").table.to_pylist()
    assert (shown["type"], shown["cloud"], shown["url"]) == ("EXTERNAL", "AWS", "s3://bucket/path/")
    assert "external stage" in client.said("LIST @e")


def test_a_directory_table_is_as_of_its_refresh(client, put):
    client.run("CREATE STAGE st DIRECTORY = (ENABLE = TRUE)")
    put("@st/d", "a.csv", "12")
    assert client.rows("SELECT * FROM DIRECTORY(@st)") == []
    assert client.rows("ALTER STAGE st REFRESH") == [("d/a.csv", "REGISTERED_NEW", "File registered successfully.")]
    assert client.rows("SELECT relative_path, size FROM DIRECTORY(@st)") == [("d/a.csv", 2)]
    client.run("REMOVE @st")
    assert client.rows("ALTER STAGE st REFRESH")[0][1] == "UNREGISTERED"
    client.run("CREATE STAGE plain")
    assert client.refused("SELECT * FROM DIRECTORY(@plain)") == 2043


def test_reading_takes_read_and_writing_takes_write(connect, put):
    admin = connect()
    role = f"R_{admin.session.database}"
    admin.run(
        f"CREATE ROLE {role}",
        f"GRANT ROLE {role} TO USER sandbox_admin",
        f"GRANT USAGE ON DATABASE {admin.session.database} TO ROLE {role}",
        f"GRANT USAGE ON SCHEMA public TO ROLE {role}",
        "CREATE STAGE st",
    )
    put("@st", "a.csv", "1", admin)
    user = connect(role=role)
    assert user.refused("LIST @st") == 2003
    admin.run(f"GRANT READ ON STAGE st TO ROLE {role}")
    assert user.rows("SELECT $1 FROM @st") == [("1",)]
    assert user.refused("PUT file:///tmp/x @st") == 3001
    assert user.refused("REMOVE @st") == 3001
    assert user.refused("COPY INTO @st FROM (SELECT 1)") == 3001
    admin.run(f"GRANT WRITE ON STAGE st TO ROLE {role}")
    user.run("PUT file:///tmp/x @st", "REMOVE @st")
    assert user.refused("DROP STAGE st") == 3001
    assert user.refused("CREATE STAGE other") == 3001


def test_a_client_elsewhere_is_given_addresses_at_the_door(client, put):
    client.run("CREATE STAGE st")
    put("@st", "a b.csv", "1")
    client.session.address = "10.1.2.3"
    told = client.execute("PUT 'file:///tmp/x y.csv' @st").transfer
    assert told["stageInfo"]["locationType"] == "GCS"
    assert told["stageInfo"]["presignedUrl"].startswith("/stage-files/")
    assert told["stageInfo"]["presignedUrl"].endswith("/x%20y.csv")
    told = client.execute("GET @st file:///tmp").transfer
    assert [url.rpartition("/")[2] for url in told["presignedUrls"]] == ["a%20b.csv"]


def test_integrations_are_stored_and_their_secrets_not(client):
    client.run(
        "CREATE OR REPLACE STORAGE INTEGRATION si TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = 'S3' ENABLED = TRUE "
        "STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::1:role/r' STORAGE_ALLOWED_LOCATIONS = ('s3://a/', 's3://b/')",
        "CREATE OR REPLACE SECURITY INTEGRATION se TYPE = OAUTH OAUTH_CLIENT = CUSTOM OAUTH_CLIENT_SECRET = 'hidden'",
        "ALTER STORAGE INTEGRATION si SET ENABLED = FALSE",
    )
    described = {row[0]: row[2] for row in client.rows("DESC INTEGRATION si")}
    assert described["ENABLED"] == "false"
    assert described["STORAGE_ALLOWED_LOCATIONS"] == "s3://a/,s3://b/"
    assert described["STORAGE_AWS_IAM_USER_ARN"].startswith("arn:aws:iam::")
    assert "hidden" not in str(client.rows("DESC SECURITY INTEGRATION se"))
    assert [row[0] for row in client.rows("SHOW STORAGE INTEGRATIONS")] == ["SI"]
    assert client.refused("CREATE STORAGE INTEGRATION bad ENABLED = TRUE") == 2043
    client.run("DROP INTEGRATION si", "DROP INTEGRATION se")


def test_infer_schema_names_what_files_hold(client, put):
    client.run(
        "CREATE STAGE st",
        "CREATE FILE FORMAT h TYPE = CSV PARSE_HEADER = TRUE",
        "CREATE FILE FORMAT j TYPE = JSON",
    )
    put("@st/c", "a.csv", "id,Name,at,n\n1,x,2024-01-02,1.50\n20,y,2024-01-03,\n")
    inferred = client.rows(
        "SELECT column_name, type, expression FROM TABLE(INFER_SCHEMA(LOCATION => '@st/c', FILE_FORMAT => 'h'))"
    )
    assert inferred == [
        ("id", "NUMBER(2, 0)", "$1::NUMBER(2, 0)"),
        ("Name", "TEXT", "$2::TEXT"),
        ("at", "DATE", "$3::DATE"),
        ("n", "NUMBER(3, 2)", "$4::NUMBER(3, 2)"),
    ]
    put("@st/j", "a.json", '{"a": 1, "b": {"c": 1}}\n{"a": 2.5, "d": [1]}')
    inferred = client.rows("SELECT column_name, type FROM TABLE(INFER_SCHEMA(LOCATION => '@st/j', FILE_FORMAT => 'j'))")
    assert inferred == [("a", "NUMBER(2, 1)"), ("b", "OBJECT"), ("d", "ARRAY")]
    client.run(
        "CREATE TABLE t USING TEMPLATE (SELECT ARRAY_AGG(OBJECT_CONSTRUCT(*)) FROM "
        "TABLE(INFER_SCHEMA(LOCATION => '@st/c', FILE_FORMAT => 'h', IGNORE_CASE => TRUE)))"
    )
    assert [row[0] for row in client.rows("DESC TABLE t")] == ["ID", "NAME", "AT", "N"]


def test_a_staged_file_is_executed_with_jinja(client, put):
    client.run("CREATE STAGE scripts", "CREATE TABLE made (n INT)")
    put("@scripts/lib", "part.sql", "INSERT INTO made VALUES (1);")
    put(
        "@scripts",
        "all.sql",
        "--!jinja\n{% for n in range(first, 4) %}INSERT INTO made VALUES ({{ n }});\n{% endfor %}"
        "EXECUTE IMMEDIATE FROM './lib/part.sql';\nSELECT COUNT(*) FROM made;",
    )
    assert client.one("EXECUTE IMMEDIATE FROM @scripts/all.sql USING (first => 1 + 1)") == 3
    dry = client.one("EXECUTE IMMEDIATE FROM '@scripts/all.sql' USING (first => 3) DRY_RUN = TRUE")
    assert dry.startswith("\nINSERT INTO made VALUES (3);")
    put("@scripts", "bad.sql", "SELECT 1;\nSELECT nope;")
    assert "statement 2 of file '@scripts/bad.sql'" in client.said("EXECUTE IMMEDIATE FROM @scripts/bad.sql")
    put("@scripts", "worse.sql", "--!jinja\n{% for %}")
    assert client.refused("EXECUTE IMMEDIATE FROM @scripts/worse.sql") == 3606
    put("@scripts", "self.sql", "EXECUTE IMMEDIATE FROM @scripts/self.sql")
    assert client.refused("EXECUTE IMMEDIATE FROM @scripts/self.sql") == 3601
    assert client.refused("EXECUTE IMMEDIATE FROM @scripts/none.sql") == 3603
    assert client.refused("EXECUTE IMMEDIATE FROM './all.sql'") == 3602


def test_schemas_are_cloned_with_formats_and_without_files(client, put):
    client.run("CREATE SCHEMA s1", "CREATE STAGE s1.st", "CREATE FILE FORMAT s1.f TYPE = JSON")
    put("@s1.st", "a", "1")
    client.run("CREATE STAGE s1.ext URL = 's3://b/'", "CREATE SCHEMA s2 CLONE s1")
    assert [row[1] for row in client.rows("SHOW FILE FORMATS IN SCHEMA s2")] == ["F"]
    assert [row[1] for row in client.rows("SHOW STAGES IN SCHEMA s2")] == ["EXT"]


def test_files_survive_a_restart(tmp_path):
    from runner.sandbox import bootstrap
    from runner.sandbox.engine import Engine

    engine = Engine.open(tmp_path)
    bootstrap.create_organization(engine.catalog, tmp_path)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    for text in ("CREATE DATABASE d", "CREATE STAGE st", "COPY INTO @st/x FROM (SELECT 1)"):
        engine.execute(session, text)
    engine.close()
    engine = Engine.open(tmp_path)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", database="D", schema="PUBLIC")
    assert engine.execute(session, "SELECT $1 FROM @st").rows() == [("1",)]
    engine.close()


def test_a_compressed_file_is_found_out_by_its_bytes(client, put):
    client.run("CREATE STAGE st")
    put("@st", "plain_name", gzip.compress(b"5\n"))
    assert client.rows("SELECT $1 FROM @st") == [("5",)]
    put("@st", "broken.gz", gzip.compress(b"5\n")[:12])
    with pytest.raises(SnowflakeError) as caught:
        client.execute("SELECT $1 FROM @st/broken.gz")
    assert caught.value.errno == 100109
