"""The role and the user that SnowDDL's own guide asks for, made by an administrator."""

import os

import snowflake.connector

connection = snowflake.connector.connect(
    account="imsdlc",
    user="SVC4SNOWFLAKEDEPLOY",
    password=os.environ["SANDBOX_PAT"],
    host="127.0.0.1",
    port=int(os.environ["SANDBOX_PORT"]),
    protocol="http",
)
connection.execute_string(
    f"""
    CREATE ROLE SNOWDDL_ADMIN;
    GRANT ROLE SYSADMIN TO ROLE SNOWDDL_ADMIN;
    GRANT ROLE SECURITYADMIN TO ROLE SNOWDDL_ADMIN;
    GRANT ROLE SNOWDDL_ADMIN TO ROLE ACCOUNTADMIN;
    CREATE USER SNOWDDL TYPE = LEGACY_SERVICE PASSWORD = '{os.environ["SNOWFLAKE_PASSWORD"]}'
        DEFAULT_ROLE = SNOWDDL_ADMIN;
    GRANT ROLE SNOWDDL_ADMIN TO USER SNOWDDL;
    """
)
