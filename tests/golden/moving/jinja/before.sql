create or replace view PROD_DB.MART.V_JINJA(
	A
) as select '{{ env.database }}' as a, '{% if x %}' as b, '{# PROD_DB #}' as c,
    {PROD_DB.MART.OLD_FACTS.*} as d
from PROD_DB.MART.OLD_FACTS
    -- {{ PROD_DB }}
;
