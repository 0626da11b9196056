"""A gateway as one writes it for Snowflake itself; SQLMesh knows no `protocol`, so it comes with TLS."""

import os

from sqlmesh.core.config import Config, DuckDBConnectionConfig, GatewayConfig, ModelDefaultsConfig
from sqlmesh.core.config.connection import SnowflakeConnectionConfig

config = Config(
    gateways={
        "sandbox": GatewayConfig(
            connection=SnowflakeConnectionConfig(
                account="imsdlc",
                user="svc4snowflakedeploy",
                password=os.environ["SANDBOX_PAT"],
                host="localhost",
                port=int(os.environ["SANDBOX_TLS_PORT"]),
                database=os.environ["SANDBOX_DATABASE"],
                warehouse="ADMIN_WH",
                role="ACCOUNTADMIN",
                concurrent_tasks=2,
            ),
            state_connection=DuckDBConnectionConfig(database="state.db"),
        )
    },
    default_gateway="sandbox",
    model_defaults=ModelDefaultsConfig(dialect="snowflake", start="2024-01-01"),
)
