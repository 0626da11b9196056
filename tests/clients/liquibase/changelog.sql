--liquibase formatted sql

--changeset a:1
CREATE TABLE ITEMS (ID INT NOT NULL, NAME VARCHAR(50));
--rollback DROP TABLE ITEMS;

--changeset a:2
INSERT INTO ITEMS VALUES (1, 'one');
--rollback DELETE FROM ITEMS WHERE ID = 1;
