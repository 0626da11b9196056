-- runner: owner=product
-- Applied again whenever its rendered text changes.
CREATE OR REPLACE VIEW {{ [env.database, "SHOP", "PRICE_LIST"] | ident }} COPY GRANTS AS
SELECT NAME, PRICE, CURRENCY FROM {{ [env.database, "SHOP", "PRODUCTS"] | ident }};
GRANT USAGE ON DATABASE {{ env.database | ident }} TO ROLE {{ env.roles.reader | ident }};
GRANT USAGE ON SCHEMA {{ [env.database, "SHOP"] | ident }} TO ROLE {{ env.roles.reader | ident }};
GRANT SELECT ON VIEW {{ [env.database, "SHOP", "PRICE_LIST"] | ident }} TO ROLE {{ env.roles.reader | ident }};
