CREATE TABLE "my table; 50%" ("its" INT, "größe" VARCHAR);
INSERT INTO "my table; 50%" VALUES (1, $$a;b$$);
