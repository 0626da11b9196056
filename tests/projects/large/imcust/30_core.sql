-- CORE: the data engineers' schema. Lower case, leading commas since 2023; older things as they were.
use database prod_energy;
use schema core;

create or replace sequence seq_meter start 1 increment 1;

create or replace table region (region_code varchar(10) not null primary key, region_name varchar(100));
insert into region values ('DK1', 'Jylland og Fyn'), ('DK2', 'Sjælland'), ('50HZ', 'Ostdeutschland');

create or replace table country_map (iso2 varchar(2) not null, country varchar(100), constraint pk_country primary key (iso2));
insert into country_map values ('DK', 'Danmark'), ('DE', 'Deutschland'), ('AT', 'Österreich');

create or replace table customer_type (type_code varchar(1) not null primary key, label varchar(50));
insert into customer_type values ('P', 'private'), ('B', 'business'), ('M', 'municipality');

create or replace table grid_operator (
      operator_id number(8,0) not null autoincrement start 1 increment 1
    , operator_code varchar(8) not null unique
    , operator_name varchar(200)
    , region_code varchar(10) references region (region_code)
    , primary key (operator_id)
);
insert into grid_operator (operator_code, operator_name, region_code)
select operator_code, operator_name, case mod(row_number() over (order by operator_code), 3) when 0 then 'DK1' when 1 then 'DK2' else '50HZ' end
from staging.stg_grid_operators order by operator_code limit 12;

create or replace table meter_model (model varchar(40) not null primary key, digits number(2,0) default 6, vendor varchar);
insert into meter_model (model, vendor) select distinct model, 'vendor of ' || model from staging.stg_meter_master where model is not null order by 1;

create or replace table address (
      address_id number(12,0) not null primary key
    , street varchar(200)
    , post_code varchar(10)
    , city varchar(80)
    , zone varchar(10)
);
insert into address select row_number() over (order by site_code), street, '8000', city, ref_db.geo.zone_of('8000') from staging.stg_sites;

create or replace table site (
      site_id number(12,0) not null
    , site_code varchar(12) not null
    , address_id number(12,0)
    , is_active boolean default true
    , constraint pk_site primary key (site_id)
    , constraint uk_site unique (site_code)
    , constraint fk_site_address foreign key (address_id) references prod_energy.core.address (address_id)
) comment = 'a place with at least one meter';
insert into site (site_id, site_code, address_id) select row_number() over (order by site_code), site_code, row_number() over (order by site_code) from staging.stg_sites;

create or replace table meter (
      meter_id number(12,0) not null default prod_energy.core.seq_meter.nextval
    , meter_no varchar(20) not null
    , model varchar(40)
    , site_id number(12,0)
    , installed_on date
    , primary key (meter_id)
    , foreign key (model) references meter_model (model)
    , foreign key (site_id) references site (site_id)
);
insert into meter (meter_no, model, site_id, installed_on)
select m.meter_no, m.model, s.site_id, m.installed_on from staging.stg_meter_master m left join site s on s.site_code = m.site_code order by m.meter_no;

create or replace table reading_quality (quality varchar(4) not null primary key, label varchar);
insert into reading_quality values ('qua0', 'measured'), ('qua1', 'estimated'), ('qua2', 'customer'), ('qua3', null);

create or replace table reading (
      meter_id number(12,0) not null
    , read_at timestamp_ntz(9) not null
    , kwh number(18,3)
    , quality varchar(4)
    , flags array
    , loaded_at timestamp_ltz(9)
    , primary key (meter_id, read_at)
    , constraint fk_reading_meter foreign key (meter_id) references meter (meter_id)
) cluster by (to_date(read_at), meter_id) change_tracking = true comment = 'one row a meter and quarter of an hour';
insert into reading
select 1 + mod(n, 40), dateadd('minute', 15 * floor(n / 40), '2024-03-01'::timestamp_ntz), iff(mod(n, 97) = 0, null, mod(n * 7, 1000) / 8)
     , 'qua' || mod(n, 4), iff(mod(n, 50) = 0, array_construct('late', n), null), '2024-05-01 04:00:00 +0000'::timestamp_ltz
