-- page: docs.snowflake.com/en/sql-reference/functions/split_part
SELECT column1 part_number_value, column2 portion
  FROM VALUES
    (0, SPLIT_PART('11.22.33', '.',  0)),
    (1, SPLIT_PART('11.22.33', '.',  1)),
    (2, SPLIT_PART('11.22.33', '.',  2)),
    (3, SPLIT_PART('11.22.33', '.',  3)),
    (4, SPLIT_PART('11.22.33', '.',  4)),
    (-1, SPLIT_PART('11.22.33', '.',  -1)),
    (-2, SPLIT_PART('11.22.33', '.',  -2)),
    (-3, SPLIT_PART('11.22.33', '.',  -3)),
    (-4, SPLIT_PART('11.22.33', '.',  -4));
--# PART_NUMBER_VALUE | PORTION
--> 0 | 11
--> 1 | 11
--> 2 | 22
--> 3 | 33
--> 4 | ''
--> -1 | 33
--> -2 | 22
--> -3 | 11
--> -4 | ''
SELECT SPLIT_PART('127.0.0.1', '.', 1) AS first_part, SPLIT_PART('127.0.0.1', '.', -1) AS last_part;
--# FIRST_PART | LAST_PART
--> 127 | 1
SELECT SPLIT_PART('|a|b|c|', '|', 1) AS first_part, SPLIT_PART('|a|b|c|', '|', 2) AS last_part;
--> '' | a
SELECT SPLIT_PART('aaa--bbb-BBB--ccc', '--', 2) AS multi_character_separator;
--> bbb-BBB
SELECT SPLIT_PART('user@snowflake.com', '', 1);
--> user@snowflake.com

-- page: docs.snowflake.com/en/sql-reference/functions/split
SELECT SPLIT('127.0.0.1', '.');
--> ["127","0","0","1"]
SELECT SPLIT('|a||', '|');
--> ["","a","",""]

-- page: docs.snowflake.com/en/sql-reference/functions/strtok
SELECT STRTOK('a.b.c', '.', 1);
--> a
SELECT STRTOK('user@snowflake.com', '@.', 1);
--> user
SELECT STRTOK('user@snowflake.com', '@.', 2);
--> snowflake
SELECT STRTOK('user@snowflake.com', '@.', 3);
--> com
SELECT STRTOK('user@snowflake.com.', '@.', 4);
--> NULL
SELECT STRTOK('', '', 1);
--> NULL
SELECT STRTOK('a.b', '', 1);
--> a.b
SELECT STRTOK(NULL, '.', 1);
--> NULL

-- page: docs.snowflake.com/en/sql-reference/functions/strtok_to_array
SELECT STRTOK_TO_ARRAY('a.b.c', '.');
--> ["a","b","c"]
SELECT STRTOK_TO_ARRAY('user@snowflake.com', '.@');
--> ["user","snowflake","com"]

-- page: docs.snowflake.com/en/sql-reference/functions/split_to_table
SELECT table1.value FROM TABLE(SPLIT_TO_TABLE('a.b', '.')) AS table1 ORDER BY table1.value;
--# VALUE
--> a
--> b
CREATE TABLE splittable (v VARCHAR);
INSERT INTO splittable (v) VALUES ('a.b.c'), ('d'), ('');
SELECT value FROM splittable, LATERAL SPLIT_TO_TABLE(splittable.v, '.') ORDER BY value;
--> ''
--> a
--> b
--> c
--> d

-- page: docs.snowflake.com/en/sql-reference/functions/left
SELECT LEFT('ABCDEF', 3);
--> ABC

-- page: docs.snowflake.com/en/sql-reference/functions/right
SELECT RIGHT('ABCDEFG', 3);
--> EFG

