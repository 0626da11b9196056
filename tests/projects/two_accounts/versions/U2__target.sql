-- runner: environments=imsdlc
DROP TABLE TARGET_ROWS;