from (select seq8() as n from table(generator(rowcount => 4000)));

create or replace table consumption_day (meter_id number(12,0), day date, kwh number(18,3), primary key (meter_id, day));
insert into consumption_day select meter_id, to_date(read_at), sum(kwh) from reading group by 1, 2;

create or replace table consumption_month (meter_id number(12,0), month date, kwh number(20,3), readings number(10,0));
insert into consumption_month select meter_id, date_trunc('month', read_at)::date, sum(kwh), count(*) from reading group by 1, 2;

create or replace table tariff (tariff_code varchar(12) not null primary key, tariff_name varchar(100), is_green boolean);
insert into tariff select tariff_code, tariff_name, is_green from staging.stg_tariffs;

create or replace table tariff_price (
      tariff_code varchar(12) not null
    , valid_from date not null
    , base_price number(12,4)
    , unit_price number(12,6)
    , primary key (tariff_code, valid_from)
    , foreign key (tariff_code) references core.tariff (tariff_code)
);
insert into tariff_price select tariff_code, valid_from, base_price, unit_price from staging.stg_tariff_prices where valid_from is not null;

create or replace table product (product_id number(8,0) not null primary key, product_name varchar, tariff_code varchar(12) references tariff (tariff_code));
insert into product select row_number() over (order by tariff_code), 'Strøm ' || tariff_code, tariff_code from tariff;

create or replace table weather_station (station_code varchar(8) not null primary key, station_name varchar(100), location object);
insert into weather_station select station_code, station_name, object_construct('lat', lat, 'lon', lon) from staging.stg_weather_stations;

create or replace table weather_day (station_code varchar(8) references weather_station (station_code), day date, temp_avg float, degree_days float);
insert into weather_day select station_code, day, temp_avg, greatest(0, 17 - coalesce(temp_avg, 17)) from staging.stg_weather;

create or replace table calendar (day date not null primary key, iso_week number(2,0), is_holiday boolean default false);
insert into calendar (day, iso_week) select d, weekiso(d) from (select dateadd('day', seq8(), '2024-01-01'::date) as d from table(generator(rowcount => 120)));

create or replace table exchange_rate (currency varchar(3), day date, rate number(18,9), primary key (currency, day));
insert into exchange_rate select currency, day, coalesce(rate, 1) from staging.stg_fx_rates;

create or replace table price_curve (delivery_at timestamp_ntz(9), price number(12,4), currency varchar(3));
insert into price_curve select delivery_at, price, currency from staging.stg_spot_prices where delivery_at is not null;

create or replace function gross(amount number(14,4), rate number(6,4)) returns number(14,2)
as 'round(amount * (1 + rate), 2)';

create or replace function rate_on(cur varchar, on_day date) returns number(18,9)
comment = 'the last rate known on a day'
as
$$
    select max_by(rate, day) from prod_energy.core.exchange_rate where currency = cur and day <= on_day
$$;

create or replace function price_on(code varchar, on_day date) returns table (unit_price number(12,6), base_price number(12,4))
as
$$
    select p.unit_price, p.base_price from tariff_price p where p.tariff_code = code and p.valid_from <= on_day
$$;

create or replace function clean_iban(iban varchar)
returns varchar
language python
runtime_version = '3.11'
handler = 'clean'
as
$$
# 'prod_energy' in a comment is a comment
def clean(iban):
    if iban is None:
        return None
    kept = {c for c in iban if c.isalnum()}
    return "".join(c for c in iban.upper() if c in {k.upper() for k in kept})
$$;

-- second and third floor
create or replace view v_meter as
select m.meter_id, m.meter_no, m.model, mm.vendor, s.site_code, a.city, a.zone
from meter m
left join meter_model mm on mm.model = m.model
left join site s using (site_id)
left join address a on a.address_id = s.address_id;