-- page: docs.snowflake.com/en/sql-reference/functions/substr
SELECT SUBSTR('testing 1 2 3', 9, 5);
--> 1 2 3
CREATE TABLE test_substr (base_value VARCHAR, start_value INT, length_value INT);
INSERT INTO test_substr VALUES ('mystring', -1, 3), ('mystring', -3, 3), ('mystring', -3, 7), ('mystring', -5, 3), ('mystring', -7, 3), ('mystring', 0, 3), ('mystring', 0, 7), ('mystring', 1, 3), ('mystring', 1, 7), ('mystring', 3, 3), ('mystring', 3, 7), ('mystring', 5, 3), ('mystring', 5, 7), ('mystring', 7, 3), ('mystring', NULL, 3), ('mystring', 3, NULL);
SELECT base_value, start_value, length_value, SUBSTR(base_value, start_value, length_value) AS substring FROM test_substr;
--~ mystring | -1 | 3 | g
--~ mystring | -3 | 3 | ing
--~ mystring | -3 | 7 | ing
--~ mystring | -5 | 3 | tri
--~ mystring | -7 | 3 | yst
--~ mystring | 0 | 3 | mys
--~ mystring | 0 | 7 | mystrin
--~ mystring | 1 | 3 | mys
--~ mystring | 1 | 7 | mystrin
--~ mystring | 3 | 3 | str
--~ mystring | 3 | 7 | string
--~ mystring | 5 | 3 | rin
--~ mystring | 5 | 7 | ring
--~ mystring | 7 | 3 | ng
--~ mystring | NULL | 3 | NULL
--~ mystring | 3 | NULL | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/charindex
SELECT CHARINDEX('an', 'banana', 1);
--> 2
SELECT CHARINDEX('an', 'banana', 3);
--> 4
SELECT CHARINDEX('z', 'banana');
--> 0

-- page: docs.snowflake.com/en/sql-reference/functions/position
SELECT POSITION('an', 'banana', 1);
--> 2
SELECT POSITION('an', 'banana', 3);
--> 4
SELECT POSITION('an' IN 'banana');
--> 2
SELECT POSITION('', 'banana');
--> 1

-- page: docs.snowflake.com/en/sql-reference/functions/concat
SELECT CONCAT('George Washington ', 'Carver');
--> George Washington Carver
CREATE TABLE table1 (s1 VARCHAR, s2 VARCHAR, s3 VARCHAR);
INSERT INTO table1 (s1, s2, s3) VALUES ('co', 'd', 'e'), ('Colorado ', 'River ', NULL);
SELECT CONCAT(s1, s2) FROM table1;
--~ cod
--~ 'Colorado River '
SELECT CONCAT(s1, s2, s3) FROM table1;
--~ code
--~ NULL
SELECT s1 || s2 || s3 FROM table1;
--~ code
--~ NULL

-- page: docs.snowflake.com/en/sql-reference/functions/concat_ws
SELECT CONCAT_WS(',', 'one', 'two', 'three');
--> one,two,three
SELECT CONCAT_WS(',', 'one');
--> one

-- page: docs.snowflake.com/en/sql-reference/functions/contains
CREATE TABLE strings_test (s VARCHAR);
INSERT INTO strings_test VALUES ('coffee'), ('ice tea'), ('latte'), ('tea'), (NULL);
SELECT * FROM strings_test WHERE CONTAINS(s, 'te');
--~ ice tea
--~ latte
--~ tea

-- page: docs.snowflake.com/en/sql-reference/functions/startswith
CREATE TABLE strings_test (s VARCHAR);
INSERT INTO strings_test VALUES ('coffee'), ('ice tea'), ('latte'), ('tea'), (NULL);
SELECT * FROM strings_test WHERE STARTSWITH(s, 'te');
--~ tea

-- page: docs.snowflake.com/en/sql-reference/functions/endswith
CREATE TABLE strings_test (s VARCHAR);
INSERT INTO strings_test VALUES ('coffee'), ('ice tea'), ('latte'), ('tea'), (NULL);
SELECT * FROM strings_test WHERE ENDSWITH(s, 'ea');
--~ ice tea
--~ tea

-- page: docs.snowflake.com/en/sql-reference/functions/initcap
SELECT INITCAP('the new Frame');
--> The New Frame
SELECT INITCAP('iqamqinterestedqinqthisqtopic', 'q');
--> IqAmqInterestedqInqThisqTopic
--? 939 INITCAP

