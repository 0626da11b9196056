CREATE TABLE IF NOT EXISTS {{ public }}.LOOKUP (
	ID NUMBER(38,0) DEFAULT {{ public }}.SEQ.NEXTVAL,
	foreign key (ID) references {{ public }}.PARENT(ID)
);
