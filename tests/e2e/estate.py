"""The estate of the brief and the project as it is shipped: two accounts, four scripts."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.e2e.project import Project

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("versions", "templates", "config", "plans")


def shipped(estate: Project) -> None:
    """The scripts, templates and settings as they are shipped, whatever a test made of them."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, estate.root / folder, dirs_exist_ok=True)


def back(estate: Project) -> None:
    """Everything as it was seeded, whatever the test left: the scripts' own objects and the history are dropped."""
    for sentence in (
        "DROP DATABASE IF EXISTS IMCUST_MIGR",
        "DROP SCHEMA IF EXISTS DEV_DB.MIGRATION_CONTROL",
        *(f"DROP {kind} IF EXISTS DEV_DB.{name}" for kind, name in TARGET),
    ):
        estate.ask("imsdlc", sentence)
    for sentence in (
        "DROP SHARE IF EXISTS MIGR_SHARE",
        "DROP DATABASE IF EXISTS MIGR_SHARE_DB",
        "DROP DATABASE IF EXISTS DEPLOY_DB",
    ):
        estate.ask("imcust", sentence)


TARGET = [
    ("VIEW", "MART_INVESTMENTS_BOLT.VW_CURRENT_HOLDINGS"),
    ("PROCEDURE", "MART_INVESTMENTS_BOLT.SP_LOAD_DIM_STOCKS()"),
    ("PROCEDURE", "MART_INVESTMENTS_BOLT.SP_CALCULATE_DAILY_POSITIONS(DATE, NUMBER)"),
    *(
        ("TABLE", f"MART_INVESTMENTS_BOLT.{name}")
        for name in ("FACT_DAILY_POSITIONS", "FACT_TRANSACTIONS", "DIM_PORTFOLIOS", "DIM_STOCKS")
    ),
    ("SEQUENCE", "MART_INVESTMENTS_BOLT.SEQ_STOCK_ID"),
    ("TABLE", "SRC_INVESTMENTS_BOLT.STOCK_METADATA_RAW"),
]
