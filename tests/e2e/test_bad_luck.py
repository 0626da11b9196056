"""Bad luck with the migration itself: the estate of the brief, its two accounts, and what may happen to them."""

from tests.e2e.estate import ROOT

COUNT = "SELECT COUNT(*) FROM {}.MART_INVESTMENTS_BOLT.FACT_TRANSACTIONS"


def rows(estate, environment="imsdlc", database="DEV_DB"):
    return estate.ask(environment, COUNT.format(database))[0][0]


def migrate(estate, *words, code=0):
    return estate.runner("migrate", *(words or ("--all",)), code=code)


def test_both_accounts_up_down_and_up_again_ends_in_the_same_state(estate):
    """A run with nothing to do in between; the procedures give the same in the target as in the source."""
    hashes = "SELECT HASH_AGG(*) FROM DEV_DB.MART_INVESTMENTS_BOLT.FACT_DAILY_POSITIONS"
    migrate(estate)
    assert rows(estate) == rows(estate, "imcust", "PROD_DB") > 0
    assert migrate(estate).out == "imcust: nothing to do.\nimsdlc: nothing to do.\n"
    estate.runner("info", "--all", "--check")
    before = estate.ask("imsdlc", hashes)
    estate.runner("undo", "--all", "--target", "0")
    assert estate.ask("imsdlc", "SHOW TABLES LIKE 'FACT%' IN DATABASE DEV_DB") == []
    assert estate.ask("imcust", "SHOW SHARES LIKE 'MIGR_SHARE'") == []
    migrate(estate)
    assert estate.ask("imsdlc", hashes) == before
    for call in ("SP_LOAD_DIM_STOCKS()", "SP_CALCULATE_DAILY_POSITIONS('2026-01-10'::DATE, 1)"):
        (answer,) = estate.ask("imsdlc", f"CALL DEV_DB.MART_INVESTMENTS_BOLT.{call}")
        assert not answer[0].startswith("failed"), answer


def test_the_share_is_misspelt(estate):
    estate.write(
        {
            "config/imsdlc.yaml": (ROOT / "config/imsdlc.yaml")
            .read_text()
            .replace("share: migr_share", "share: migr_shore")
        }
    )
    ran = migrate(estate, code=20)
    assert "statement 1 of V001__share_setup.sql failed" in ran.err
    assert "MIGR_SHORE" in ran.err


def test_the_account_is_misspelt_and_snowflake_says_ok_but_we_do_not(estate):
    """The account the share is given to does not exist."""
    estate.write(
        {"config/imsdlc.yaml": (ROOT / "config/imsdlc.yaml").read_text().replace("localorg-imsdlc", "localorg-imsdcl")}
    )
    ran = migrate(estate, "--env", "imcust", code=20)
    assert "the assertion does not hold" in ran.err


def test_the_account_logged_in_to_is_another(estate):
    estate.write(
        {"config/imsdlc.yaml": (ROOT / "config/imsdlc.yaml").read_text().replace("localorg-imsdlc", "localorg-imcust")}
    )
    ran = estate.runner("migrate", "--env", "imsdlc", code=None)
    assert ran.code in (6, 8, 20), ran.said
    assert estate.ask("imsdlc", "SHOW TABLES IN DATABASE DEV_DB") == []


def test_a_source_table_was_replaced_and_changed_between_snapshot_and_copy(estate):
    """What is copied is what was frozen: it stands, and stays what the manifest says."""
    migrate(estate, "--env", "imcust")
    frozen = rows(estate, "imcust", "PROD_DB")
    table = "PROD_DB.MART_INVESTMENTS_BOLT.FACT_TRANSACTIONS"
    estate.ask("imcust", f"CREATE OR REPLACE TABLE {table} CLONE {table} COPY GRANTS")
    estate.ask("imcust", "BEGIN")
    estate.ask("imcust", f"DELETE FROM {table} WHERE TRANSACTION_ID <= 10")
    migrate(estate)
    assert rows(estate) == frozen
    estate.ask("imcust", "ROLLBACK")
    assert rows(estate, "imcust", "PROD_DB") == frozen


def test_a_shared_table_was_replaced_and_is_no_longer_granted(estate):
    migrate(estate, "--env", "imcust")
    frozen = "MIGR_SHARE_DB.SNAP_V001.MART_INVESTMENTS_BOLT__FACT_TRANSACTIONS"
    estate.ask("imcust", f"CREATE OR REPLACE TABLE {frozen} CLONE {frozen}")
    ran = migrate(estate, code=20)
    assert "V001__share_setup.sql failed (2003" in ran.err
    estate.ask("imcust", f"GRANT SELECT ON TABLE {frozen} TO SHARE MIGR_SHARE")
    estate.runner("repair", "--env", "imsdlc", "--retry", "V001", "--reason", "granted again")
    migrate(estate)


