CREATE OR REPLACE VIEW {{ mart }}.V_JINJA(
	A
) COPY GRANTS as select '{% raw %}{{ env.database }}' as a, '{% if x %}' as b, '{#{% endraw %} PROD_DB #}' as c,
    { {{ mart }}.FACTS.*} as d
from {{ mart }}.FACTS
    -- {% raw %}{{{% endraw %} PROD_DB }}
;
