-- runner: environments=imcust
DROP TABLE SOURCE_ROWS;
