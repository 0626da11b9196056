-- Personal data behind policies: who may see what, by role, by a table of rights, by tag.
CREATE OR REPLACE DATABASE hr;
CREATE SCHEMA hr.governance;
CREATE SCHEMA hr.people;
USE SCHEMA hr.governance;
CREATE ROLE IF NOT EXISTS hr_reader;
CREATE TABLE rights (role_name VARCHAR, region VARCHAR);
INSERT INTO rights VALUES ('HR_READER', 'EMEA'), ('ACCOUNTADMIN', 'EMEA'), ('ACCOUNTADMIN', 'APAC');
CREATE OR REPLACE MASKING POLICY mask_email AS (val VARCHAR) RETURNS VARCHAR ->
    CASE
        WHEN IS_ROLE_IN_SESSION('ACCOUNTADMIN') THEN val
        WHEN CURRENT_ROLE() IN ('HR_READER') THEN REGEXP_REPLACE(val, '^[^@]+', '****')
        ELSE '********'
    END
    COMMENT = 'Addresses are for those who need them';
CREATE OR REPLACE MASKING POLICY mask_salary AS (val NUMBER(12, 2)) RETURNS NUMBER(12, 2) ->
    IFF(CURRENT_ROLE() = 'ACCOUNTADMIN', val, NULL);
CREATE OR REPLACE ROW ACCESS POLICY own_region AS (region VARCHAR) RETURNS BOOLEAN ->
    EXISTS (SELECT 1 FROM hr.governance.rights r WHERE r.role_name = CURRENT_ROLE() AND r.region = region);
CREATE TABLE hr.people.employees (
    id NUMBER,
    email VARCHAR WITH MASKING POLICY hr.governance.mask_email,
    salary NUMBER(12, 2),
    region VARCHAR
) WITH ROW ACCESS POLICY hr.governance.own_region ON (region);
ALTER TABLE hr.people.employees MODIFY COLUMN salary SET MASKING POLICY hr.governance.mask_salary;
INSERT INTO hr.people.employees VALUES (1, 'a@example.com', 100000, 'EMEA'), (2, 'b@example.com', 90000, 'APAC');
GRANT USAGE ON DATABASE hr TO ROLE hr_reader;
GRANT USAGE ON SCHEMA hr.people TO ROLE hr_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA hr.people TO ROLE hr_reader;
GRANT ROLE hr_reader TO ROLE SYSADMIN;
SELECT * FROM hr.people.employees ORDER BY id;
SELECT policy_name, policy_kind, ref_column_name FROM TABLE(hr.information_schema.policy_references(REF_ENTITY_NAME => 'hr.people.employees', REF_ENTITY_DOMAIN => 'TABLE'));
ALTER MASKING POLICY mask_salary SET BODY -> NULL;
SELECT MAX(salary) FROM hr.people.employees;
CREATE TAG IF NOT EXISTS pii ALLOWED_VALUES 'email', 'phone' COMMENT = 'Personal data';
ALTER TABLE hr.people.employees MODIFY COLUMN email SET TAG hr.governance.pii = 'email';
SELECT SYSTEM$GET_TAG('hr.governance.pii', 'hr.people.employees.email', 'COLUMN');
SELECT tag_name, tag_value, column_name FROM TABLE(hr.information_schema.tag_references_all_columns('hr.people.employees', 'TABLE'));
ALTER TABLE hr.people.employees MODIFY COLUMN email UNSET MASKING POLICY;
ALTER TABLE hr.people.employees DROP ROW ACCESS POLICY hr.governance.own_region;
DROP ROW ACCESS POLICY own_region;