def test_a_policy_on_a_source_table_stops_it_before_anything_is_made(estate):
    table = "PROD_DB.MART_INVESTMENTS_BOLT.DIM_PORTFOLIOS"
    estate.ask("imcust", "CREATE ROW ACCESS POLICY PROD_DB.PUBLIC.P AS (N VARCHAR) RETURNS BOOLEAN -> TRUE")
    estate.ask("imcust", f"ALTER TABLE {table} ADD ROW ACCESS POLICY PROD_DB.PUBLIC.P ON (BASE_CURRENCY)")
    try:
        ran = migrate(estate, code=20)
        assert "the assertion does not hold" in ran.err
        assert "ROW_ACCESS_POLICY" in ran.err
        assert estate.ask("imcust", "SHOW DATABASES LIKE 'MIGR_SHARE_DB'") == []
    finally:
        estate.ask("imcust", f"ALTER TABLE {table} DROP ROW ACCESS POLICY PROD_DB.PUBLIC.P")
        estate.ask("imcust", "DROP ROW ACCESS POLICY PROD_DB.PUBLIC.P")


def test_a_target_table_has_extra_columns(estate):
    estate.runner("migrate", "--env", "imcust")
    estate.runner("migrate", "--env", "imsdlc", "--target", "002")
    estate.ask("imsdlc", "ALTER TABLE DEV_DB.MART_INVESTMENTS_BOLT.FACT_TRANSACTIONS ADD COLUMN EXTRA NUMBER")
    ran = estate.runner("migrate", "--env", "imsdlc", code=20)
    assert "EXTRA | not expected" in ran.err
    assert "The script's transaction was rolled back." in ran.err
    assert estate.ask("imsdlc", "SELECT COUNT(*) FROM DEV_DB.MART_INVESTMENTS_BOLT.DIM_STOCKS") == [(0,)]


def test_frozen_rows_that_were_tampered_with_are_found_and_leave_all_as_it_was(estate):
    """The manifest is asserted inside the transaction."""
    migrate(estate, "--env", "imcust")
    migrate(estate, "--env", "imsdlc", "--target", "002")
    frozen = "MIGR_SHARE_DB.SNAP_V001.MART_INVESTMENTS_BOLT__FACT_DAILY_POSITIONS"
    estate.ask("imcust", f"UPDATE {frozen} SET QUANTITY = QUANTITY + 1")
    ran = migrate(estate, code=20)
    assert "the assertion does not hold" in ran.err
    assert "FACT_DAILY_POSITIONS" in ran.err
    assert rows(estate) == 0
    assert estate.ask("imsdlc", "SELECT COUNT(*) FROM DEV_DB.MART_INVESTMENTS_BOLT.DIM_STOCKS") == [(0,)]


def test_a_role_is_missing_in_the_target_and_nothing_is_granted(estate):
    text = (
        (ROOT / "config/imsdlc.yaml")
        .read_text()
        .replace("product_reader: DEV_PRODUCT_READER", "product_reader: DEV_NOBODY")
    )
    estate.write({"config/imsdlc.yaml": text})
    before = estate.ask("imsdlc", "SHOW GRANTS TO ROLE DEV_PRODUCT_OWNER")
    ran = migrate(estate, code=20)
    assert "R__grants.sql" in ran.err
    assert "DEV_NOBODY" in ran.err
    assert len(estate.ask("imsdlc", "SHOW GRANTS TO ROLE DEV_PRODUCT_OWNER")) == len(before)


def test_a_token_that_is_bound_to_its_role_meets_use_role(estate):
    estate.write({"versions/V004__other_role.sql": "SELECT 1;\nUSE ROLE SYSADMIN;"})
    ran = migrate(estate, code=5)
    assert (
        "versions/V004__other_role.sql:2: USE ROLE is refused by Snowflake: the token is restricted to ACCOUNTADMIN"
        in ran.err
    )
    assert estate.ask("imcust", "SHOW DATABASES LIKE 'MIGR_SHARE_DB'") == []


def test_ddl_inside_a_transactional_script_is_found_before_anything_runs(estate):
    estate.write({"versions/V004__mixed.sql": "-- runner: transactional\nDELETE FROM X;\nDROP TABLE X;"})
    ran = migrate(estate, "--env", "imcust", code=5)
    assert "versions/V004__mixed.sql:3: DROP TABLE cannot stand in a transactional script" in ran.err
    assert estate.ask("imcust", "SHOW DATABASES LIKE 'DEPLOY_DB'") == []
