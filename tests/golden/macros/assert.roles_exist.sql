-- {{ assert.roles_exist(["A", "it's"]) }}
SHOW ROLES
    ->> SELECT w.NAME AS MISSING_ROLE
        FROM (SELECT COLUMN1 AS NAME FROM VALUES ('A'), ('it''s')) AS w
        WHERE w.NAME NOT IN (SELECT "name" FROM $1)
