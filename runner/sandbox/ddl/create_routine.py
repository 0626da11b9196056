"""CREATE PROCEDURE and CREATE FUNCTION as one value (sql-reference/sql/create-procedure, create-function)."""

from __future__ import annotations

from dataclasses import replace

from runner.sandbox.catalog.model import Argument
from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.expressions import read_expression
from runner.sandbox.ddl.header import Header
from runner.sandbox.ddl.types import read_type, signature_type, type_text
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.javascript.engine import check_engine
from runner.sandbox.python import packages
from runner.sandbox.result import SnowType
from runner.sandbox.tokens import Kind, Reader, quote_identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRoutine:
    """`returns` is normalised: `NUMBER(38,0)`, `TABLE ("ID" NUMBER(38,0))`, and ` NOT NULL` after it where said."""

    header: Header
    routine: str
    name: tuple[str, ...]
    arguments: tuple[Argument, ...]
    returns: str = ""
    language: str = "SQL"
    execute_as: str = "OWNER"
    comment: str | None = None
    copy_grants: bool = False
    strict: bool = False
    volatility: str | None = None
    memoizable: bool = False
    body: str = ""
    runtime_version: str | None = None
    packages: tuple[str, ...] = ()
    handler: str | None = None
    imports: tuple[str, ...] = ()
    external_access: tuple[str, ...] = ()


def read_create_routine(reader: Reader, header: Header, routine: str, timestamp: str) -> CreateRoutine:
    """What follows the word PROCEDURE or FUNCTION and IF NOT EXISTS."""
    statement = CreateRoutine(
        header=header, routine=routine, name=reader.name(), arguments=_arguments(reader, routine, timestamp)
    )
    while (more := _option(reader, statement, timestamp)) is not None:
        statement = more
    if not statement.returns:
        raise reader.unexpected()
    if statement.memoizable and statement.returns.startswith("TABLE"):
        raise unsupported("MEMOIZABLE for a table function")
    _check_code(statement)
    if statement.imports and not reader.at("AS"):  # The handler is in one of the files.
        reader.end()
        return statement
    reader.expect("AS")
    return replace(statement, body=_body(reader, statement))


def read_anonymous(reader: Reader, header: Header, timestamp: str) -> CreateRoutine:
    """`WITH name AS PROCEDURE (…) RETURNS … AS '…'`, up to what is behind its body (sql-reference/sql/call-with)."""
    reader.expect("WITH")
    name = (reader.identifier(),)
    reader.expect("AS", "PROCEDURE")
    arguments = _arguments(reader, "PROCEDURE", timestamp)
    statement = CreateRoutine(header=header, routine="PROCEDURE", name=name, arguments=arguments, execute_as="CALLER")
    while reader.accept("EXECUTE", "AS", "CALLER") or not reader.at("EXECUTE"):  # It has the caller's rights anyway.
        if (more := _option(reader, statement, timestamp)) is None:
            break
        statement = more
    if not statement.returns:
        raise reader.unexpected()
    _check_code(statement)
    if statement.imports and not reader.at("AS"):
        return statement
    reader.expect("AS")
    if reader.peek().kind is not Kind.STRING:
        raise reader.unexpected()
    return replace(statement, body=reader.string())


def _arguments(reader: Reader, routine: str, timestamp: str) -> tuple[Argument, ...]:
    reader.expect("(")
    arguments: list[Argument] = []
    while not reader.at(")"):
        argument = _argument(reader, timestamp, defaults=bool(arguments and arguments[-1].default))
        if argument.out and routine != "PROCEDURE":
            raise unsupported(f"OUT arguments of a {routine}")
        arguments.append(argument)
        if not reader.accept(","):
            break
    reader.expect(")")
    names = [a.name for a in arguments]
    if twice := next((n for n in names if names.count(n) > 1), None):
        raise compilation(2025, "42S21", f"duplicate argument name '{twice}'")
    return tuple(arguments)


def _argument(reader: Reader, timestamp: str, *, defaults: bool) -> Argument:
    name = reader.identifier()
    if name in ("OUT", "INOUT") or reader.at("INOUT"):
        raise unsupported("OUT arguments with OUT before the name" if name == "OUT" else "INOUT arguments")
    if name == "IN" or reader.accept_any("IN", "INPUT"):
        name = reader.identifier() if name == "IN" else name
    out = bool(reader.accept_any("OUT", "OUTPUT"))
    kind = read_type(reader, timestamp)
    if out and (defaults or reader.at("DEFAULT")):
        raise unsupported("OUT arguments with or after DEFAULT")
    if out:
        return Argument(name=name, type=kind, out=True)
    if reader.accept("DEFAULT") or reader.accept("=>"):
        return Argument(name=name, type=kind, default=read_expression(reader, ()))
    if defaults:
        raise compilation(1441, "42601", f"argument '{name}' without a default follows an argument that has one")
    return Argument(name=name, type=kind)


