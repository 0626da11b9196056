"""INFORMATION_SCHEMA of a database: its views, filtered by what the session sees (sql-reference/info-schema).

`relation` gives a view's rows, `table_function` those of `TABLE(INFORMATION_SCHEMA.F(…))`. Nothing is late here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

from runner.sandbox import access, errors, shares
from runner.sandbox.catalog.files import FileFormat, Pipe, Stage
from runner.sandbox.catalog.model import Database, Role, Routine, SchemaObject, Sequence, Table, View
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.law import listing
from runner.sandbox.python import packages
from runner.sandbox.result import Column, Result
from runner.sandbox.show import external, facts, file_facts, shapes, table_functions, usage
from runner.sandbox.show.columns import referenced
from runner.sandbox.show.inventory import Inventory, Item
from runner.sandbox.show.shape import Row, chosen, columns, true, yes_no

NAME = "INFORMATION_SCHEMA"
_COMMENT = "Views describing the contents of schemas in this database"


@dataclass(frozen=True, slots=True)
class InfoView:
    """A view: its columns, and its rows for one database."""

    shape: str
    rows: Callable[[Context, Database], Iterator[Row]]


def relation(context: Context, database: Database, name: str) -> Result:
    """The rows of `<database>.INFORMATION_SCHEMA.<name>` that the session may see."""
    view = _view(database, name)
    return chosen(view.shape, view.rows(context, database))


def columns_of(database: Database, name: str) -> tuple[Column, ...]:
    """The columns of a view, without its rows."""
    return columns(_view(database, name).shape)


def _view(database: Database, name: str) -> InfoView:
    if name in VIEWS:
        return VIEWS[name]
    if name in REFUSED:
        raise errors.unsupported(f"{NAME}.{name}")
    raise errors.does_not_exist("Object", f"{database.name}.{NAME}.{name}")


def parameters(name: str) -> tuple[str, ...]:
    """The names of a table function's arguments, in the order in which they may be given without names."""
    return _function(name).parameters


def table_function(context: Context, database: Database, name: str, arguments: dict[str, object]) -> Result:
    """The rows of `TABLE(<database>.INFORMATION_SCHEMA.<name>(…))`; arguments by upper-case name."""
    function = _function(name)
    unknown = set(arguments) - set(function.parameters)
    if unknown:
        raise errors.compilation(1007, "22023", f"invalid argument name '{min(unknown)}' for function '{name}'")
    return chosen(function.shape, function.rows(context, database, arguments))


def _function(name: str) -> table_functions.TableFunction:
    if name in table_functions.FUNCTIONS:
        return table_functions.FUNCTIONS[name]
    if name in table_functions.REFUSED:
        raise errors.unsupported(f"{NAME}.{name}")
    raise errors.unknown_function(f"{NAME}.{name}")


def _databases(context: Context, _: Database) -> Iterator[Row]:
    return (facts.database(context, each) for each in Inventory(context.catalog, context.session).databases())


def _catalog_name(_: Context, database: Database) -> Iterator[Row]:
    yield {"CATALOG_NAME": database.name}


def _schemata(context: Context, database: Database) -> Iterator[Row]:
    for schema in Inventory(context.catalog, context.session).schemas(database):
        yield facts.schema(context, database, schema)
    yield {
        "CATALOG_NAME": database.name,
        "SCHEMA_NAME": NAME,
        "IS_TRANSIENT": "NO",
        "IS_MANAGED_ACCESS": "NO",
        "RETENTION_TIME": 1,
        "CREATED": database.created_at,
        "LAST_ALTERED": database.created_at,
        "COMMENT": _COMMENT,
    }


def _own_views(database: Database) -> Iterator[Row]:
    """The views of INFORMATION_SCHEMA itself, which it lists too."""
    for name in sorted(VIEWS):
        yield {
            "TABLE_CATALOG": database.name,
            "TABLE_SCHEMA": NAME,
            "TABLE_NAME": name,
            "TABLE_TYPE": "VIEW",
            "IS_SECURE": "YES",
            "CREATED": database.created_at,
            "LAST_ALTERED": database.created_at,
        }


def _tables(context: Context, database: Database) -> Iterator[Row]:
    inventory = Inventory(context.catalog, context.session)
    yield from (facts.table(context, item) for item in inventory.all(Table, database))
    yield from (facts.view(context, item) for item in inventory.all(View, database))
    yield from _own_views(database)


def _views(context: Context, database: Database) -> Iterator[Row]:
    inventory = Inventory(context.catalog, context.session)
    yield from (facts.view(context, item) for item in inventory.all(View, database))
    yield from _own_views(database)


