-- runner: owner=product transactional
-- Rows and their history event commit together, or not at all.
{% set products = [env.database, "SHOP", "PRODUCTS"] | ident %}
INSERT INTO {{ products }} (PRODUCT_ID, NAME, PRICE) VALUES (1, 'a cup', 4.50), (2, 'a saucer', 3.00);
-- runner: assert
SELECT COUNT(*) = 2 FROM {{ products }};
