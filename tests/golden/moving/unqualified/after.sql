CREATE TABLE IF NOT EXISTS {{ mart }}.CHILD (
	ID NUMBER(38,0) NOT NULL DEFAULT {{ mart }}.SEQ.NEXTVAL,
	foreign key (ID) references {{ mart }}.DIM_STOCKS(STOCK_ID),
	foreign key (ID) references {{ mart }}.PARENT(ID)
) WITH TAG ({{ mart }}.PII='no');