-- page: docs.snowflake.com/en/sql-reference/functions/insert
SELECT INSERT('abc', 1, 2, 'Z') AS str;
--# STR
--> Zc
SELECT INSERT('abcdef', 3, 2, 'zzz') AS str;
--> abzzzef
SELECT INSERT('abc', 2, 1, '') AS str;
--> ac
SELECT INSERT('abc', 4, 0, 'Z') AS str;
--> abcZ
SELECT INSERT(NULL, 1, 2, 'Z') AS str;
--> NULL
SELECT INSERT('abc', NULL, 2, 'Z') AS str;
--> NULL
SELECT INSERT('abc', 1, 2, NULL) AS str;
--> NULL

-- page: docs.snowflake.com/en/sql-reference/functions/length
SELECT LENGTH(''), LENGTH('Joyeux Noël'), LENGTH('Merry Christmas'), LENGTH('Veselé Vianoce'), LENGTH('Wesołych Świąt'), LENGTH('圣诞节快乐'), LENGTH(NULL);
--> 0 | 11 | 15 | 14 | 14 | 5 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/lpad
SELECT LPAD('hello', 10, '-'), LPAD('hello', 3, '-'), LPAD('hello', 8, ' '), LPAD(NULL, 3, '-');
--> -----hello | hel | '   hello' | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/rpad
SELECT RPAD('hello', 10, '-'), RPAD('hello', 3, '-'), RPAD('hello', 8), RPAD('hello', 8, 'xy');
--> hello----- | hel | 'hello   ' | helloxyx

-- page: docs.snowflake.com/en/sql-reference/functions/ltrim
SELECT LTRIM('#000000123', '0#');
--> 123
SELECT LTRIM('  ABC  ');
--> 'ABC  '

-- page: docs.snowflake.com/en/sql-reference/functions/rtrim
SELECT RTRIM('$125.00', '0.');
--> $125
SELECT RTRIM('*-*ABC-*-', '*-');
--> *-*ABC

-- page: docs.snowflake.com/en/sql-reference/functions/trim
SELECT TRIM('*-*ABC-*-', '*-') AS trimmed;
--# TRIMMED
--> ABC
SELECT CONCAT('>', CONCAT(TRIM('❄-❄ABC-❄-', '❄-'), '<'));
--> >ABC<

-- page: docs.snowflake.com/en/sql-reference/functions/repeat
SELECT REPEAT('xy', 5);
--> xyxyxyxyxy

-- page: docs.snowflake.com/en/sql-reference/functions/replace
SELECT REPLACE('down', 'down', 'up');
--> up
SELECT REPLACE('Vacation in Athens', 'Athens', 'Rome');
--> Vacation in Rome
SELECT REPLACE('abcd', 'bc');
--> ad

-- page: docs.snowflake.com/en/sql-reference/functions/reverse
SELECT REVERSE('Hello, world!');
--> !dlrow ,olleH

-- page: docs.snowflake.com/en/sql-reference/functions/space
SELECT CONCAT('>', SPACE(3), '<');
--> '>   <'

-- page: docs.snowflake.com/en/sql-reference/functions/translate
SELECT TRANSLATE('peña', 'ñ', 'n') AS translation;
--> pena
SELECT TRANSLATE('abcdef', 'abc', 'xyz');
--> xyzdef
SELECT TRANSLATE('❄a❄bX❄dYZ❄', 'XYZ❄', 'cef');
--> abcdef

-- page: docs.snowflake.com/en/sql-reference/functions/lower
SELECT LOWER('Ä'), UPPER('ä'), LOWER('ABC'), UPPER('abc');
--> ä | Ä | abc | ABC

-- page: docs.snowflake.com/en/sql-reference/functions/ascii
SELECT ASCII('!'), ASCII('A'), ASCII('a'), ASCII('bcd'), ASCII(''), ASCII(NULL);
--> 33 | 65 | 97 | 98 | 0 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/chr
SELECT CHR(83), CHR(33), CHR(169), CHR(0x2744);
--? 1044 argument
SELECT CHR(83), CHR(33), CHR(169), CHR(8364);
--> S | ! | © | €

