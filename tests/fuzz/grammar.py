"""Statements that nobody would write: seeds bent token by token, calls of every function with any arguments, and
what reaches for what lies outside of the sandbox. Drawn from one random source, so that a seed gives them again."""

from __future__ import annotations

import random
import re
from pathlib import Path

from runner.sandbox import system_functions
from runner.sandbox.query.functions import SPECIAL, TABLE

SEEDS = tuple(
    text.strip()
    for text in re.split(r";\s*\n", (Path(__file__).parent / "seeds.sql").read_text(encoding="utf-8"))
    if text.strip()
)
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\$\$.*?\$\$|\w+|\s+|.", re.DOTALL)
FUNCTIONS = tuple(sorted({*TABLE, *SPECIAL, *system_functions.FUNCTIONS} - {"SYSTEM$WAIT"}))
_VALUES = (
    "NULL", "0", "1", "-1", "2.5", "1e300", "99999999999999999999999999999999999999", "-0.000000000000000001", "''",
    "'a'", "'abc def'", "'12'", "'1.5'", "'2024-02-30'", "'2024-02-29'", "'2024-02-29 12:34:56.789 +02:00'", "'%_'",
    "'[1, 2'", "'(a|'", "'YYYY-MM-DD'", "'day'", "'UTC'", "'Nowhere/Land'", "'😀\u0301'", "REPEAT('x', 3000)", "TRUE",
    "CURRENT_DATE", "CURRENT_TIMESTAMP", "'12:30:00'::TIME", "PARSE_JSON('{\"a\": [1, null]}')",
    "ARRAY_CONSTRUCT(1, 'a')",
    "OBJECT_CONSTRUCT('k', 1)", "TO_BINARY('AB')", "1::FLOAT", "'NaN'::FLOAT", "'inf'::FLOAT", "T.N", "T.S",
    "T.V", "T.D",
    "(SELECT 1)", "*", "T.*", "DISTINCT T.N", "9007199254740993::VARIANT", "INTERVAL '1 day'", "DATE '0001-01-01'",
    "'fuzz_probe()'", "'{1}'", "'{0}'", "'{}'", "'{this}'", "'1) || fuzz_probe()'", "''' || fuzz_probe() || '''",
    "TIMESTAMP '9999-12-31 23:59:59.999999999'", "X'00'", "a => 1",
)  # fmt: skip
_WORDS = (
    "SELECT", "FROM", "WHERE", "GROUP", "BY", "ORDER", "LIMIT", "TABLE", "(", ")", ",", ";", ".", "*", "=", "::", ":",
    "[", "]", "->", "=>", "'", '"', "$$", "--", "/*", "*/", "AS", "IN", "NOT", "NULL", "IF", "EXISTS", "OR", "REPLACE",
    "IDENTIFIER", "?", "$1", "$x", ":1", "@~", "@%T", "%", "\\", "\x00", "\u2028", "\ufeff", "´", "WITH",
    "LATERAL", "OVER",
    "QUALIFY", "PARTITION", "BETWEEN", "INTERVAL", "CAST", "CASE", "END", "BEGIN", "DECLARE", "LET", "RETURN",
    "FOR", "DO",
    "LOOP", "EXCEPTION", "CLONE", "AT", "COMMENT", "SET", "UNSET", "ALL", "DISTINCT", "UNION", "JOIN", "ON",
    "USING", "T",
    "T.N", "N", "S", "V", "DB", "PUBLIC", "-1", "0", "1", "1e400", "99999999999999999999999999999999999999999", "'x'",
)  # fmt: skip
OUTSIDE = (
    "SELECT * FROM read_csv('{secret}')", "SELECT * FROM read_text('{secret}')", "SELECT * FROM '{secret}'",
    "SELECT read_blob('{secret}')", "SELECT * FROM \"{secret}\"", "SELECT * FROM glob('{root}/*')",
    "SELECT * FROM IDENTIFIER('read_csv(''{secret}'')')", "SELECT * FROM TABLE(read_text('{secret}'))",
    "SELECT * FROM sniff_csv('{secret}')", "SELECT * FROM parquet_scan('{secret}')", "SELECT getenv('HOME')",
    "ATTACH '{root}/org.duckdb' AS o", "LOAD httpfs", "INSTALL httpfs", "PRAGMA database_list", "CHECKPOINT",
    "EXPORT DATABASE '{root}/x'", "IMPORT DATABASE '{root}/x'", "COPY (SELECT 1) TO '{root}/fuzzed'", "DETACH main",
    "SELECT * FROM duckdb_tables()", "SELECT * FROM duckdb_settings()", "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM main._catalog", "SELECT * FROM _catalog", "SELECT * FROM sqlite_master", "SELECT * FROM s1",
    "SELECT * FROM main.s1", "SELECT * FROM pg_catalog.pg_tables", "SELECT * FROM pragma_table_info('_catalog')",
    "SET memory_limit = '1GB'", "SET enable_external_access = true", "RESET ALL", "CALL pragma_version()",
    "SELECT error('SF:1:2:3')", "SELECT current_setting('threads')", "SELECT query('select 1')", "FROM _catalog",
    "SELECT * FROM query('select 1')", "SELECT * FROM query_table('_catalog')", "SELECT * FROM which_secret('a','b')",
    "DESCRIBE _catalog", "SUMMARIZE T", "VACUUM", "ANALYZE", "EXECUTE x", "PREPARE x AS SELECT 1", "DEALLOCATE x",
    "CREATE MACRO m() AS 1", "CREATE SECRET s (TYPE S3)", "CREATE TYPE e AS ENUM ('a')", "USE main", "INSTALL json",
    "COPY INTO T FROM @~/../../../..{secret} FILE_FORMAT = (TYPE = CSV)", "LIST @~/../..", "REMOVE @~/../../",
    "PUT 'file://{secret}' @~/../../x", "GET @~/../../../..{secret} 'file://{root}/fuzzed'", "SELECT $1 FROM @~/../..",
    "COPY INTO @~/../../../..{root}/fuzzed FROM T", "COPY INTO 'file://{root}/fuzzed' FROM T", "LIST 'file://{root}'",
    "EXECUTE IMMEDIATE FROM '@~/../../../..{secret}'", "SELECT $1 FROM 'file://{secret}'",
    "CREATE STAGE st URL = 'file://{root}'", "SELECT * FROM DIRECTORY(@~/..)",
    "SELECT * FROM OTHER_ACCOUNT.PUBLIC.CANARY",
    "SELECT * FROM IMSDLC.OTHERS.PUBLIC.CANARY", "SELECT * FROM OTHERS.PUBLIC.CANARY", "SHOW TABLES IN ACCOUNT IMSDLC",
    "SELECT * FROM TABLE(RESULT_SCAN('{others}'))", "SELECT SYSTEM$CANCEL_QUERY('{others}')",
    "SELECT * FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY())", "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY",
)  # fmt: skip
"""What must never show a file, another account's row, or the engine's own objects."""


