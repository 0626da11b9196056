"""IMPORTS: staged files that the code of a routine imports or reads."""

import io
import zipfile
from pathlib import Path

import pytest

HEAD = "LANGUAGE PYTHON RUNTIME_VERSION = '3.11'"
MODULE = "def twice(x):\n  return x * 2\nclass Rows:\n  def process(self, n):\n    yield (n,)\n    yield (n + 1,)\n"


@pytest.fixture
def put(client):
    client.run("CREATE STAGE s")

    def put(name, content):
        told = client.execute("PUT file:///tmp/x @s AUTO_COMPRESS = FALSE").transfer
        Path(told["stageInfo"]["location"], name).write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )

    return put


def archive(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, content in files.items():
            file.writestr(f"{name}.py", content)
    return data.getvalue()


def test_a_handler_in_a_staged_file(client, put):
    put("mod.py", MODULE)
    client.run(f"CREATE FUNCTION twice(x INT) RETURNS INT {HEAD} IMPORTS = ('@s/mod.py') HANDLER = 'mod.twice'")
    assert client.one("SELECT twice(21)") == 42
    client.run(
        f"CREATE FUNCTION rows_(n INT) RETURNS TABLE (m INT) {HEAD} IMPORTS = ('@s/mod.py') HANDLER = 'mod.Rows'"
    )
    assert client.rows("SELECT m FROM TABLE(rows_(1))") == [(1,), (2,)]
    head = f"{HEAD} PACKAGES = ('snowflake-snowpark-python')"
    put("proc.py", "def run(session):\n  return session.sql('SELECT 7').collect()[0][0]")
    client.run(f"CREATE PROCEDURE p() RETURNS INT {head} IMPORTS = ('@s/proc.py') HANDLER = 'proc.run'")
    assert client.one("CALL p()") == 7
    text = client.one("SELECT GET_DDL('FUNCTION', 'twice(NUMBER)')")
    assert "IMPORTS = ('@DB" in text
    assert text.endswith("HANDLER = 'mod.twice';")
    client.run(text)
    assert client.one("SELECT twice(2)") == 4
    shown = dict(client.rows("DESCRIBE FUNCTION twice(INT)"))
    assert shown["imports"].endswith(".PUBLIC.S/mod.py]")
    put("mod.py", MODULE.replace("* 2", "* 3"))
    assert client.one("SELECT twice(2)") == 6


def test_code_imports_modules_archives_and_reads_data(client, put):
    put("mod.py", MODULE)
    put("lib.zip", archive(inside="ANSWER = 42"))
    put("data.txt", "ä")
    body = (
        "import sys, mod, inside\ndef f(x):\n"
        "  with open(sys._xoptions['snowflake_import_directory'] + 'data.txt', encoding='utf-8') as file:\n"
        "    return f'{mod.twice(x)} {inside.ANSWER} {file.read()}'"
    )
    imports = "IMPORTS = ('@s/mod.py', '@PUBLIC.s/lib.zip', '@s/data.txt')"
    client.run(f"CREATE FUNCTION f(x INT) RETURNS VARCHAR {HEAD} {imports} HANDLER = 'f' AS $$\n{body}\n$$")
    assert client.one("SELECT f(1)") == "2 42 ä"


def test_a_procedure_without_a_name_takes_them_too(client, put):
    put("proc.py", "def run(session, n):\n  return n + 1")
    head = f"{HEAD} PACKAGES = ('snowflake-snowpark-python') IMPORTS = ('@s/proc.py')"
    made = f"WITH p AS PROCEDURE (n INT) RETURNS INT {head} HANDLER = 'proc.run' CALL p(1)"
    assert client.one(made) == 2
    code = "AS 'import proc\ndef go(session, n):\n  return proc.run(session, n) * 10'"
    assert client.one(f"WITH p AS PROCEDURE (n INT) RETURNS INT {head} HANDLER = 'go' {code} CALL p(1)") == 20


@pytest.mark.parametrize(
    ("imports", "errno"),
    [("'@s/none.py'", 2003), ("'@none/mod.py'", 2003), ("'@s/../mod.py'", 2003), ("'mod.py'", 1003), ("'@~/mod.py'", 2),
     ("'@s/mod'", 2003), ("'@s/mod.py', '@s/mod.py'", 1003), ("'file:///etc/passwd'", 1003)],
)  # fmt: skip
def test_what_is_not_there_cannot_be_imported(client, put, imports, errno):
    put("mod.py", MODULE)
    assert (
        client.refused(f"CREATE FUNCTION f(x INT) RETURNS INT {HEAD} IMPORTS = ({imports}) HANDLER = 'mod.twice'")
        == errno
    )


def test_other_languages_take_no_imports(client, put):
    put("mod.py", MODULE)
    assert client.refused("CREATE FUNCTION f() RETURNS INT IMPORTS = ('@s/mod.py') AS '1'") == 1003
    text = "CREATE FUNCTION f() RETURNS FLOAT LANGUAGE JAVASCRIPT IMPORTS = ('@s/mod.py') AS 'return 1'"
    assert client.refused(text) == 1003


def test_who_calls_it_need_not_read_the_stage_but_who_makes_it_must(client, put, connect, database):
    put("mod.py", MODULE)
    made = f"CREATE OR REPLACE FUNCTION {{}}(x INT) RETURNS INT {HEAD} IMPORTS = ('@s/mod.py') HANDLER = 'mod.twice'"
    client.run(made.format("twice"), "CREATE ROLE IF NOT EXISTS importer", "GRANT ROLE importer TO USER sandbox_admin")
    client.run(f"GRANT USAGE ON DATABASE {database} TO ROLE importer", "GRANT USAGE ON SCHEMA public TO ROLE importer")
    client.run(
        "GRANT CREATE FUNCTION ON SCHEMA public TO ROLE importer", "GRANT USAGE ON FUNCTION twice(INT) TO ROLE importer"
    )
    user = connect(role="IMPORTER")
    assert user.one("SELECT twice(2)") == 4
    assert user.refused(made.format("mine")) == 2003
    client.run("GRANT READ ON STAGE s TO ROLE importer")
    user.run(made.format("mine"))
    client.run("REMOVE @s")
    assert "File '@" in client.said("SELECT twice(2)")
    client.run("DROP STAGE s")
    assert client.refused("SELECT twice(2)") == 2003


def test_external_access_is_kept_and_reaches_nothing(client, connect, database):
    client.run(
        "CREATE OR REPLACE NETWORK RULE nr TYPE = HOST_PORT MODE = EGRESS VALUE_LIST = ('example.com')",
        f"CREATE EXTERNAL ACCESS INTEGRATION outside ALLOWED_NETWORK_RULES = ({database}.PUBLIC.nr) ENABLED = TRUE",
    )
    body = "import socket\ndef f(n):\n  return n if n else len(socket.create_connection(('127.0.0.1', 80)))"
    made = f"{HEAD} EXTERNAL_ACCESS_INTEGRATIONS = (outside) HANDLER = 'f' AS $$\n{body}\n$$"
    client.run(f"CREATE FUNCTION f(n INT) RETURNS INT {made}")
    assert client.one("SELECT f(7)") == 7
    assert client.refused("SELECT f(0)") == 100357
    text = client.one("SELECT GET_DDL('FUNCTION', 'f(NUMBER)')")
    assert 'EXTERNAL_ACCESS_INTEGRATIONS = ("OUTSIDE")' in text
    client.run(text)
    assert dict(client.rows("DESCRIBE FUNCTION f(INT)"))["external_access_integrations"] == "[OUTSIDE]"
    client.run("CREATE ROLE IF NOT EXISTS caller_out", "GRANT ROLE caller_out TO USER sandbox_admin")
    client.run(
        f"GRANT USAGE ON DATABASE {database} TO ROLE caller_out", "GRANT ALL ON SCHEMA public TO ROLE caller_out"
    )
    other = connect(role="CALLER_OUT")
    assert other.refused(f"CREATE FUNCTION g(n INT) RETURNS INT {made}") == 2003
    client.run("GRANT USAGE ON INTEGRATION outside TO ROLE caller_out")
    other.run(f"CREATE FUNCTION g(n INT) RETURNS INT {made}")
    assert client.refused(f"CREATE FUNCTION h(n INT) RETURNS INT {made.replace('outside', 'nowhere')}") == 2003
    assert client.refused(f"CREATE FUNCTION h(n INT) RETURNS INT {HEAD} SECRETS = ('a' = b) HANDLER = 'f' AS ''") == 2
