{% for name in ["a", "b", "c"] %}
DROP TABLE {{ name | ident }};
{% endfor %}
