-- runner: owner=product environments=imsdlc transactional
--
-- Takes back V003: the tables are empty again, all of them or none.
{% for table in selection.tables %}
DELETE FROM {{ selection.live(env.database, table) }};
{% endfor %}
