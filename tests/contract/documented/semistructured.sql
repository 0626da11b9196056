-- page: docs.snowflake.com/en/sql-reference/functions/array_construct
SELECT ARRAY_CONSTRUCT(10, 20, 30);
--> [10,20,30]
SELECT ARRAY_CONSTRUCT(NULL, 'hello', 3::DOUBLE, 4, 5);
--> [null,"hello",3,4,5]
--d [null,"hello",3.0,4,5]
SELECT ARRAY_CONSTRUCT();
--> []

-- page: docs.snowflake.com/en/sql-reference/functions/array_construct_compact
SELECT ARRAY_CONSTRUCT_COMPACT(NULL, 'hello', NULL, 3, 4, 5);
--> ["hello",3,4,5]

-- page: docs.snowflake.com/en/sql-reference/functions/array_append
SELECT ARRAY_APPEND(ARRAY_CONSTRUCT(1, 2, 3), 'HELLO');
--> [1,2,3,"HELLO"]

-- page: docs.snowflake.com/en/sql-reference/functions/array_prepend
SELECT ARRAY_PREPEND(ARRAY_CONSTRUCT(0, 1, 2, 3), 'hello');
--> ["hello",0,1,2,3]

-- page: docs.snowflake.com/en/sql-reference/functions/array_cat
SELECT ARRAY_CAT(ARRAY_CONSTRUCT(1, 2), ARRAY_CONSTRUCT(3, 4));
--> [1,2,3,4]
SELECT ARRAY_CAT(ARRAY_CONSTRUCT(1, 2), NULL);
--> NULL

-- page: docs.snowflake.com/en/sql-reference/functions/array_compact
SELECT ARRAY_COMPACT(PARSE_JSON('[10, null, 30]'));
--> [10,30]

-- page: docs.snowflake.com/en/sql-reference/functions/array_contains
SELECT ARRAY_CONTAINS('hello'::VARIANT, ARRAY_CONSTRUCT('hello', 'hi'));
--> TRUE
SELECT ARRAY_CONTAINS('hello'::VARIANT, ARRAY_CONSTRUCT('hola', 'bonjour'));
--> FALSE

-- page: docs.snowflake.com/en/sql-reference/functions/array_distinct
SELECT ARRAY_DISTINCT(['A', 'A', 'B', NULL, NULL]);
--> ["A","B",null]

-- page: docs.snowflake.com/en/sql-reference/functions/array_except
SELECT ARRAY_EXCEPT(['A', 'B'], ['B', 'C']);
--> ["A"]
--? 2140 ARRAY_EXCEPT
SELECT ARRAY_EXCEPT(['A', 'B', 'C'], ['B', 'C', 'D']);
--> ["A"]
--? 2140 ARRAY_EXCEPT

-- page: docs.snowflake.com/en/sql-reference/functions/array_intersection
SELECT ARRAY_INTERSECTION(ARRAY_CONSTRUCT('A', 'B'), ARRAY_CONSTRUCT('B', 'C'));
--> ["B"]
--? 2140 ARRAY_INTERSECTION

-- page: docs.snowflake.com/en/sql-reference/functions/array_flatten
SELECT ARRAY_FLATTEN([[1, 2, 3], [4], [5, 6]]);
--> [1,2,3,4,5,6]
SELECT ARRAY_FLATTEN([[[1, 2], [3]], [[4], [5]]]);
--> [[1,2],[3],[4],[5]]

-- page: docs.snowflake.com/en/sql-reference/functions/array_generate_range
SELECT ARRAY_GENERATE_RANGE(2, 5);
--> [2,3,4]
SELECT ARRAY_GENERATE_RANGE(5, 2);
--> []
SELECT ARRAY_GENERATE_RANGE(5, 25, 10);
--> [5,15]
SELECT ARRAY_GENERATE_RANGE(-5, -25, -10);
--> [-5,-15]

-- page: docs.snowflake.com/en/sql-reference/functions/array_insert
SELECT ARRAY_INSERT(ARRAY_CONSTRUCT(0, 1, 2, 3), 2, 'hello');
--> [0,1,"hello",2,3]
SELECT ARRAY_INSERT(ARRAY_CONSTRUCT(0, 1, 2, 3), 5, 'hello');
--> [0,1,2,3,null,"hello"]
SELECT ARRAY_INSERT(ARRAY_CONSTRUCT(0, 1, 2, 3), -1, 'hello');
--> [0,1,2,"hello",3]

