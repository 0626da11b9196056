"""The one catalogue: every object of every account, from which SHOW, DESCRIBE, GET_DDL and the views are answered."""