create or replace view v_reading as
select r.meter_id, r.read_at, r.kwh, q.label as quality_label
from prod_energy.core.reading as r join "PROD_ENERGY"."CORE"."READING_QUALITY" as q on q.quality = r.quality;

create or replace view v_reading_all as
select meter_id, read_at, kwh from v_reading
union all
select meter_id, read_at, kwh from prod_energy_archive.core.reading;

create or replace view v_consumption as
select v.meter_id, v.meter_no, v.zone, c.day, c.kwh
from core.v_meter v join consumption_day c on c.meter_id = v.meter_id;

create or replace view v_consumption_weather copy grants as
select c.*, w.degree_days
from v_consumption c
left join (select day, avg(degree_days) as degree_days from weather_day group by day) w on w.day = c.day;

create or replace secure view v_price_today as
select t.tariff_code, t.tariff_name, p.unit_price, p.base_price
from tariff t join tariff_price p on p.tariff_code = t.tariff_code
qualify row_number() over (partition by t.tariff_code order by p.valid_from desc) = 1;

create or replace view v_product_price as
select p.product_id, p.product_name, v.unit_price, gross(v.unit_price, 0.25) as unit_price_gross from product p join v_price_today v on v.tariff_code = p.tariff_code;

create or replace view v_operator_fee as
select o.operator_code, o.operator_name, r.region_name, f.valid_from, f.fee_per_kwh
from grid_operator o
join staging.stg_grid_fees f on f.operator_code = o.operator_code
left join region r on r.region_code = o.region_code;

create or replace view v_spot_eur as
select delivery_at, price / nullif(rate_on(currency, delivery_at::date), 0) as price_eur from price_curve;

create or replace view v_working_days as select day, iso_week from calendar where not is_holiday and dayofweekiso(day) < 6;

create or replace stream str_reading on table reading append_only = true comment = 'new readings';
create or replace stream str_meter on table prod_energy.core.meter;

create or replace dynamic table dt_zone_day target_lag = '1 hour' warehouse = energy_load_wh as
select zone, day, sum(kwh) as kwh, count(*) as meters from core.v_consumption group by zone, day;

create or replace procedure sp_roll_up_day(from_day date, days number default 1)
returns varchar
language sql
execute as owner
as
$$
declare
    done number default 0;
    until_day date;
begin
    until_day := dateadd('day', days, from_day);
    begin transaction;
    delete from consumption_day where day >= :from_day and day < :until_day;
    insert into consumption_day (meter_id, day, kwh)
    select meter_id, to_date(read_at), sum(kwh)
    from prod_energy.core.reading
    where read_at >= :from_day and read_at < :until_day
    group by 1, 2;
    done := sqlrowcount;
    commit;
    call prod_energy.ops.sp_log('roll up', 'days: ' || :days);
    return done || ' rows';
end;
$$;

create or replace procedure sp_roll_up_month()
returns varchar language sql execute as owner as
$$
begin
    insert overwrite into consumption_month
    select meter_id, date_trunc('month', day)::date, sum(kwh), count(*) from consumption_day group by 1, 2;
    return sqlrowcount || ' months';
end;
$$;

create or replace procedure sp_register_meter(no varchar, model_name varchar)
returns number language sql execute as owner as
begin
    merge into core.meter_model t using (select :model_name as model) s on t.model = s.model
        when not matched then insert (model, vendor) values (s.model, 'unknown');
    insert into meter (meter_no, model) values (:no, :model_name);
    return 1;
end;

create or replace procedure sp_roll_up_all(from_day date)
returns varchar language sql execute as caller as
$$
declare
    answer varchar;
begin
    call core.sp_roll_up_day(:from_day, 31) into :answer;
    call prod_energy.core.sp_roll_up_month();
    return 'all; first: ' || answer;
end;
$$;