class Grammar:
    """Statements without end; the same ones for the same random source."""

    def __init__(self, source: random.Random, places: dict[str, str]) -> None:
        self._source = source
        self._places = places

    def statement(self) -> str:
        """One statement, of any of the kinds."""
        kind = self._source.random()
        if kind < 0.40:
            return self._call()
        if kind < 0.80:
            return self._bent(self._source.choice(SEEDS), self._source.randint(1, 4))
        if kind < 0.92:
            return self._outside()
        return self._crossed()

    def _call(self) -> str:
        text = self._expression(self._source.choice((1, 1, 2)))
        return self._source.choice(
            ("SELECT {0}", "SELECT {0} FROM T", "SELECT {0} OVER (PARTITION BY N ORDER BY S) FROM T",
             "SELECT N, {0} FROM T GROUP BY N", "SELECT * FROM TABLE({0})", "SELECT * FROM T WHERE {0}",
             "SELECT * FROM T, LATERAL FLATTEN({0})",
             "SELECT * FROM T, LATERAL FLATTEN(INPUT => {0}, PATH => 'fuzz_probe()') AS \"{{this}}\"",
    "SELECT {0} WITHIN GROUP (ORDER BY N) FROM T")
        ).format(text)  # fmt: skip

    def _expression(self, depth: int) -> str:
        name = self._source.choice(FUNCTIONS)
        count = self._source.choice((0, 1, 1, 2, 2, 2, 3, 3, 4, 7))
        return f"{name}({', '.join(self._argument(depth) for _ in range(count))})"

    def _argument(self, depth: int) -> str:
        if depth > 1 and self._source.random() < 0.3:
            return self._expression(depth - 1)
        return self._source.choice(_VALUES)

    def _bent(self, text: str, times: int) -> str:
        tokens = _TOKEN.findall(text)
        for _ in range(times):
            self._bend(tokens)
        return "".join(tokens)

    def _bend(self, tokens: list[str]) -> None:
        if not tokens:
            return
        draw, at = self._source, self._source.randrange(len(tokens))
        match draw.randrange(7):
            case 0:
                del tokens[at]
            case 1:
                tokens.insert(at, tokens[draw.randrange(len(tokens))])
            case 2:
                tokens[at] = draw.choice(_WORDS)
            case 3:
                tokens.insert(at, f" {draw.choice(_WORDS)} ")
            case 4:
                other = draw.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 5:
                tokens[at] = draw.choice(_VALUES)
            case _:
                del tokens[at + 1 :]

    def _outside(self) -> str:
        text = self._source.choice(OUTSIDE)
        for name, place in self._places.items():
            text = text.replace("{" + name + "}", place)
        return text if self._source.random() < 0.7 else self._bent(text, 1)

    def _crossed(self) -> str:
        """The beginning of one seed, the end of another."""
        first, second = (_TOKEN.findall(self._source.choice(SEEDS)) for _ in range(2))
        cut = self._source.randrange(len(first))
        return "".join(first[:cut] + second[self._source.randrange(len(second)) :])
