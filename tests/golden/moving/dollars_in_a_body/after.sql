CREATE OR REPLACE FUNCTION {{ mart }}."PRICE"("V" VARCHAR) COPY GRANTS
RETURNS VARCHAR
LANGUAGE SQL
AS 'select ''$$'' || V || (select max(''it''''s'') from {{ src }}.RAW)';