-- page: docs.snowflake.com/en/sql-reference/functions/array_max
SELECT ARRAY_MAX([20, 0, NULL, 10, NULL]);
--> 20
--? 2140 ARRAY_MAX

-- page: docs.snowflake.com/en/sql-reference/functions/array_min
SELECT ARRAY_MIN([20, 0, NULL, 10, NULL]);
--> 0
--? 2140 ARRAY_MIN

-- page: docs.snowflake.com/en/sql-reference/functions/array_position
SELECT ARRAY_POSITION('hello'::VARIANT, ARRAY_CONSTRUCT('hello', 'hi'));
--> 0
SELECT ARRAY_POSITION('hi'::VARIANT, ARRAY_CONSTRUCT('hello', 'hi'));
--> 1
SELECT ARRAY_POSITION('hello'::VARIANT, ARRAY_CONSTRUCT('hola', 'bonjour'));
--> NULL

-- page: docs.snowflake.com/en/sql-reference/functions/array_remove
SELECT ARRAY_REMOVE([1, 5, 5.00, 5.00::DOUBLE, '5', 5, NULL], 5);
--> [1,"5",null]
--d [1,5.0,5.0,"5",null]
SELECT ARRAY_REMOVE([5, 5], 5);
--> []

-- page: docs.snowflake.com/en/sql-reference/functions/array_remove_at
SELECT ARRAY_REMOVE_AT([2, 5, 7], 0);
--> [5,7]
--? 2140 ARRAY_REMOVE_AT
SELECT ARRAY_REMOVE_AT([2, 5, 7], -1);
--> [2,5]
--? 2140 ARRAY_REMOVE_AT

-- page: docs.snowflake.com/en/sql-reference/functions/array_size
SELECT ARRAY_SIZE(ARRAY_CONSTRUCT(1, 2, 3)) AS size;
--> 3

-- page: docs.snowflake.com/en/sql-reference/functions/array_slice
SELECT ARRAY_SLICE(ARRAY_CONSTRUCT(0, 1, 2, 3, 4, 5, 6), 0, 2);
--> [0,1]
SELECT ARRAY_SLICE(ARRAY_CONSTRUCT(0, 1, 2, 3, 4, 5, 6), 5, 7);
--> [5,6]
SELECT ARRAY_SLICE(ARRAY_CONSTRUCT(0, 1, 2, 3, 4, 5, 6), 0, -2);
--> [0,1,2,3,4]
SELECT ARRAY_SLICE(ARRAY_CONSTRUCT(0, 1, 2, 3, 4, 5, 6), NULL, 2);
--> NULL
SELECT ARRAY_SLICE(ARRAY_CONSTRUCT(0, 1, 2, 3, 4, 5, 6), 10, 12);
--> []
SELECT ARRAY_SLICE(ARRAY_CONSTRUCT(0, 1, 2, 3, 4, 5, 6), -10, -12);
--> []

-- page: docs.snowflake.com/en/sql-reference/functions/array_sort
SELECT ARRAY_SORT([20, PARSE_JSON('null'), 0, NULL, 10]);
--> [0,10,20,null,null]
--? 2140 ARRAY_SORT

-- page: docs.snowflake.com/en/sql-reference/functions/array_to_string
SELECT column1, ARRAY_TO_STRING(PARSE_JSON(column1), '') AS no_separation, ARRAY_TO_STRING(PARSE_JSON(column1), ', ') AS comma_separated FROM VALUES (NULL), ('[]'), ('[1]'), ('[1, 2]'), ('[true, 1, -1.2e-3, "Abc", ["x","y"], {"a":1}]'), ('[, 1]'), ('[1, ]'), ('[1, , ,2]');
--> NULL | NULL | NULL
--> '[]' | '' | ''
--> '[1]' | 1 | 1
--> '[1, 2]' | 12 | 1, 2
--> '[true, 1, -1.2e-3, "Abc", ["x","y"], {"a":1}]' | true1-0.0012Abc["x","y"]{"a":1} | true, 1, -0.0012, Abc, ["x","y"], {"a":1}
--> '[, 1]' | 1 | ', 1'
--> '[1, ]' | 1 | '1, '
--> '[1, , ,2]' | 12 | '1, , , 2'
--? 100069 JSON