def _option(reader: Reader, statement: CreateRoutine, timestamp: str) -> CreateRoutine | None:
    if reader.accept("RETURNS", "NULL", "ON", "NULL", "INPUT") or reader.accept("STRICT"):
        return replace(statement, strict=True)
    if reader.accept("CALLED", "ON", "NULL", "INPUT"):
        return replace(statement, strict=False)
    if reader.accept("RETURNS"):
        return replace(statement, returns=_returns(reader, timestamp))
    if reader.accept("LANGUAGE"):
        return _language(reader, statement)
    if reader.accept("COPY", "GRANTS"):
        return replace(statement, copy_grants=True)
    if reader.accept("COMMENT"):
        reader.accept("=")
        return replace(statement, comment=reader.string())
    if word := reader.accept_any("VOLATILE", "IMMUTABLE"):
        return replace(statement, volatility=word)
    return _rarer(reader, statement)


_REFUSED = ("SECRETS", "ARTIFACT_REPOSITORY", "TARGET_PATH")


def _rarer(reader: Reader, statement: CreateRoutine) -> CreateRoutine | None:
    if reader.accept("EXECUTE", "AS"):
        if statement.routine == "FUNCTION":
            raise reader.unexpected(-2)
        if reader.at("RESTRICTED"):
            raise unsupported("EXECUTE AS RESTRICTED CALLER")
        word = reader.accept_any("OWNER", "CALLER")
        if not word:
            raise reader.unexpected()
        return replace(statement, execute_as=word)
    if statement.routine == "FUNCTION" and reader.accept("MEMOIZABLE"):
        return replace(statement, memoizable=True)
    if reader.peek().word in _REFUSED:
        raise unsupported(f"{statement.routine} with {reader.peek().word}")
    return _code(reader, statement)


def _code(reader: Reader, statement: CreateRoutine) -> CreateRoutine | None:
    """What only a routine in another language than SQL has."""
    if reader.accept("RUNTIME_VERSION"):
        return replace(statement, runtime_version=_version(reader))
    if reader.accept("HANDLER"):
        reader.expect("=")
        return replace(statement, handler=reader.string())
    if reader.accept("PACKAGES"):
        return replace(statement, packages=_strings(reader))
    if reader.accept("EXTERNAL_ACCESS_INTEGRATIONS"):
        return replace(statement, external_access=_identifiers(reader))
    return replace(statement, imports=_strings(reader)) if reader.accept("IMPORTS") else None


def _identifiers(reader: Reader) -> tuple[str, ...]:
    """`= (a, b)`."""
    reader.expect("=", "(")
    named = [reader.identifier()]
    while reader.accept(","):
        named.append(reader.identifier())
    reader.expect(")")
    return tuple(named)


def _strings(reader: Reader) -> tuple[str, ...]:
    """`= ('a', 'b')`."""
    reader.expect("=", "(")
    named: list[str] = []
    while not reader.at(")"):
        named.append(reader.string())
        if not reader.accept(","):
            break
    reader.expect(")")
    return tuple(named)


def _check_aggregate(statement: CreateRoutine) -> None:
    """Python alone, without IMMUTABLE (developer-guide/udf/python/udf-python-aggregate-functions)."""
    if statement.language != "PYTHON" or statement.returns.startswith("TABLE"):
        raise unsupported("AGGREGATE FUNCTION that is not a scalar function in Python")
    if statement.strict or statement.volatility == "IMMUTABLE" or statement.memoizable:
        raise unsupported("AGGREGATE FUNCTION with STRICT, IMMUTABLE or MEMOIZABLE")


def _check_code(statement: CreateRoutine) -> None:
    """What each language needs, and what it cannot have."""
    if "AGGREGATE" in statement.header.words:
        _check_aggregate(statement)
    if statement.language == "SQL":
        _refuse_clauses(statement)
        return
    if any(argument.out for argument in statement.arguments):
        raise unsupported(f"OUT arguments of a procedure in {statement.language.capitalize()}")
    if statement.language == "JAVASCRIPT":
        _check_javascript(statement)
    else:
        _check_python(statement)


