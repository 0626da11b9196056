"""What FLATTEN makes of a value: a list of structs, one for every element (sql-reference/functions/flatten)."""

from __future__ import annotations

from runner.sandbox.query import types


def plain(value: str, mode: str, path: str) -> str:
    """A list of one struct an element; a field is taken from the struct where it is used. The value is made once."""
    whole = "json_type(v) = 'OBJECT'"
    keys = "WHEN 'OBJECT' THEN list_sort(json_keys(v)) " if mode != "ARRAY" else ""
    if mode != "OBJECT":
        count = "CAST(json_array_length(v) AS BIGINT)"
        keys += f"WHEN 'ARRAY' THEN list_transform(range({count}), lambda i: CAST(i AS VARCHAR)) "
    return (
        f"list_transform([{value}], lambda v: "
        f"list_transform(CASE json_type(v) {keys}END, lambda k, o: struct_pack(n := o, "
        f"key := CASE WHEN {whole} THEN k END, "
        f"path := CASE WHEN {whole} THEN {types.quoted(path and path + '.')} || k "
        f"ELSE {types.quoted(path)} || '[' || k || ']' END, "
        f"idx := CASE WHEN NOT {whole} THEN CAST(k AS BIGINT) END, "
        f"val := CASE WHEN {whole} THEN v -> ('$.\"' || k || '\"') ELSE v -> CAST(k AS BIGINT) END, "
        "this := v)))[1]"
    )


def recursive(value: str, mode: str, path: str) -> str:
    """The same for the elements of the elements too, each element before its own."""
    whole = "right(fullkey, 1) = ']'"
    bare = "regexp_replace(fullkey, '\"[^\"]*\"', '', 'g')"
    kept = {"OBJECT": f"NOT contains({bare}, '[')", "ARRAY": f"NOT contains(substr({bare}, 2), '.')"}
    shown = "regexp_replace(substr(fullkey, 2), '\\.\"([^\"]*)\"', '[''\\1'']', 'g')"
    joined = f"{types.quoted(path)} || {shown}" if path else f"ltrim({shown}, '.')"
    struct = (
        f"struct_pack(n := id, key := CASE WHEN NOT {whole} THEN key END, path := {joined}, "
        f"idx := CASE WHEN {whole} THEN CAST(key AS BIGINT) END, val := value, this := {value} -> path)"
    )
    where = f"parent IS NOT NULL AND {kept.get(mode, 'TRUE')}"
    return f"(SELECT list({struct} ORDER BY id) FROM json_tree({value}) WHERE {where})"


def outer(listed: str) -> str:
    """One row of NULLs where there are no elements."""
    return f"coalesce(nullif({listed}, []), [NULL])"


def parts(listed: str) -> str:
    """The parts of a text, each with its number."""
    return f"list_transform({listed}, lambda part, o: struct_pack(n := o, val := part))"