-- page: docs.snowflake.com/en/sql-reference/functions/unicode
SELECT UNICODE('!'), UNICODE('\u26c4'), UNICODE('bcd'), UNICODE('');
--> 33 | 9924 | 98 | 0

-- page: docs.snowflake.com/en/sql-reference/functions/editdistance
SELECT EDITDISTANCE('Gute nacht', 'Ich weis nicht'), EDITDISTANCE('snow', 'snowflake'), EDITDISTANCE('', ''), EDITDISTANCE('', NULL);
--> 8 | 5 | 0 | NULL
SELECT EDITDISTANCE('future', 'past', 2), EDITDISTANCE('past', 'future', 2);
--> 2 | 2
--? 939 EDITDISTANCE

-- page: docs.snowflake.com/en/sql-reference/functions/jarowinkler_similarity
SELECT JAROWINKLER_SIMILARITY('Gute nacht', 'Ich weis nicht'), JAROWINKLER_SIMILARITY('Snowflake', 'Oracle'), JAROWINKLER_SIMILARITY('Snowflake', 'Snowflake'), JAROWINKLER_SIMILARITY('', '');
--> 56 | 61 | 100 | 0

-- page: docs.snowflake.com/en/sql-reference/functions/soundex
SELECT SOUNDEX('I love rock and roll music.'), SOUNDEX('I love rocks and gemstones.'), SOUNDEX('I leave a rock wherever I go.');
--> I416 | I416 | I416
--? 2140 SOUNDEX

-- page: docs.snowflake.com/en/sql-reference/functions/base64_encode
SELECT BASE64_ENCODE('Snowflake');
--> U25vd2ZsYWtl
SELECT BASE64_ENCODE('Snowflake ❄❄❄ Snowman ☃☃☃', 32, '$');
--? 2 BASE64_ENCODE

-- page: docs.snowflake.com/en/sql-reference/functions/base64_decode_string
SELECT BASE64_DECODE_STRING('U25vd2ZsYWtl');
--> Snowflake
SELECT BASE64_DECODE_STRING('SEVMTE8=');
--> HELLO

-- page: docs.snowflake.com/en/sql-reference/functions/hex_encode
SELECT HEX_ENCODE('SNOW');
--> 534E4F57
SELECT HEX_ENCODE('SNOW', 0);
--> 534e4f57
--? 939 HEX_ENCODE

-- page: docs.snowflake.com/en/sql-reference/functions/hex_decode_string
SELECT HEX_DECODE_STRING('534E4F57');
--> SNOW

-- page: docs.snowflake.com/en/sql-reference/functions/md5
SELECT MD5('Snowflake');
--> edf1439075a83a447fb8b630ddc9c8de

-- page: docs.snowflake.com/en/sql-reference/functions/sha1
SELECT SHA1('Snowflake');
--> fda76b0bcc1e87cf259b1d1e3271d76f590fb5dd

-- page: docs.snowflake.com/en/sql-reference/functions/sha2
SELECT SHA2('Snowflake', 224);
--> 6267d3d7a59929e6864dd4b737d98e3ef8569d9f88a7466647838532
--? 2 SHA2 of 224 bits

-- page: docs.snowflake.com/en/sql-reference/functions/like
CREATE TABLE like_ex (name VARCHAR(20));
INSERT INTO like_ex VALUES ('John  Dddoe'), ('John_down'), ('Joe down'), ('Elaine'), (''), (NULL);
SELECT name FROM like_ex WHERE name LIKE '%Jo%oe%' ORDER BY name;
--> 'John  Dddoe'
SELECT name FROM like_ex WHERE name NOT LIKE 'John%' ORDER BY name;
--> ''
--> Elaine
--> Joe down
SELECT name FROM like_ex WHERE name LIKE '%J%h%^_do%' ESCAPE '^' ORDER BY name;
--> John_down

-- page: docs.snowflake.com/en/sql-reference/functions/like_any
CREATE TABLE like_example (name VARCHAR(20));
INSERT INTO like_example VALUES ('John Doe'), ('Joe Doe'), ('Jane Doe'), ('Jane%'), (NULL);
SELECT * FROM like_example WHERE name LIKE ANY ('%Jo%oe%', 'J%e') ORDER BY name;
--> Jane Doe
--> Joe Doe
--> John Doe

