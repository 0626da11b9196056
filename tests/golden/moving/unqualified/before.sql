create or replace TABLE CHILD (
	ID NUMBER(38,0) NOT NULL DEFAULT SEQ.NEXTVAL,
	foreign key (ID) references DIM_STOCKS(STOCK_ID),
	foreign key (ID) references MART.PARENT(ID)
) WITH TAG (PII='no');
