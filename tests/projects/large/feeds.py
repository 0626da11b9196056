"""The landing area of the estate `large`: 22 feeds that arrive alike, so their SQL is written by this file.

`python -m tests.projects.large.feeds` writes imcust/20_raw.sql again; a test holds the two together.
"""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).parent / "imcust" / "20_raw.sql"

FEEDS = {
    "METER_READS": "meter_no:VARCHAR(20) read_at:TIMESTAMP_NTZ(9) kwh:NUMBER(18,3) quality:VARCHAR(4)",
    "METER_EVENTS": "meter_no:VARCHAR(20) event_code:NUMBER(6,0) raised_at:TIMESTAMP_TZ(9)",
    "METER_MASTER": "meter_no:VARCHAR(20) model:VARCHAR(40) installed_on:DATE site_code:VARCHAR(12)",
    "SITES": "site_code:VARCHAR(12) street:VARCHAR(200) post_code:VARCHAR(10) city:VARCHAR(80)",
    "GRID_OPERATORS": "operator_code:VARCHAR(8) operator_name:VARCHAR(200)",
    "GRID_FEES": "operator_code:VARCHAR(8) valid_from:DATE fee_per_kwh:NUMBER(12,6)",
    "CUSTOMERS": "customer_no:NUMBER(12,0) full_name:VARCHAR(200) e_mail:VARCHAR(320) born_on:DATE",
    "CONTACTS": "customer_no:NUMBER(12,0) channel:VARCHAR(20) contact_value:VARCHAR(320)",
    "CONTRACTS": "contract_no:NUMBER(12,0) customer_no:NUMBER(12,0) site_code:VARCHAR(12) starts_on:DATE ends_on:DATE",
    "TARIFFS": "tariff_code:VARCHAR(12) tariff_name:VARCHAR(100) is_green:BOOLEAN",
    "TARIFF_PRICES": "tariff_code:VARCHAR(12) valid_from:DATE base_price:NUMBER(12,4) unit_price:NUMBER(12,6)",
    "PAYMENTS": "payment_no:NUMBER(14,0) account_no:NUMBER(12,0) paid_on:DATE amount:NUMBER(14,2) reference:VARCHAR",
    "BANK_STATEMENTS": "statement_no:NUMBER(14,0) iban:VARCHAR(34) booked_on:DATE amount:NUMBER(14,2)",
    "DIRECT_DEBITS": "mandate:VARCHAR(35) account_no:NUMBER(12,0) signed_on:DATE",
    "CASES": "case_no:NUMBER(12,0) customer_no:NUMBER(12,0) opened_at:TIMESTAMP_NTZ(9) subject:VARCHAR",
    "CASE_NOTES": "case_no:NUMBER(12,0) note_no:NUMBER(5,0) note:VARCHAR",
    "CAMPAIGNS": "campaign_code:VARCHAR(20) starts_on:DATE budget:NUMBER(14,2)",
    "LEADS": "lead_no:NUMBER(12,0) e_mail:VARCHAR(320) score:FLOAT",
    "WEATHER": "station_code:VARCHAR(8) day:DATE temp_avg:FLOAT temp_max:FLOAT",
    "WEATHER_STATIONS": "station_code:VARCHAR(8) station_name:VARCHAR(100) lat:FLOAT lon:FLOAT",
    "SPOT_PRICES": "delivery_at:TIMESTAMP_NTZ(9) price:NUMBER(12,4) currency:VARCHAR(3)",
    "FX_RATES": "currency:VARCHAR(3) day:DATE rate:NUMBER(18,9)",
}
LOADED = ("METER_READS", "METER_MASTER", "SITES", "CUSTOMERS", "CONTRACTS", "TARIFFS", "PAYMENTS", "CASES", "CAMPAIGNS",
          "WEATHER", "SPOT_PRICES", "FX_RATES")  # fmt: skip
ROWS = 40


def value(name: str, kind: str, feed: str) -> str:
    """A value of row N: the same each time, with an unknown one now and then where keys allow it."""
    key = name.endswith(("_no", "_code")) or name in ("mandate", "currency", "day")
    plain = _plain(name, kind.partition("(")[0], feed)
    return plain if key else f"IFF(MOD(N, 13) = 0, NULL, {plain})"