-- page: docs.snowflake.com/en/sql-reference/functions/array_unique_agg
CREATE TABLE array_unique_agg_test (a INTEGER);
INSERT INTO array_unique_agg_test VALUES (5), (2), (1), (2), (1);
SELECT ARRAY_SIZE(ARRAY_UNIQUE_AGG(a)) AS distinct_values FROM array_unique_agg_test;
--> 3
--? 2140 ARRAY_UNIQUE_AGG

-- page: docs.snowflake.com/en/sql-reference/functions/arrays_overlap
SELECT ARRAYS_OVERLAP(ARRAY_CONSTRUCT('hello', 'aloha'), ARRAY_CONSTRUCT('hello', 'hi', 'hey'));
--> TRUE
SELECT ARRAYS_OVERLAP(ARRAY_CONSTRUCT('hello', 'aloha'), ARRAY_CONSTRUCT('hola', 'bonjour', 'ciao'));
--> FALSE
SELECT ARRAYS_OVERLAP(ARRAY_CONSTRUCT(1, 2, NULL), ARRAY_CONSTRUCT(3, NULL, 5));
--> TRUE

-- page: docs.snowflake.com/en/sql-reference/functions/arrays_to_object
SELECT ARRAYS_TO_OBJECT(['key1', 'key2', 'key3'], [1, 2, 3]);
--> {"key1":1,"key2":2,"key3":3}
--? 2140 ARRAYS_TO_OBJECT

-- page: docs.snowflake.com/en/sql-reference/functions/check_json
SELECT CHECK_JSON('{"a":1}') IS NULL, CHECK_JSON('{"a":') IS NULL;
--> TRUE | FALSE

-- page: docs.snowflake.com/en/sql-reference/functions/flatten
SELECT * FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[1, ,77]'))) f;
--# SEQ | KEY | PATH | INDEX | VALUE | THIS
--> 1 | NULL | '[0]' | 0 | 1 | [1,null,77]
--> 1 | NULL | '[2]' | 2 | 77 | [1,null,77]
--? 100069 JSON
SELECT KEY, PATH, INDEX, VALUE FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a":1, "b":[77,88]}'), PATH => 'b')) f;
--> NULL | b[0] | 0 | 77
--> NULL | b[1] | 1 | 88
SELECT KEY, VALUE FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[]'))) f;
--> -
SELECT * FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[]'), OUTER => TRUE)) f;
--> 1 | NULL | NULL | NULL | NULL | []
--d 1 | NULL | NULL | NULL | NULL | NULL
SELECT KEY, PATH, INDEX, VALUE FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a":1, "b":[77,88], "c": {"d":"X"}}'))) f;
--> a | a | NULL | 1
--> b | b | NULL | [77,88]
--> c | c | NULL | {"d":"X"}
SELECT KEY, PATH, INDEX, VALUE FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a":1, "b":[77,88], "c": {"d":"X"}}'), RECURSIVE => TRUE)) f;
--> a | a | NULL | 1
--> b | b | NULL | [77,88]
--> NULL | b[0] | 0 | 77
--> NULL | b[1] | 1 | 88
--> c | c | NULL | {"d":"X"}
--> d | c.d | NULL | '"X"'
SELECT KEY, PATH, INDEX, VALUE FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a":1, "b":[77,88], "c": {"d":"X"}}'), RECURSIVE => TRUE, MODE => 'OBJECT')) f;
--> a | a | NULL | 1
--> b | b | NULL | [77,88]
--> c | c | NULL | {"d":"X"}
--> d | c.d | NULL | '"X"'
CREATE TABLE persons AS SELECT column1 AS id, PARSE_JSON(column2) AS c FROM VALUES (12712555, '{ name:  { first: "John", last: "Smith"}, contact: [ { business:[ { type: "phone", content:"555-1234" }, { type: "email", content:"j.smith@company.com" } ] } ] }'), (98127771, '{ name:  { first: "Jane", last: "Doe"}, contact: [ { business:[ { type: "phone", content:"555-1236" }, { type: "email", content:"j.doe@company.com" } ] } ] }') v;
--? 100069 JSON

-- page: docs.snowflake.com/en/sql-reference/functions/get
CREATE TABLE vartab (a ARRAY, o OBJECT, v VARIANT);
INSERT INTO vartab (a, o, v) SELECT ARRAY_CONSTRUCT(2.71, 3.14), OBJECT_CONSTRUCT('Ukraine', 'Kyiv'::VARIANT, 'France', 'Paris'::VARIANT), TO_VARIANT(OBJECT_CONSTRUCT('weatherStationID', 42::VARIANT, 'timestamp', '2022-03-07 14:00'::VARIANT));
SELECT GET(a, 0) FROM vartab;
--> 2.71
SELECT GET(o, 'Ukraine') FROM vartab;
--> '"Kyiv"'
SELECT GET(o, 'ukraine') FROM vartab;
--> NULL
SELECT GET(v, 'weatherStationID') FROM vartab;
--> 42

