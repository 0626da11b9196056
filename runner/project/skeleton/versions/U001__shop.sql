-- Takes back V001__shop.sql.
DROP DATABASE IF EXISTS {{ env.database | ident }};