-- page: docs.snowflake.com/en/sql-reference/functions/like_all
CREATE TABLE like_all_example (name VARCHAR(20));
INSERT INTO like_all_example VALUES ('John  Dddoe'), ('Joe   Doe'), ('John_do%wn'), ('Joe down'), ('Tom   Doe'), ('Tim down'), (NULL);
SELECT * FROM like_all_example WHERE name LIKE ALL ('%Jo%oe%', 'J%e') ORDER BY name;
--> 'Joe   Doe'
--> 'John  Dddoe'

-- page: docs.snowflake.com/en/sql-reference/functions/ilike
CREATE TABLE ilike_ex (name VARCHAR(20));
INSERT INTO ilike_ex VALUES ('John  Dddoe'), ('Joe   Doe'), ('John_down'), ('Joe down'), (NULL);
SELECT * FROM ilike_ex WHERE name ILIKE '%j%h%do%' ORDER BY 1;
--> 'John  Dddoe'
--> John_down

-- page: docs.snowflake.com/en/sql-reference/functions/rlike
CREATE TABLE rlike_ex (city VARCHAR(20));
INSERT INTO rlike_ex VALUES ('Sacramento'), ('San Francisco'), ('San Jose'), (NULL);
SELECT * FROM rlike_ex WHERE RLIKE(city, 'san.*', 'i') ORDER BY city;
--> San Francisco
--> San Jose
SELECT RLIKE('800-456-7891', $$[2-9]\d{2}-\d{3}-\d{4}$$) AS matches_phone_number;
--> TRUE

-- page: docs.snowflake.com/en/sql-reference/functions/regexp_count
SELECT REGEXP_COUNT('It was the best of times, it was the worst of times', '\\bwas\\b', 1) AS result;
--> 2
CREATE TABLE overlap (id NUMBER, a VARCHAR);
INSERT INTO overlap VALUES (1, ',abc,def,ghi,jkl,'), (2, ',abc,,def,,ghi,,jkl,');
SELECT id, REGEXP_COUNT(a, '[[:punct:]][[:alnum:]]+[[:punct:]]', 1, 'i') FROM overlap ORDER BY id;
--> 1 | 2
--> 2 | 4

-- page: docs.snowflake.com/en/sql-reference/functions/regexp_instr
CREATE TABLE demo1 (id INT, string1 VARCHAR);
INSERT INTO demo1 (id, string1) VALUES (1, 'nevermore1, nevermore2, nevermore3.');
SELECT id, string1, REGEXP_SUBSTR(string1, 'nevermore\\d') AS "SUBSTRING", REGEXP_INSTR(string1, 'nevermore\\d') AS "POSITION" FROM demo1;
--> 1 | nevermore1, nevermore2, nevermore3. | nevermore1 | 1
SELECT REGEXP_SUBSTR(string1, 'nevermore\\d', 5), REGEXP_INSTR(string1, 'nevermore\\d', 5) FROM demo1;
--> nevermore2 | 13
SELECT REGEXP_SUBSTR(string1, 'nevermore\\d', 1, 3), REGEXP_INSTR(string1, 'nevermore\\d', 1, 3) FROM demo1;
--> nevermore3 | 25

-- page: docs.snowflake.com/en/sql-reference/functions/regexp_replace
SELECT REGEXP_REPLACE('It was the best of times, it was the worst of times', '( ){1,}', '') AS result;
--> Itwasthebestoftimes,itwastheworstoftimes
SELECT REGEXP_REPLACE('It was the best of times, it was the worst of times', 'times', 'days', 1, 2) AS result;
--> It was the best of times, it was the worst of days
--? 2 REGEXP_REPLACE
SELECT REGEXP_REPLACE('firstname middlename lastname', '(.*) (.*) (.*)', '\\3, \\1 \\2') AS name_sort;
--> lastname, firstname middlename
SELECT REGEXP_REPLACE('Customers - (NY)', '\\(|\\)', '') AS customers;
--> Customers - NY

