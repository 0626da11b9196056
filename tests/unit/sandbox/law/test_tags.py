"""Tags: where they are set, what inherits them, who may set them, what they mask."""

import pytest

_COLUMNS = "tag_name, tag_value, level, domain, column_name, apply_method"


@pytest.fixture
def tagged(org):
    org.run(
        "CREATE DATABASE d",
        "CREATE SCHEMA d.gov",
        "CREATE SCHEMA d.s",
        "CREATE TAG d.gov.cost ALLOWED_VALUES 'finance', 'sales' COMMENT = 'who pays'",
        "CREATE TAG d.gov.pii",
        "CREATE TABLE d.s.t (id INT, mail VARCHAR WITH TAG (d.gov.pii = 'mail'), n INT) "
        "WITH TAG (d.gov.cost = 'sales')",
    )
    return org


def _of(org, name, domain):
    sql = f"SELECT {_COLUMNS} FROM TABLE(d.information_schema.tag_references('{name}', '{domain}')) ORDER BY tag_name"
    return org.run(sql)


def test_tags_of_create_are_set(tagged):
    assert _of(tagged, "d.s.t", "TABLE") == [("COST", "sales", "TABLE", "TABLE", None, "MANUAL")]
    assert _of(tagged, "d.s.t.mail", "column") == [
        ("COST", "sales", "TABLE", "COLUMN", "MAIL", "INHERITED"),
        ("PII", "mail", "COLUMN", "COLUMN", "MAIL", "MANUAL"),
    ]
    rows = tagged.run(
        "SELECT column_name, tag_name FROM TABLE(d.information_schema.tag_references_all_columns('d.s.t', 'table')) "
        "ORDER BY 1, 2"
    )
    assert rows == [("ID", "COST"), ("MAIL", "COST"), ("MAIL", "PII"), ("N", "COST")]


def test_the_nearest_value_holds(tagged):
    tagged.run("ALTER DATABASE d SET TAG d.gov.pii = 'db'", "ALTER SCHEMA d.s SET TAG d.gov.pii = 'schema'")
    assert tagged.run("SELECT SYSTEM$GET_TAG('d.gov.pii', 'd.s.t', 'table')") == [("schema",)]
    assert tagged.run("SELECT SYSTEM$GET_TAG('d.gov.pii', 'd.gov', 'schema')") == [("db",)]
    assert tagged.run("SELECT SYSTEM$GET_TAG('d.gov.pii', 'd.s.t.mail', 'column')") == [("mail",)]
    tagged.run("ALTER SCHEMA d.s UNSET TAG d.gov.pii", "ALTER ACCOUNT SET TAG d.gov.cost = 'finance'")
    assert tagged.run("SELECT SYSTEM$GET_TAG('d.gov.pii', 'd.s.t', 'table')") == [("db",)]
    assert tagged.run("SELECT SYSTEM$GET_TAG('d.gov.cost', 'ADMIN_WH', 'warehouse')") == [("finance",)]
    assert tagged.run("SELECT SYSTEM$GET_TAG('d.gov.cost', 'd.s.t', 'table')") == [("sales",)]
    assert tagged.run("SELECT SYSTEM$GET_TAG_ALLOWED_VALUES('d.gov.cost')") == [('["finance", "sales"]',)]


@pytest.mark.parametrize(
    ("kind", "name", "domain"),
    [
        ("WAREHOUSE", "ADMIN_WH", "warehouse"),
        ("USER", "SANDBOX_ADMIN", "user"),
        ("ROLE", "SYSADMIN", "role"),
        ("DATABASE", "d", "database"),
        ("VIEW", "d.s.v", "table"),
        ("STAGE", "d.s.st", "stage"),
        ("FUNCTION", "d.s.f(INT)", None),
    ],
)
def test_many_kinds_carry_tags(tagged, kind, name, domain):
    tagged.run(
        "CREATE VIEW d.s.v AS SELECT id FROM d.s.t",
        "CREATE STAGE d.s.st",
        "CREATE FUNCTION d.s.f(a INT) RETURNS INT AS 'a'",
        f"ALTER {kind} {name} SET TAG d.gov.cost = 'finance', d.gov.pii = 'x'",
    )
    assert len(tagged.run("SELECT * FROM snowflake.account_usage.tag_references WHERE tag_value = 'x'")) == 1
    if domain:
        assert tagged.run(f"SELECT SYSTEM$GET_TAG('d.gov.pii', '{name}', '{domain}')") == [("x",)]
    tagged.run(f"ALTER {kind} {name} UNSET TAG d.gov.cost, d.gov.pii")
    assert tagged.run("SELECT * FROM snowflake.account_usage.tag_references WHERE tag_value = 'x'") == []