-- page: docs.snowflake.com/en/sql-reference/functions/get_path
CREATE TABLE get_path_demo (id INTEGER, v VARIANT);
INSERT INTO get_path_demo (id, v) SELECT 1, PARSE_JSON('{"array1": [{"id1": "value_a1", "id2": "value_a2", "id3": "value_a3"}], "array2": [{"id1": "value_b1", "id2": "value_b2"}], "object_outer_key1": {"object_inner_key1a": "object_x1", "object_inner_key1b": "object_x2"}}');
SELECT id, GET_PATH(v, 'array2[0].id1') FROM get_path_demo;
--> 1 | '"value_b1"'
SELECT v:array2[0].id1::VARCHAR FROM get_path_demo;
--> value_b1
SELECT GET_PATH(v, 'object_outer_key1:object_inner_key1a') AS object_inner_key1a_values FROM get_path_demo;
--> '"object_x1"'

-- page: docs.snowflake.com/en/sql-reference/functions/is_array
CREATE TABLE vartab (n NUMBER(2), v VARIANT);
INSERT INTO vartab SELECT column1 AS n, PARSE_JSON(column2) AS v FROM VALUES (1, 'null'), (2, NULL), (3, 'true'), (4, '-17'), (5, '123.12'), (7, '"Om ara pa ca na dhih"'), (8, '[-1, 12, 289, 2188, false]'), (9, '{ "x" : "abc", "y" : false, "z": 10}');
SELECT n FROM vartab WHERE IS_ARRAY(v);
--> 8
SELECT n FROM vartab WHERE IS_OBJECT(v);
--> 9
SELECT n FROM vartab WHERE IS_BOOLEAN(v);
--> 3
SELECT n FROM vartab WHERE IS_INTEGER(v);
--> 4
SELECT n FROM vartab WHERE IS_VARCHAR(v);
--> 7
SELECT n FROM vartab WHERE IS_NULL_VALUE(v);
--> 1
SELECT n, TYPEOF(v) FROM vartab ORDER BY n;
--> 1 | NULL_VALUE
--> 2 | NULL
--> 3 | BOOLEAN
--> 4 | INTEGER
--> 5 | DECIMAL
--> 7 | VARCHAR
--> 8 | ARRAY
--> 9 | OBJECT
SELECT v, v:x FROM vartab WHERE n = 9;
--> {"x":"abc","y":false,"z":10} | '"abc"'

-- page: docs.snowflake.com/en/sql-reference/functions/object_construct
SELECT OBJECT_CONSTRUCT('a', 1, 'b', 'BBBB', 'c', NULL);
--> {"a":1,"b":"BBBB"}
SELECT OBJECT_CONSTRUCT(*) AS oc FROM VALUES (1, 'x'), (2, 'y');
--> {"COLUMN1":1,"COLUMN2":"x"}
--> {"COLUMN1":2,"COLUMN2":"y"}
SELECT OBJECT_CONSTRUCT('Key_One', PARSE_JSON('NULL'), 'Key_Two', NULL, 'Key_Three', 'null') AS obj;
--> {"Key_One":null,"Key_Three":"null"}
--? 100069 JSON
SELECT OBJECT_CONSTRUCT('foo', 1234567, 'dataset_size', (SELECT COUNT(*) FROM (SELECT 1)), 'distinct_province', 1, 'created_date_seconds', 1000);
--> {"created_date_seconds":1000,"dataset_size":1,"distinct_province":1,"foo":1234567}

-- page: docs.snowflake.com/en/sql-reference/functions/object_construct_keep_null
SELECT OBJECT_CONSTRUCT('key_1', 'one', 'key_2', NULL) AS without_keep_null, OBJECT_CONSTRUCT_KEEP_NULL('key_1', 'one', 'key_2', NULL) AS keep_null_1, OBJECT_CONSTRUCT_KEEP_NULL('key_1', 'one', NULL, 'two') AS keep_null_2;
--> {"key_1":"one"} | {"key_1":"one","key_2":null} | {"key_1":"one"}

