CREATE OR REPLACE PROCEDURE {{ mart }}."SP_USE"() COPY GRANTS
RETURNS VARCHAR
LANGUAGE SQL
EXECUTE AS CALLER
AS
$$BEGIN
    USE DATABASE {{ env.database | ident }};
    USE SCHEMA {{ src }};
    USE SCHEMA OLD_STOCK;
    USE WAREHOUSE {{ env.warehouse | ident }};
    USE ROLE {{ env.roles.loader | ident }};
    IF (CURRENT_DATABASE() = 'PROD_DB') THEN
        SHOW TABLES IN SCHEMA {{ mart }};
    END IF;
    RETURN CURRENT_SCHEMA();
END$$;