def test_created_with_tags(tagged):
    tagged.run(
        "CREATE SCHEMA d.two WITH TAG (d.gov.cost = 'sales')",
        "CREATE VIEW d.s.v (a WITH TAG (d.gov.pii = 'a')) TAG (d.gov.cost = 'sales') AS SELECT id AS tag FROM d.s.t",
        "CREATE WAREHOUSE w WITH WAREHOUSE_SIZE = 'XSMALL' TAG (d.gov.cost = 'sales')",
        "CREATE ROLE r WITH TAG (d.gov.cost = 'sales')",
        "CREATE TABLE IF NOT EXISTS d.s.t (id INT) WITH TAG (d.gov.cost = 'finance')",
    )
    rows = tagged.run(
        "SELECT domain, object_name, column_name FROM snowflake.account_usage.tag_references "
        "WHERE tag_value <> 'mail' ORDER BY 1, 2"
    )
    assert rows == [
        ("COLUMN", "V", "A"), ("ROLE", "R", None), ("SCHEMA", "TWO", None), ("TABLE", "T", None), ("TABLE", "V", None),
        ("WAREHOUSE", "W", None),
    ]  # fmt: skip


def test_columns_get_and_lose_tags(tagged):
    tagged.run(
        "ALTER TABLE d.s.t MODIFY COLUMN id SET TAG d.gov.pii = 'a', d.gov.cost = 'sales', "
        "COLUMN n SET TAG d.gov.pii = 'b'"
    )
    assert _of(tagged, "d.s.t.n", "column")[1][1] == "b"
    tagged.run("ALTER TABLE d.s.t ALTER COLUMN id UNSET TAG d.gov.pii, d.gov.cost")
    assert _of(tagged, "d.s.t.id", "column") == [("COST", "sales", "TABLE", "COLUMN", "ID", "INHERITED")]
    tagged.run("ALTER TABLE d.s.t RENAME COLUMN n TO m")
    assert _of(tagged, "d.s.t.m", "column")[1][1] == "b"
    assert tagged.refused("ALTER TABLE d.s.t MODIFY COLUMN nothing SET TAG d.gov.pii = 'a'")[0] == 904


def test_values_are_checked(tagged):
    assert "not in the list of allowed values" in tagged.refused("ALTER SCHEMA d.s SET TAG d.gov.cost = 'none'")[1]
    assert tagged.refused(f"ALTER SCHEMA d.s SET TAG d.gov.pii = '{'x' * 257}'")[0] == 3530
    assert tagged.refused("ALTER SCHEMA d.s SET TAG d.gov.nothing = 'x'")[0] == 2003
    assert tagged.refused("CREATE TABLE d.s.bad (a INT) WITH TAG (d.gov.cost = 'none')")[0] == 3530
    assert tagged.refused("SELECT 1 FROM d.s.bad")[0] == 2003
    assert tagged.refused("ALTER TAG d.gov.cost DROP ALLOWED_VALUES 'sales'")[0] == 3530
    tagged.run("ALTER TAG d.gov.cost DROP ALLOWED_VALUES 'finance'", "ALTER TAG d.gov.cost ADD ALLOWED_VALUES 'it'")
    assert tagged.table("SHOW TAGS LIKE 'cost' IN SCHEMA d.gov")[0]["allowed_values"] == '["sales", "it"]'
    tagged.run("ALTER TAG d.gov.cost UNSET ALLOWED_VALUES", "ALTER SCHEMA d.s SET TAG d.gov.cost = 'anything'")


def test_a_dropped_tag_comes_back_with_what_it_was_set_on(tagged):
    tagged.run("ALTER TAG d.gov.pii RENAME TO d.gov.personal")
    assert _of(tagged, "d.s.t.mail", "column")[1][0] == "PERSONAL"
    tagged.run("DROP TAG d.gov.personal")
    assert len(_of(tagged, "d.s.t.mail", "column")) == 1
    tagged.run("UNDROP TAG d.gov.personal")
    assert len(_of(tagged, "d.s.t.mail", "column")) == 2
    assert tagged.refused("UNDROP TAG d.gov.never")[0] == 2003