def _plain(name: str, kind: str, feed: str) -> str:
    match kind:
        case "VARCHAR" if name == "currency":
            return "CASE MOD(N, 3) WHEN 0 THEN 'USD' WHEN 1 THEN 'DKK' ELSE 'EUR' END"
        case "VARCHAR" if name.endswith(("_no", "_code")):
            return f"'{name[:1].upper()}' || LPAD(N::VARCHAR, 5, '0')"
        case "VARCHAR" if name in ("model", "channel", "quality"):
            return f"SUBSTR('{name}', 1, 3) || MOD(N, 4)"
        case "VARCHAR":
            return f"'{feed.lower()} {name} ' || N"
        case "DATE":
            return "DATEADD('day', N * 3, '2023-01-01'::DATE)"
        case "TIMESTAMP_NTZ":
            return "DATEADD('minute', N * 15, '2024-03-01 00:00:00'::TIMESTAMP_NTZ)"
        case "TIMESTAMP_TZ":
            return "DATEADD('minute', N * 7, TO_TIMESTAMP_TZ('2024-03-31 01:30:00 +0100'))"
        case "BOOLEAN":
            return "MOD(N, 2) = 0"
        case "FLOAT":
            return "N / 8::FLOAT"
        case _:
            return "N" if name.endswith("_no") else "N * 1.25"


def columns(feed: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, _, kind in (word.partition(":") for word in FEEDS[feed].split())]


def table(feed: str) -> str:
    lines = "".join(f"    {name.upper():<16}{kind},\n" for name, kind in columns(feed))
    return (
        f"CREATE OR REPLACE TABLE RAW.{feed} (\n{lines}"
        f"    _FILE           VARCHAR DEFAULT 's3://prod_energy/{feed.lower()}/',\n"
        "    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,\n    _PAYLOAD        VARIANT\n"
        f") COMMENT = 'feed {feed.lower()}; kept as it came';\n"
    )


def rows(feed: str) -> str:
    values = ",\n    ".join(value(name, kind, feed) for name, kind in columns(feed))
    names = ", ".join(name.upper() for name, _ in columns(feed))
    return (
        f"INSERT INTO RAW.{feed} ({names}, _LOADED_AT, _PAYLOAD)\nSELECT\n    {values},\n"
        f"    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', '{feed.lower()}')\n"
        f"FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => {ROWS})));\n"
    )


def view(feed: str) -> str:
    """Half of the views name their tables in full, half as the team does since it moved to dbt."""
    names = ", ".join(name for name, _ in columns(feed))
    if list(FEEDS).index(feed) % 2:
        lines = "\n    , ".join(f"r.{name}" for name, _ in columns(feed))
        return (
            f"create or replace view staging.stg_{feed.lower()} as\n-- from raw.{feed.lower()}\n"
            f"with source as (select * from raw.{feed.lower()})\nselect\n    {lines}\n    , r._loaded_at\n"
            f"from source as r\nqualify row_number() over (partition by {columns(feed)[0][0]} "
            f"order by r._loaded_at desc, hash(*) ) = 1;\n".replace("hash(*) ", columns(feed)[1][0])
        )
    return (
        f"CREATE OR REPLACE VIEW STAGING.STG_{feed} ({names.upper()}, _LOADED_AT) COMMENT = 'typed rows of {feed}'\n"
        f"AS SELECT {names}, _LOADED_AT FROM PROD_ENERGY.RAW.{feed} WHERE _LOADED_AT IS NOT NULL;\n"
    )


def procedure(feed: str) -> str:
    """Counts what is new in a feed into OPS.WATERMARK and says so in OPS.JOB_LOG."""
    return (
        f"CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_{feed}()\nRETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER\nAS\n$$\n"
        f"DECLARE\n    arrived NUMBER DEFAULT 0;\nBEGIN\n"
        f"    SELECT COUNT(*) INTO :arrived FROM STG_{feed};\n"
        "    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w\n"
        f"    USING (SELECT '{feed}' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED\n"
        "    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN\n"
        "    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);\n"
        f"    CALL OPS.SP_LOG('load', '{feed}: ' || :arrived || ' rows');\n"
        f"    RETURN '{feed}: ' || arrived;\nEND;\n$$;\n"
    )


def text() -> str:
    """The whole file."""
    parts = [
        "-- Written by feeds.py. The landing tables, the staging views over them, and the loaders.\n",
        "USE DATABASE PROD_ENERGY;\n",
        *(piece for feed in FEEDS for piece in (table(feed), rows(feed), view(feed))),
        *(procedure(feed) for feed in LOADED),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
