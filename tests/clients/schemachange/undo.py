"""Take the last version back by hand, as schemachange's users do: the object, and its row of the history."""

import os

import snowflake.connector

connection = snowflake.connector.connect(
    account="imsdlc",
    user="svc4snowflakedeploy",
    authenticator="PROGRAMMATIC_ACCESS_TOKEN",
    token=os.environ["SANDBOX_PAT"],
    host="127.0.0.1",
    port=int(os.environ["SANDBOX_PORT"]),
    protocol="http",
    role="ACCOUNTADMIN",
    database=os.environ["SANDBOX_DATABASE"],
    schema="PUBLIC",
)
cursor = connection.cursor()
cursor.execute("ALTER TABLE T DROP COLUMN M")
cursor.execute("DELETE FROM SCHEMACHANGE.CHANGE_HISTORY WHERE VERSION = '1.1.0'")
assert cursor.rowcount == 1
connection.close()