def test_who_may_set_a_tag(tagged):
    tagged.run(
        "CREATE ROLE steward", "CREATE ROLE maker", "GRANT ROLE steward TO USER sandbox_admin",
        "GRANT ROLE maker TO USER sandbox_admin",
        "GRANT USAGE ON DATABASE d TO ROLE steward", "GRANT USAGE ON DATABASE d TO ROLE maker",
        "GRANT USAGE ON ALL SCHEMAS IN DATABASE d TO ROLE steward",
        "GRANT USAGE ON ALL SCHEMAS IN DATABASE d TO ROLE maker",
        "GRANT SELECT ON TABLE d.s.t TO ROLE steward", "GRANT CREATE TABLE ON SCHEMA d.s TO ROLE maker",
    )  # fmt: skip
    order = "ALTER TABLE d.s.t SET TAG d.gov.cost = 'finance'"
    assert tagged.refused(order, role="STEWARD")[0] == 2003
    tagged.run("GRANT APPLY ON TAG d.gov.cost TO ROLE steward")
    assert tagged.refused(order, role="STEWARD")[0] == 3001
    tagged.run("GRANT APPLY TAG ON ACCOUNT TO ROLE steward")
    tagged.run(order, role="STEWARD")
    made = "CREATE TABLE d.s.own (a INT) WITH TAG (d.gov.cost = 'finance')"
    assert tagged.refused(made, role="MAKER")[0] == 2003
    tagged.run("GRANT APPLY ON TAG d.gov.cost TO ROLE maker")
    tagged.run(made, "ALTER TABLE d.s.own SET TAG d.gov.cost = 'sales'", role="MAKER")
    assert tagged.refused("ALTER TAG d.gov.cost SET COMMENT = 'x'", role="MAKER")[0] == 3001
    assert tagged.refused("CREATE TAG d.gov.more", role="MAKER")[0] == 3001


def test_get_ddl_tells_tags_and_makes_them_again(tagged):
    ddl = tagged.run("SELECT GET_DDL('TABLE', 'd.s.t', TRUE)")[0][0]
    assert "MAIL VARCHAR(16777216) WITH TAG (D.GOV.PII='mail')" in ddl
    assert ")WITH TAG (D.GOV.COST='sales');" in ddl
    tagged.run(ddl)
    assert tagged.run("SELECT GET_DDL('TABLE', 'd.s.t', TRUE)")[0][0] == ddl
    tag = tagged.run("SELECT GET_DDL('TAG', 'd.gov.cost', TRUE)")[0][0]
    tagged.run(tag)
    assert tagged.run("SELECT GET_DDL('TAG', 'd.gov.cost', TRUE)")[0][0] == tag


def test_clones_keep_tags_and_carry_cloned_ones(tagged):
    tagged.run("CREATE TABLE d.s.c CLONE d.s.t")
    assert _of(tagged, "d.s.c.mail", "column")[1][1] == "mail"
    tagged.run("ALTER DATABASE d SET TAG d.gov.pii = 'all'", "CREATE DATABASE e CLONE d")
    rows = tagged.run(
        "SELECT DISTINCT tag_database FROM TABLE(e.information_schema.tag_references('e.s.t.mail', 'column'))"
    )
    assert rows == [("E",)]
    assert tagged.run("SELECT SYSTEM$GET_TAG('e.gov.pii', 'e.gov', 'schema')") == [("all",)]


@pytest.fixture
def masked(tagged):
    tagged.run(
        "CREATE MASKING POLICY d.gov.hide AS (v VARCHAR) RETURNS VARCHAR -> "
        "CASE WHEN CURRENT_ROLE() = 'ACCOUNTADMIN' THEN v ELSE '***' END",
        "CREATE MASKING POLICY d.gov.zero AS (v NUMBER) RETURNS NUMBER -> "
        "CASE WHEN CURRENT_ROLE() = 'ACCOUNTADMIN' THEN v ELSE 0 END",
        "ALTER TAG d.gov.pii SET MASKING POLICY d.gov.hide, MASKING POLICY d.gov.zero",
        "INSERT INTO d.s.t VALUES (1, 'a@b', 5)",
        "CREATE ROLE reader", "GRANT ROLE reader TO USER sandbox_admin",
        "GRANT USAGE ON DATABASE d TO ROLE reader", "GRANT USAGE ON SCHEMA d.s TO ROLE reader",
        "GRANT SELECT, UPDATE ON TABLE d.s.t TO ROLE reader",
    )  # fmt: skip
    return tagged


