-- runner: environments=imsdlc requires=imcust:V1
CREATE TABLE TARGET_ROWS (N INT);
INSERT INTO TARGET_ROWS VALUES (1);
