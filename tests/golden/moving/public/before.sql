create or replace TABLE PROD_DB.PUBLIC.LOOKUP (
	ID NUMBER(38,0) DEFAULT PROD_DB..SEQ.NEXTVAL,
	foreign key (ID) references PROD_DB..PARENT(ID)
);
