CREATE OR REPLACE VIEW {{ mart }}.V_AUDIT(
	ORIGIN,
	FILE
) COPY GRANTS as select IFF(env = 'prod_db', 'p', 'd') as env, 'source: prod_db' as origin, 'mailto:prod_db@example.org' as owner,
    'https://example.org/prod_db/mart' as page, 'prod_db/bolt/unknown.json' as file, 'prod_db_archive' as other
from {{ mart }}.AUDIT;
