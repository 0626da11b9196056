-- runner: owner=analytics_platform environments=imcust,imsdlc
--
-- Takes back V001: only what it added.
{% if env.name == source.name %}
DROP SHARE IF EXISTS {{ vars.share | ident }};
DROP DATABASE IF EXISTS {{ vars.share_database | ident }};
{% else %}
DROP DATABASE IF EXISTS {{ vars.imported_database | ident }};
{% endif %}
