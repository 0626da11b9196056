create or replace view PROD_DB.MART.V_RENAMED(
	A
) as select old_facts.a, o.b, "OLD_FACTS".c, mart.old_facts.d, prod_db.mart.old_facts.e, legacy.things.f
from old_facts join PROD_DB.MART.OLD_FACTS o on o.a = old_facts.a join legacy.things
where exists (select 1 from src.raw old_facts where old_facts.x = o.b);
