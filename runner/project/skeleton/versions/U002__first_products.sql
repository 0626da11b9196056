-- runner: transactional
-- Takes back V002__first_products.sql.
DELETE FROM {{ [env.database, "SHOP", "PRODUCTS"] | ident }} WHERE PRODUCT_ID IN (1, 2);
