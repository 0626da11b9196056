-- runner: environments=imcust owner=platform
CREATE TABLE SOURCE_ROWS AS SELECT 1 AS N, '{{ env.name }}' AS ENV;
