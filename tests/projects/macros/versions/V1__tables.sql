{% for name in ["a", "b", "c"] %}
{{ audit.audited(name) }};
{% endfor %}