-- page: docs.snowflake.com/en/sql-reference/functions/object_delete
SELECT OBJECT_DELETE(OBJECT_CONSTRUCT('a', 1, 'b', 2, 'c', 3), 'a', 'b') AS object_returned;
--> {"c":3}
--? 2140 OBJECT_DELETE

-- page: docs.snowflake.com/en/sql-reference/functions/object_insert
SELECT OBJECT_INSERT(OBJECT_CONSTRUCT('a', 1, 'b', 2), 'c', 3);
--> {"a":1,"b":2,"c":3}
--? 2140 OBJECT_INSERT
SELECT OBJECT_INSERT(OBJECT_CONSTRUCT('a', 1, 'b', 2), 'b', 100, TRUE);
--> {"a":1,"b":100}
--? 2140 OBJECT_INSERT

-- page: docs.snowflake.com/en/sql-reference/functions/object_pick
SELECT OBJECT_PICK(OBJECT_CONSTRUCT('a', 1, 'b', 2, 'c', 3), 'a', 'b') AS new_object;
--> {"a":1,"b":2}
--? 2140 OBJECT_PICK

-- page: docs.snowflake.com/en/sql-reference/functions/object_keys
SELECT OBJECT_KEYS(OBJECT_CONSTRUCT('a', 1, 'b', 2, 'c', 3));
--> ["a","b","c"]

-- page: docs.snowflake.com/en/sql-reference/functions/parse_json
CREATE TABLE vartab (n NUMBER(2), v VARIANT);
INSERT INTO vartab SELECT column1 AS n, PARSE_JSON(column2) AS v FROM VALUES (1, 'null'), (2, NULL), (3, 'true'), (4, '-17'), (5, '123.12'), (6, '1.912e2'), (7, '"Om ara pa ca na dhih"  '), (8, '[-1, 12, 289, 2188, false]'), (9, '{ "x" : "abc", "y" : false, "z": 10} ');
SELECT n, v, TYPEOF(v) FROM vartab ORDER BY n;
--> 1 | 'null' | NULL_VALUE
--> 2 | NULL | NULL
--> 3 | 'true' | BOOLEAN
--> 4 | '-17' | INTEGER
--> 5 | '123.12' | DECIMAL
--> 6 | '1.912000000000000e+02' | DOUBLE
--> 7 | '"Om ara pa ca na dhih"' | VARCHAR
--> 8 | [-1,12,289,2188,false] | ARRAY
--> 9 | {"x":"abc","y":false,"z":10} | OBJECT
--d 1 | 'null' | NULL_VALUE
--d 2 | NULL | NULL
--d 3 | 'true' | BOOLEAN
--d 4 | '-17' | INTEGER
--d 5 | '123.12' | DECIMAL
--d 6 | '191.2' | DECIMAL
--d 7 | '"Om ara pa ca na dhih"' | VARCHAR
--d 8 | [-1,12,289,2188,false] | ARRAY
--d 9 | {"x":"abc","y":false,"z":10} | OBJECT
SELECT TO_JSON(PARSE_JSON('{"b":1,"a":2}')) = '{"b":1,"a":2}', TO_JSON(PARSE_JSON('{"b":1,"a":2}')) = TO_JSON(PARSE_JSON('{"a":2,"b":1}'));
--> FALSE | TRUE
--d TRUE | FALSE
SELECT PARSE_JSON('{"a": "value1"');
--! 100069

-- page: docs.snowflake.com/en/sql-reference/functions/try_parse_json
CREATE TABLE vartab (id INTEGER, v VARCHAR);
INSERT INTO vartab (id, v) VALUES (1, '[-1, 12, 289, 2188, false]'), (2, '{ "x" : "abc", "y" : false, "z": 10} '), (3, '{ "bad" : "json", "missing" : true, "close_brace": 10 ');
SELECT id, TRY_PARSE_JSON(v) FROM vartab ORDER BY id;
--> 1 | [-1,12,289,2188,false]
--> 2 | {"x":"abc","y":false,"z":10}
--> 3 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/strip_null_value
CREATE TABLE mytable (src VARIANT);
INSERT INTO mytable SELECT PARSE_JSON(column1) FROM VALUES ('{"a": "1", "b": "2", "c": null}'), ('{"a": "1", "b": "2", "c": "3"}');
SELECT STRIP_NULL_VALUE(src:c) FROM mytable;
--~ NULL
--~ '"3"'
SELECT src:c FROM mytable;
--~ 'null'
--~ '"3"'