def _refuse_clauses(statement: CreateRoutine) -> None:
    code = (statement.handler, statement.packages, statement.runtime_version, statement.imports)
    if any(code) or statement.external_access:
        named = "HANDLER, PACKAGES, IMPORTS, EXTERNAL_ACCESS_INTEGRATIONS and RUNTIME_VERSION"
        raise compilation(1003, "42601", f"{named} are not for LANGUAGE {statement.language}.")


def _check_python(statement: CreateRoutine) -> None:
    if statement.runtime_version is None or statement.handler is None:
        missing = "HANDLER" if statement.runtime_version else "RUNTIME_VERSION"
        raise compilation(1003, "42601", f"{missing} is required for LANGUAGE {statement.language}.")
    packages.check_version(statement.runtime_version)
    packages.check_packages(statement.packages)
    if statement.routine == "PROCEDURE" and not packages.has_snowpark(statement.packages):
        raise compilation(1003, "42601", f"PACKAGES of a Python procedure must have '{packages.SNOWPARK}'.")


_NO_JAVASCRIPT = ("NUMBER", "VECTOR", "GEOGRAPHY", "GEOMETRY")


def _check_javascript(statement: CreateRoutine) -> None:
    """JavaScript has no exact numbers (developer-guide/udf-stored-procedure-data-type-mapping)."""
    check_engine()
    _refuse_clauses(statement)
    kind, _ = return_type(statement.returns)
    if kind is None and statement.routine == "PROCEDURE":
        raise unsupported("RETURNS TABLE of a procedure in JavaScript")
    given = [kind] if kind is not None else [column for _, column in returned_columns(statement.returns)]
    for each in (*(argument.type for argument in statement.arguments), *given):
        if each.name in _NO_JAVASCRIPT:
            text = f"Language JAVASCRIPT does not support type '{type_text(each)}' for argument or return type."
            raise compilation(2108, "42601", text)


def _version(reader: Reader) -> str:
    """`'3.11'` or 3.11."""
    reader.expect("=")
    return reader.string() if reader.peek().kind is Kind.STRING else reader.next().text


def _language(reader: Reader, statement: CreateRoutine) -> CreateRoutine:
    name = reader.identifier()
    if name not in ("SQL", "PYTHON", "JAVASCRIPT"):
        raise unsupported(f"LANGUAGE {name}")
    return replace(statement, language=name)


def _returns(reader: Reader, timestamp: str) -> str:
    text = _table(reader, timestamp) if reader.accept("TABLE") else type_text(read_type(reader, timestamp))
    return f"{text} NOT NULL" if reader.accept("NOT", "NULL") else text


def _table(reader: Reader, timestamp: str) -> str:
    reader.expect("(")
    columns: list[str] = []
    while not reader.at(")"):
        columns.append(f"{quote_identifier(reader.identifier())} {type_text(read_type(reader, timestamp))}")
        if not reader.accept(","):
            break
    reader.expect(")")
    return f"TABLE ({', '.join(columns)})"


def _body(reader: Reader, statement: CreateRoutine) -> str:
    if reader.peek().kind is Kind.STRING:
        body = reader.string()
        reader.end()
        return body
    if statement.routine == "PROCEDURE" and statement.language == "SQL" and reader.peek().word in ("BEGIN", "DECLARE"):
        return reader.rest()
    raise reader.unexpected()


def read_signature(reader: Reader, timestamp: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A routine's name and the types of its arguments: `S.P(DATE, NUMBER)`."""
    name = reader.name()
    reader.expect("(")
    kinds: list[str] = []
    while not reader.at(")"):
        kinds.append(signature_type(read_type(reader, timestamp)))
        if not reader.accept(","):
            break
    reader.expect(")")
    return name, tuple(kinds)


def signature(arguments: tuple[Argument, ...] | list[Argument]) -> tuple[str, ...]:
    """What tells overloads apart."""
    return tuple(signature_type(a.type) for a in arguments)


def return_type(returns: str) -> tuple[SnowType | None, bool]:
    """The scalar type that `returns` names (None for a table), and whether NULL may come back."""
    reader = Reader(returns)
    kind = None if reader.at("TABLE") else read_type(reader)
    return kind, not returns.endswith(" NOT NULL")


def returned_columns(returns: str) -> list[tuple[str, SnowType]]:
    """The columns of `TABLE ("ID" NUMBER(38,0), …)`."""
    reader = Reader(returns)
    reader.expect("TABLE", "(")
    columns: list[tuple[str, SnowType]] = []
    while not reader.accept(")"):
        columns.append((reader.identifier(), read_type(reader)))
        reader.accept(",")
    return columns
