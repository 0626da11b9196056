-- runner: owner=analytics_platform
--
-- Takes back V001: in the source only what V001 added, in the target the database made from the share.
{% if env.name == source.name %}
DROP SHARE IF EXISTS {{ vars.share | ident }};
DROP DATABASE IF EXISTS {{ vars.share_database | ident }};
{% else %}
DROP DATABASE IF EXISTS {{ vars.imported_database | ident }};
{% endif %}
