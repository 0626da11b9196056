"""Credentials and connector blocks, as a flow uses them."""

import os

from prefect_snowflake import SnowflakeConnector, SnowflakeCredentials
from tour import end, step

os.environ["PREFECT_HOME"] = os.environ["SANDBOX_WORK"]
credentials = SnowflakeCredentials(
    account="imsdlc", user="svc4snowflakedeploy", password=os.environ["SANDBOX_PAT"], role="ACCOUNTADMIN"
)
sandbox = {"host": "127.0.0.1", "port": int(os.environ["SANDBOX_PORT"]), "protocol": "http"}


def client():
    with credentials.get_client(**sandbox) as connection:
        return connection.cursor().execute("SELECT CURRENT_ROLE()").fetchone()


class Local(SnowflakeConnector):
    """The block with the sandbox's address."""

    def get_connection(self, **options):
        return super().get_connection(**sandbox, **options)


def opened():
    return Local(
        credentials=credentials, database=os.environ["SANDBOX_DATABASE"], warehouse="ADMIN_WH", schema="PUBLIC"
    )


def rows():
    with opened() as block:
        block.execute("CREATE OR REPLACE TABLE P (N INT, S VARCHAR)")
        block.execute("INSERT INTO P VALUES (1, 'a'), (2, 'b'), (3, NULL)")
        one = block.fetch_one("SELECT COUNT(*) FROM P")
        many = block.fetch_many("SELECT N FROM P ORDER BY N", size=2)
        rest = block.fetch_many("SELECT N FROM P ORDER BY N", size=2)
        every = block.fetch_all("SELECT S FROM P WHERE N > %(n)s ORDER BY N", parameters={"n": 1})
        return one, many, rest, every


def several():
    with opened() as block:
        values = [{"n": 4, "s": "d"}, {"n": 5, "s": "e"}]
        block.execute_many("INSERT INTO P VALUES (%(n)s, %(s)s)", seq_of_parameters=values)
        return block.fetch_one("SELECT COUNT(*) FROM P")


def nothing():
    with opened() as block:
        return block.fetch_all("SELECT N FROM P WHERE N > 100")


step("SnowflakeCredentials.get_client", client, ("ACCOUNTADMIN",))
step(
    "SnowflakeConnector: execute, fetch_one, fetch_many, fetch_all",
    rows,
    ((3,), [(1,), (2,)], [(3,)], [("b",), (None,)]),
)
step("execute_many", several, (5,))
step("no rows", nothing, [])
end()