-- page: docs.snowflake.com/en/sql-reference/functions/filter
SELECT FILTER([1, 2, 3], a INT -> a >= 2);
--> [2,3]
SELECT FILTER([{'name': 'Pat', 'value': 50}, {'name': 'Terry', 'value': 75}], o -> o:value > 50) AS "Filter >50";
--# Filter >50
--> [{"name":"Terry","value":75}]

-- page: docs.snowflake.com/en/sql-reference/functions/transform
SELECT TRANSFORM([1, 2, 3], a INT -> a * 2) AS "Multiply by Two";
--> [2,4,6]
SELECT TRANSFORM([{'name': 'Pat', 'value': 50}, {'name': 'Terry', 'value': 75}], c -> c:name) AS "Names";
--> ["Pat","Terry"]

-- page: docs.snowflake.com/en/sql-reference/functions/reduce
SELECT REDUCE([1, 2, 3], 0, (acc, val) -> acc + val) AS sum_of_values;
--> 6
SELECT REDUCE([1, 2, 3], 10, (acc, val) -> acc + val) AS sum_of_values_plus_10;
--> 16
SELECT REDUCE(NULL, 0, (acc, val) -> acc + val) AS result;
--> NULL

-- page: docs.snowflake.com/en/user-guide/querying-semistructured
CREATE TABLE car_sales (src VARIANT);
INSERT INTO car_sales SELECT PARSE_JSON(column1) AS src FROM VALUES ('{"date": "2017-04-28", "dealership": "Valley View Auto Sales", "salesperson": {"id": "55", "name": "Frank Beasley"}, "customer": [{"name": "Joyce Ridgely", "phone": "16504378889", "address": "San Francisco, CA"}], "vehicle": [{"make": "Honda", "model": "Civic", "year": "2017", "price": "20275", "extras": ["ext warranty", "paint protection"]}]}'), ('{"date": "2017-04-28", "dealership": "Tindel Toyota", "salesperson": {"id": "274", "name": "Greg Northrup"}, "customer": [{"name": "Bradley Greenbloom", "phone": "12127593751", "address": "New York, NY"}], "vehicle": [{"make": "Toyota", "model": "Camry", "year": "2017", "price": "23500", "extras": ["ext warranty", "rust proofing", "fabric protection"]}]}');
SELECT src:dealership FROM car_sales ORDER BY 1;
--> '"Tindel Toyota"'
--> '"Valley View Auto Sales"'
SELECT src:salesperson.name FROM car_sales ORDER BY 1;
--> '"Frank Beasley"'
--> '"Greg Northrup"'
SELECT src['salesperson']['name'] FROM car_sales ORDER BY 1;
--> '"Frank Beasley"'
--> '"Greg Northrup"'
SELECT src:customer[0].name, src:vehicle[0] FROM car_sales ORDER BY 1;
--> '"Bradley Greenbloom"' | {"extras":["ext warranty","rust proofing","fabric protection"],"make":"Toyota","model":"Camry","price":"23500","year":"2017"}
--> '"Joyce Ridgely"' | {"extras":["ext warranty","paint protection"],"make":"Honda","model":"Civic","price":"20275","year":"2017"}
SELECT src:vehicle[0].price::NUMBER * 0.10 AS tax FROM car_sales ORDER BY tax;
--# TAX
--> 2027.50
--> 2350.00
SELECT src:dealership, src:dealership::VARCHAR FROM car_sales ORDER BY 2;
--> '"Tindel Toyota"' | Tindel Toyota
--> '"Valley View Auto Sales"' | Valley View Auto Sales
SELECT vm.value:make::STRING AS make, vm.value:model::STRING AS model, ve.value::STRING AS "Extras Purchased" FROM car_sales, LATERAL FLATTEN(INPUT => src:vehicle) vm, LATERAL FLATTEN(INPUT => vm.value:extras) ve ORDER BY make, model, "Extras Purchased";
--# MAKE | MODEL | Extras Purchased
--> Honda | Civic | ext warranty
--> Honda | Civic | paint protection
--> Toyota | Camry | ext warranty
--> Toyota | Camry | fabric protection
--> Toyota | Camry | rust proofing
SELECT value:name::STRING AS "Customer Name", value:address::STRING AS "Address" FROM car_sales, LATERAL FLATTEN(INPUT => src:customer) ORDER BY 1;
--> Bradley Greenbloom | New York, NY
--> Joyce Ridgely | San Francisco, CA
