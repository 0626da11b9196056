"""SnowDDL as it is, with the sandbox's address as the connector's default: its command line knows no host."""

import os
import sys
from functools import partial

import snowflake.connector

snowflake.connector.connect = partial(
    snowflake.connector.connect, host="127.0.0.1", port=int(os.environ["SANDBOX_PORT"]), protocol="http"
)

from snowddl.app.base import BaseApp  # noqa: E402

sys.argv[0] = "snowddl"
BaseApp().execute()
