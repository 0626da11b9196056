-- runner: owner=product environments=imsdlc transactional
--
-- Takes back V003: the tables are empty again, all of them or none.
{% for table in bolt.tables %}
DELETE FROM {{ selection.placed(env.database, table) }};
{% endfor %}
