DROP TABLE "my table; 50%";
