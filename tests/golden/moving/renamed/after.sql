CREATE OR REPLACE VIEW {{ mart }}.V_RENAMED(
	A
) COPY GRANTS as select facts.a, o.b, "FACTS".c, mart.facts.d, {{ mart }}.facts.e, old_stock."Things".f
from facts join {{ mart }}.FACTS o on o.a = facts.a join old_stock."Things"
where exists (select 1 from src.raw old_facts where old_facts.x = o.b);