-- page: docs.snowflake.com/en/sql-reference/functions/regexp_substr
CREATE TABLE demo2 (id INT, string1 VARCHAR);
INSERT INTO demo2 (id, string1) VALUES (2, 'It was the best of times, it was the worst of times.'), (3, 'In    the   string   the   extra   spaces  are   redundant.'), (4, 'A thespian theater is nearby.');
SELECT id, REGEXP_SUBSTR(string1, 'the\\W+\\w+') AS result FROM demo2 ORDER BY id;
--> 2 | the best
--> 3 | 'the   string'
--> 4 | NULL
SELECT id, REGEXP_SUBSTR(string1, 'the\\W+\\w+', 1, 2) AS result FROM demo2 ORDER BY id;
--> 2 | the worst
--> 3 | 'the   extra'
--> 4 | NULL
SELECT id, REGEXP_SUBSTR(string1, 'the\\W+(\\w+)', 1, 2, 'e', 1) AS result FROM demo2 ORDER BY id;
--> 2 | worst
--> 3 | extra
--> 4 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/regexp_substr_all
SELECT REGEXP_SUBSTR_ALL('a1_a2a3_a4A5a6', 'a[[:digit:]]') AS matches;
--> ["a1","a2","a3","a4","a6"]
SELECT REGEXP_SUBSTR_ALL('a1_a2a3_a4A5a6', 'a[[:digit:]]', 2) AS matches;
--> ["a2","a3","a4","a6"]
SELECT REGEXP_SUBSTR_ALL('a1_a2a3_a4A5a6', 'a[[:digit:]]', 1, 3) AS matches;
--> ["a3","a4","a6"]
SELECT REGEXP_SUBSTR_ALL('a1_a2a3_a4A5a6', 'a[[:digit:]]', 1, 1, 'i') AS matches;
--> ["a1","a2","a3","a4","A5","a6"]
SELECT REGEXP_SUBSTR_ALL('a1_a2a3_a4A5a6', '(a)([[:digit:]])', 1, 1, 'ie') AS matches;
--> ["a","a","a","a","A","a"]
SELECT REGEXP_SUBSTR_ALL('a1_a2a3_a4A5a6', 'b') AS matches;
--> []

-- page: docs.snowflake.com/en/sql-reference/collation
CREATE OR REPLACE TABLE collation_demo (uncollated_phrase VARCHAR, utf8_phrase VARCHAR COLLATE 'utf8', english_phrase VARCHAR COLLATE 'en', spanish_phrase VARCHAR COLLATE 'es');
INSERT INTO collation_demo (uncollated_phrase, utf8_phrase, english_phrase, spanish_phrase) VALUES ('pinata', 'pinata', 'pinata', 'piñata');
SELECT * FROM collation_demo WHERE spanish_phrase = uncollated_phrase;
--> -
SELECT * FROM collation_demo WHERE utf8_phrase = uncollated_phrase;
--> pinata | pinata | pinata | piñata
SELECT 'a' = 'A' COLLATE 'en-ci', 'a' = 'A' COLLATE 'en';
--> TRUE | FALSE
CREATE OR REPLACE TABLE collation_demo2 (c1 VARCHAR COLLATE 'fr', c2 VARCHAR COLLATE '');
INSERT INTO collation_demo2 (c1, c2) VALUES ('a', 'a'), ('b', 'b');
SELECT DISTINCT COLLATION(c1), COLLATION(c2) FROM collation_demo2;
--> fr | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/collate
CREATE OR REPLACE TABLE collation1 (v VARCHAR COLLATE 'es');
INSERT INTO collation1 (v) VALUES ('ñ');
SELECT v, COLLATION(v), COLLATE(v, 'es-ci'), COLLATION(COLLATE(v, 'es-ci')) FROM collation1;
--> ñ | es | ñ | es-ci
SELECT v, v = 'ñ' AS "COMPARISON TO LOWER CASE", v = 'Ñ' AS "COMPARISON TO UPPER CASE" FROM collation1;
--> ñ | TRUE | FALSE
SELECT v, COLLATE(v, 'es-ci') = 'ñ', COLLATE(v, 'es-ci') = 'Ñ' FROM collation1;
--> ñ | TRUE | TRUE
