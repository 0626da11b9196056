"""Sessions, DataFrames, procedures in SQL, pandas."""

import os

import pandas
from snowflake.snowpark import (
    Session,
    Window,
    functions as F,  # noqa: N812
)
from tour import end, step

s = Session.builder.configs(
    {
        "account": "imsdlc",
        "user": "svc4snowflakedeploy",
        "authenticator": "PROGRAMMATIC_ACCESS_TOKEN",
        "token": os.environ["SANDBOX_PAT"],
        "host": "127.0.0.1",
        "port": int(os.environ["SANDBOX_PORT"]),
        "protocol": "http",
        "role": "ACCOUNTADMIN",
        "warehouse": "ADMIN_WH",
        "database": os.environ["SANDBOX_DATABASE"],
        "schema": "PUBLIC",
    }
).create()


def rows(frame):
    return [tuple(row) for row in frame.collect()]


def table():
    return s.table("t")


def saved():
    frame = s.create_dataframe([[1, "a"], [2, "b"], [3, "b"]], schema=["id", "name"])
    frame.write.mode("overwrite").save_as_table("t")
    return table().count()


def merged():
    source = s.create_dataframe([[2, "m"], [9, "n"]], schema=["id", "name"])
    target = table()
    clauses = [
        F.when_matched().update({"name": source["name"]}),
        F.when_not_matched().insert({"id": source["id"], "name": source["name"]}),
    ]
    done = target.merge(source, target["id"] == source["id"], clauses)
    return done.rows_updated, done.rows_inserted


def procedure():
    s.sql("create or replace procedure p(a int) returns int language sql as $$ begin return a + 1; end $$").collect()
    return s.call("p", 4)


def written():
    return s.write_pandas(pandas.DataFrame({"A": [1, 2]}), "W", auto_create_table=True, overwrite=True).count()


def put():
    s.sql("create or replace stage st").collect()
    return s.file.put("use.py", "@st", auto_compress=False)[0].status


step("sql", lambda: rows(s.sql("select 1 as a, 'x' as b")), [(1, "x")])
step(
    "create_dataframe",
    lambda: rows(s.create_dataframe([[1, "a", 1.5], [2, "b", None]], schema=["a", "b", "c"])),
    [(1, "a", 1.5), (2, "b", None)],
)
step("save_as_table", saved, 3)
step(
    "filter and select", lambda: rows(table().filter(F.col("id") > 2).select("id", F.upper(F.col("name")))), [(3, "B")]
)
step(
    "group_by",
    lambda: rows(table().group_by("name").agg(F.sum("id"), F.count("*")).sort("name")),
    [("a", 1, 1), ("b", 5, 2)],
)
step("join", lambda: table().join(table().select(F.col("id").alias("i2")), F.col("id") == F.col("i2")).count(), 3)
step(
    "window",
    lambda: rows(table().select("id", F.row_number().over(Window.partition_by("name").order_by("id"))).sort("id")),
    [(1, 1), (2, 1), (3, 2)],
)
step("schema", lambda: [field.name for field in table().schema], ["ID", "NAME"])
step("show", lambda: table().show())
step("to_pandas", lambda: table().to_pandas().shape, (3, 2))
step("update", lambda: table().update({"name": F.lit("z")}, F.col("id") == 1).rows_updated, 1)
step("delete", lambda: table().delete(F.col("id") == 3).rows_deleted, 1)
step("merge", merged, (1, 1))
step("create_or_replace_view", lambda: table().create_or_replace_view("v"))
step("create_or_replace_temp_view", lambda: table().create_or_replace_temp_view("tv"))
step("cache_result", lambda: table().cache_result().count(), 3)
step("a stored procedure in SQL", procedure, 5)
step("5,000 local rows", lambda: s.create_dataframe([[n] for n in range(5000)], schema=["a"]).count(), 5000)
step("describe", lambda: len(table().describe().collect()), 5)
step("explain", lambda: table().explain())
step("collect(block=False)", lambda: len(table().collect(block=False).result()), 3)
step("generator and range", lambda: (s.generator(F.seq1(), rowcount=3).count(), s.range(1, 10, 3).count()), (3, 3))
step(
    "flatten",
    lambda: sorted(rows(s.sql("select parse_json('[1,2]') as j").flatten("j").select("value"))),
    [("1",), ("2",)],
)
step("pivot", lambda: rows(table().pivot("name", ["m", "z"]).sum("id")))
step("random_split", lambda: [part.count() for part in table().random_split([0.5, 0.5], seed=1)])
step("write_pandas", written, 2)
step("create_dataframe from pandas", lambda: s.create_dataframe(pandas.DataFrame({"A": [1, 2]})).count(), 2)
step("file.put", put, "UPLOADED")
step("close", lambda: s.close())
end()
