"""The Snowflake release whose documentation the sandbox follows: what CURRENT_VERSION() and a login say."""

VERSION = "9.38.0"