def _columns(context: Context, database: Database) -> Iterator[Row]:
    inventory = Inventory(context.catalog, context.session)
    items: list[Item[Table | View]] = [*inventory.all(Table, database), *inventory.all(View, database)]
    for item in items:
        yield from facts.columns(item)
    for view in _own_views(database):
        for position, own in enumerate(columns(VIEWS[str(view["TABLE_NAME"])].shape), 1):
            named = {"COLUMN_NAME": own.name, "ORDINAL_POSITION": position, "IS_NULLABLE": "YES", "IS_IDENTITY": "NO"}
            yield {**view, **facts.data_type(own.type), **named}


def _sequences(context: Context, database: Database) -> Iterator[Row]:
    return map(facts.sequence, Inventory(context.catalog, context.session).all(Sequence, database))


def _routines(kind: str) -> Callable[[Context, Database], Iterator[Row]]:
    def rows(context: Context, database: Database) -> Iterator[Row]:
        for item in Inventory(context.catalog, context.session).all(Routine, database):
            if item.record.routine == kind:
                yield facts.routine(context, item)

    return rows


def _constraints(context: Context, database: Database) -> Iterator[Row]:
    for item in Inventory(context.catalog, context.session).all(Table, database):
        for constraint in item.record.constraints:
            yield facts.constraint(item, constraint)


def _referential(context: Context, database: Database) -> Iterator[Row]:
    for item in Inventory(context.catalog, context.session).all(Table, database):
        for constraint in (each for each in item.record.constraints if each.type == "FOREIGN KEY"):
            yield facts.foreign_key(item, constraint, referenced(context, constraint))


def _applicable_roles(context: Context, _: Database) -> Iterator[Row]:
    catalog, session = context.catalog, context.session
    reached = access.available_roles(catalog, session.account, session.user)
    for link in catalog.role_grants(session.account):
        mine = link.to_kind == "USER" and link.to_name == session.user
        if mine or (link.to_kind == "ROLE" and link.to_name in reached):
            owner = _owner(context, link.role)
            yield {"GRANTEE": link.to_name, "ROLE_NAME": link.role, "ROLE_OWNER": owner, "IS_GRANTABLE": "NO"}


def _owner(context: Context, role: str) -> str | None:
    found = context.catalog.find(Role, context.session.account, role)
    return found.owner if found else None


def _enabled_roles(context: Context, _: Database) -> Iterator[Row]:
    for role in sorted(access.active_roles(context.catalog, context.session)):
        yield {"ROLE_NAME": role, "ROLE_OWNER": _owner(context, role)}


def _privileges(context: Context, database: Database) -> Iterator[Row]:
    """Everything granted on what the session sees in the database."""
    inventory = Inventory(context.catalog, context.session)
    own = [database, *inventory.schemas(database), *(item.record for item in inventory.all(SchemaObject, database))]
    for record in own:
        if record.account == context.session.account:
            home, place, name = (*context.catalog.full_name(record), None, None)[:3]
            for row in listing.grants_on(context.catalog, record):
                yield {
                    "GRANTOR": row.granted_by or None,
                    "GRANTEE": row.grantee_name,
                    "GRANTED_TO": row.granted_to,
                    "OBJECT_CATALOG": home,
                    "OBJECT_SCHEMA": place,
                    "OBJECT_NAME": record.name,
                    "OBJECT_TYPE": access.label(record).upper(),
                    "TABLE_CATALOG": home,
                    "TABLE_SCHEMA": place,
                    "TABLE_NAME": name,
                    "PRIVILEGE_TYPE": row.privilege,
                    "IS_GRANTABLE": yes_no(row.grant_option),
                    "WITH_HIERARCHY": "NO",
                    "CREATED": row.created_on,
                }


def _table_privileges(context: Context, database: Database) -> Iterator[Row]:
    return (row for row in _privileges(context, database) if row["OBJECT_TYPE"] in ("TABLE", "VIEW"))


def _usage_privileges(context: Context, database: Database) -> Iterator[Row]:
    return (row for row in _privileges(context, database) if row["OBJECT_TYPE"] == "SEQUENCE")


def _shares(context: Context, _: Database) -> Iterator[Row]:
    for share in shares.listed(context.catalog, context.session):
        row = {name.upper(): value for name, value in asdict(share).items()}
        yield row | {"SECURE_OBJECTS_ONLY": true(share.secure_objects_only)}


def _stages(context: Context, database: Database) -> Iterator[Row]:
    return map(file_facts.stage, Inventory(context.catalog, context.session).all(Stage, database))