def test_a_tag_masks_the_columns_that_carry_it(masked):
    assert masked.run("SELECT * FROM d.s.t", role="READER") == [(1, "***", 5)]
    assert masked.run("SELECT * FROM d.s.t") == [(1, "a@b", 5)]
    masked.run("ALTER TABLE d.s.t MODIFY COLUMN n SET TAG d.gov.pii = 'n'")
    assert masked.run("SELECT * FROM d.s.t", role="READER") == [(1, "***", 0)]
    assert masked.run("UPDATE d.s.t SET id = 2 WHERE mail = 'a@b'", role="READER")[0][0] == 0
    masked.run("ALTER TABLE d.s.t MODIFY COLUMN mail UNSET TAG d.gov.pii")
    assert masked.run("SELECT * FROM d.s.t", role="READER") == [(1, "a@b", 0)]
    masked.run("ALTER SCHEMA d.s SET TAG d.gov.pii = 'all of it'")
    assert masked.run("SELECT * FROM d.s.t", role="READER") == [(0, "***", 0)]


def test_policy_references_name_the_tag(masked):
    entity = "ref_entity_name => 'd.s.t', ref_entity_domain => 'table'"
    rows = masked.run(
        f"SELECT policy_name, ref_column_name, tag_name FROM TABLE(d.information_schema.policy_references({entity}))"
    )
    assert rows == [("HIDE", "MAIL", "PII")]


def test_the_columns_own_policy_comes_first(masked):
    masked.run(
        "CREATE MASKING POLICY d.gov.other AS (v VARCHAR) RETURNS VARCHAR -> 'other'",
        "ALTER TABLE d.s.t MODIFY COLUMN mail SET MASKING POLICY d.gov.other",
    )
    assert masked.run("SELECT mail FROM d.s.t", role="READER") == [("other",)]


def test_views_are_masked_by_their_own_tags(masked):
    masked.run(
        "CREATE TABLE d.s.plain (m VARCHAR)", "INSERT INTO d.s.plain VALUES ('seen')",
        "CREATE VIEW d.s.v AS SELECT m FROM d.s.plain", "GRANT SELECT ON VIEW d.s.v TO ROLE reader",
        "ALTER VIEW d.s.v MODIFY COLUMN m SET TAG d.gov.pii = 'x'",
    )  # fmt: skip
    assert masked.run("SELECT * FROM d.s.v", role="READER") == [("***",)]
    assert masked.run("SELECT * FROM d.s.v") == [("seen",)]


def test_one_policy_a_type_and_no_drop_while_it_masks(masked):
    masked.run("CREATE MASKING POLICY d.gov.hide2 AS (v VARCHAR) RETURNS VARCHAR -> '2'")
    assert masked.refused("ALTER TAG d.gov.pii SET MASKING POLICY d.gov.hide2")[0] == 3531
    masked.run("ALTER TAG d.gov.pii SET MASKING POLICY d.gov.hide2 FORCE")
    assert masked.run("SELECT mail FROM d.s.t", role="READER") == [("2",)]
    assert masked.refused("DROP TAG d.gov.pii")[0] == 3532
    assert masked.refused("DROP MASKING POLICY d.gov.hide2")[0] == 3524
    masked.run(
        "ALTER TAG d.gov.pii UNSET MASKING POLICY d.gov.hide2", "ALTER TAG d.gov.pii UNSET MASKING POLICY d.gov.zero"
    )
    assert masked.run("SELECT mail FROM d.s.t", role="READER") == [("a@b",)]
    masked.run("DROP TAG d.gov.pii")


def test_a_policy_reads_the_tag_of_the_current_column(masked):
    masked.run(
        "CREATE OR REPLACE MASKING POLICY d.gov.by_value AS (v VARCHAR) RETURNS VARCHAR -> "
        "CASE WHEN SYSTEM$GET_TAG_ON_CURRENT_COLUMN('gov.pii') = 'mail' THEN 'hidden mail' ELSE v END",
        "ALTER TAG d.gov.pii SET MASKING POLICY d.gov.by_value FORCE",
    )
    assert masked.run("SELECT mail FROM d.s.t") == [("hidden mail",)]
    masked.run("ALTER TABLE d.s.t MODIFY COLUMN mail SET TAG d.gov.pii = 'open'")
    assert masked.run("SELECT mail FROM d.s.t") == [("a@b",)]