def _file_formats(context: Context, database: Database) -> Iterator[Row]:
    return map(file_facts.file_format, Inventory(context.catalog, context.session).all(FileFormat, database))


def _pipes(context: Context, database: Database) -> Iterator[Row]:
    return map(file_facts.pipe, Inventory(context.catalog, context.session).all(Pipe, database))


def _loads(context: Context, database: Database) -> Iterator[Row]:
    for item in Inventory(context.catalog, context.session).all(Table, database):
        yield from file_facts.loads(item)


def _packages(_: Context, __: Database) -> Iterator[Row]:
    for name, version in packages.installed():
        yield {"PACKAGE_NAME": name, "VERSION": version, "LANGUAGE": "python", "RUNTIME_VERSION": packages.RUNTIME}


VIEWS: dict[str, InfoView] = {
    "APPLICABLE_ROLES": InfoView("GRANTEE, ROLE_NAME, ROLE_OWNER, IS_GRANTABLE", _applicable_roles),
    "EVENT_TABLES": InfoView(usage.INFO_EVENT_TABLES, usage.event_tables),
    "EXTERNAL_TABLES": InfoView(external.INFO, external.info),
    "FILE_FORMATS": InfoView(file_facts.FILE_FORMATS, _file_formats),
    "LOAD_HISTORY": InfoView(file_facts.LOAD_HISTORY, _loads),
    "PACKAGES": InfoView("PACKAGE_NAME, VERSION, LANGUAGE, RUNTIME_VERSION", _packages),
    "PIPES": InfoView(file_facts.PIPES, _pipes),
    "STAGES": InfoView(file_facts.STAGES, _stages),
    "COLUMNS": InfoView(shapes.INFO_COLUMNS, _columns),
    "DATABASES": InfoView(shapes.INFO_DATABASES, _databases),
    "ENABLED_ROLES": InfoView("ROLE_NAME, ROLE_OWNER", _enabled_roles),
    "FUNCTIONS": InfoView(shapes.INFO_FUNCTIONS, _routines("FUNCTION")),
    "INFORMATION_SCHEMA_CATALOG_NAME": InfoView("CATALOG_NAME", _catalog_name),
    "OBJECT_PRIVILEGES": InfoView(shapes.OBJECT_PRIVILEGES, _privileges),
    "PROCEDURES": InfoView(shapes.INFO_PROCEDURES, _routines("PROCEDURE")),
    "REFERENTIAL_CONSTRAINTS": InfoView(shapes.REFERENTIAL_CONSTRAINTS, _referential),
    "SCHEMATA": InfoView(shapes.INFO_SCHEMATA, _schemata),
    "SEQUENCES": InfoView(shapes.INFO_SEQUENCES, _sequences),
    "SHARES": InfoView(shapes.INFO_SHARES, _shares),
    "TABLES": InfoView(shapes.INFO_TABLES, _tables),
    "TABLE_CONSTRAINTS": InfoView(shapes.INFO_TABLE_CONSTRAINTS, _constraints),
    "TABLE_STORAGE_METRICS": InfoView(usage.INFO_STORAGE, usage.info_storage),
    "TABLE_PRIVILEGES": InfoView(shapes.TABLE_PRIVILEGES, _table_privileges),
    "USAGE_PRIVILEGES": InfoView(shapes.OBJECT_PRIVILEGES, _usage_privileges),
    "VIEWS": InfoView(shapes.INFO_VIEWS, _views),
}
_REFUSED = """
    APPLICATION_CONFIGURATIONS APPLICATION_SPECIFICATIONS BACKUPS BACKUP_POLICIES BACKUP_SETS CLASSES CLASS_INSTANCES
    CLASS_INSTANCE_FUNCTIONS CLASS_INSTANCE_PROCEDURES CORTEX_SEARCH_SERVICES CURRENT_PACKAGES_POLICY DATASETS
    ELEMENT_TYPES FIELDS GIT_REPOSITORIES HYBRID_TABLES INDEXES INDEX_COLUMNS
    MODEL_VERSIONS NOTEBOOKS REPLICATION_DATABASES REPLICATION_GROUPS SEMANTIC_DIMENSIONS
    SEMANTIC_FACTS SEMANTIC_METRICS SEMANTIC_RELATIONSHIPS SEMANTIC_TABLES SEMANTIC_VIEWS SERVICES STREAMLITS
    TYPES
"""
REFUSED = frozenset(_REFUSED.split())
"""Views that Snowflake has and the sandbox does not: asked for, they are refused by name."""
