"""Parsing: sqlglot's Snowflake grammar, with every function left under the name that was written.

A function that the parser would know by itself comes back as a call like any other, so that what a function means is
said in one place (`functions/`), and a function of the engine cannot be reached by a name of the parser's.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar, Generic, TypeVar

from sqlglot import exp
from sqlglot.dialects.snowflake import Snowflake
from sqlglot.errors import ParseError, TokenError
from sqlglot.parsers.snowflake import SnowflakeParser
from sqlglot.tokenizer_core import TokenType

from runner.sandbox.errors import SnowflakeError, syntax_error, too_deep
from runner.sandbox.query import foreign, templates
from runner.sandbox.query.core import Expr
from runner.sandbox.tokens import parse_error

T = TypeVar("T")
ALL_BY_NAME = "ALL BY NAME"
_SPECIAL = ("CAST", "TRY_CAST", "EXTRACT", "DIRECTORY")
MAX_CACHED = 20_000
"""Texts longer than this are not kept."""


class Dialect(Snowflake):
    """Snowflake's grammar without opinions about functions, and without other dialects' words."""

    class Tokenizer(Snowflake.Tokenizer):
        KEYWORDS: ClassVar[dict[str, Any]] = foreign.keywords()

    class Parser(SnowflakeParser):
        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            name: parser for name, parser in SnowflakeParser.FUNCTION_PARSERS.items() if name in _SPECIAL
        }
        NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
        ARRAY_CONSTRUCTORS: ClassVar[dict[str, Any]] = {}
        TYPE_LITERAL_PARSERS: ClassVar[dict[Any, Any]] = foreign.typed_literals()
        PRIMARY_PARSERS: ClassVar[dict[Any, Any]] = {
            **SnowflakeParser.PRIMARY_PARSERS,
            TokenType.HEX_STRING: foreign.hexadecimal,
        }
        COLUMN_OPERATORS: ClassVar[dict[Any, Any]] = {
            token: parser for token, parser in SnowflakeParser.COLUMN_OPERATORS.items() if token not in foreign.ARROWS
        }

        def _parse_star(self) -> Any:
            """`UPDATE ALL BY NAME` and `INSERT ALL BY NAME` of MERGE stand where others have a star."""
            verb = self._prev.text.upper() if self._prev else ""
            if verb in ("INSERT", "UPDATE") and self._match_text_seq("ALL", "BY", "NAME"):
                return exp.var(ALL_BY_NAME)
            return super()._parse_star()

        def _parse_limit(self, *args: Any, **given: Any) -> Any:
            found = super()._parse_limit(*args, **given)
            if isinstance(found, exp.Limit) and found.args.get("offset"):
                self.raise_error("LIMIT has no offset after a comma")
            return found

        def _parse_in(self, *args: Any, **given: Any) -> Any:
            if self._curr.token_type is TokenType.L_BRACKET:
                self.raise_error("IN takes a list in parentheses")
            return super()._parse_in(*args, **given)

        def _parse_interval(self, *args: Any, **given: Any) -> Any:
            """A text is the whole of an interval: what is added to it is a value of its own."""
            if self._curr.token_type is TokenType.INTERVAL and self._next.token_type is TokenType.STRING:
                self._advance(2)
                return self._parse_interval_span(exp.Literal.string(self._prev.text))
            return super()._parse_interval(*args, **given)

        def _parse_extract(self) -> Any:
            if self._next and self._next.token_type is TokenType.COMMA:
                self.raise_error("EXTRACT takes a part FROM a moment", self._next)
            return super()._parse_extract()

        def _parse_star_op(self, *keywords: str) -> Any:
            return super()._parse_star_op(*(word for word in keywords if word != "EXCEPT"))

        def _parse_derived_table_values(self, *_synonym: Any, **_allowed: Any) -> Any:
            return super()._parse_derived_table_values()

        def _parse_table_sample(self, as_modifier: bool = False) -> Any:
            coming = self._tokens[self._index : self._index + 5]
            return super()._parse_table_sample(as_modifier) if foreign.is_sample(coming) else None


_DIALECT = Dialect()


def parse(text: str) -> Expr:
    """The one statement that the text holds; a tree of one's own."""
    if len(text) > MAX_CACHED:
        return _parse(text)
    found = templates.shape(text)
    return _parse_once(text) if found is None else _templated(text, found)


def _templated(text: str, found: templates.Shape) -> Expr:
    """By the template of its shape; where there is none, the text is parsed."""
    if (known := _TEMPLATES.get(found.key)) is not None:
        return known.tree(found.constants) if isinstance(known, templates.Template) else _parse_once(text)
    if _SEEN.get(found.key):  # What comes once more will come again; most come once and are not worth a template.
        _TEMPLATES.put(found.key, _template(text, found))
    _SEEN.put(found.key, True)
    return _parse(text)


def _template(text: str, found: templates.Shape) -> templates.Template | bool:
    try:
        return templates.template(text, found, _parse) or False
    except SnowflakeError:
        return False


def _parse_once(text: str) -> Expr:
    kept = _TREES.get(text)
    if kept is not None:
        return kept.copy()
    tree = _parse(text)
    if _SEEN.get(text):
        _TREES.put(text, tree.copy())
    _SEEN.put(text, True)
    return tree


class _Latest(Generic[T]):
    """The latest few, by text."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[str, T] = {}

    def get(self, text: str) -> T | None:
        return self._held.get(text)

    def put(self, text: str, value: T) -> None:
        self._held[text] = value
        while len(self._held) > self._most:
            # Threads may race for the oldest; whoever comes second finds it gone.
            with suppress(KeyError, StopIteration, RuntimeError):
                del self._held[next(iter(self._held))]


_TREES: _Latest[Expr] = _Latest(512)
_SEEN: _Latest[bool] = _Latest(2048)
_TEMPLATES: _Latest[templates.Template | bool] = _Latest(512)
"""By the shape of a text; False where a shape has none."""


def _parse(text: str) -> Expr:
    try:
        tokens = _DIALECT.tokenize(text)
        foreign.refuse_tokens(tokens)
        found = [tree for tree in _DIALECT.parser().parse(tokens, text) if tree is not None]
    except ParseError as error:
        raise _refused(error) from None
    except TokenError:
        raise parse_error(text.count("\n") + 1, len(text.rsplit("\n", 1)[-1]), "<EOF>") from None
    except RecursionError:
        raise too_deep() from None
    except ValueError:  # sqlglot's word for a name that is empty
        raise parse_error(1, max(text.find("''"), 0), "''") from None
    if len(found) != 1:
        raise SnowflakeError(
            8, "0A000", f"Actual statement count {len(found)} did not match the desired statement count 1."
        )
    _refuse_nothing(found[0])
    foreign.refuse(found[0])
    return _bound(found[0])


def _refuse_nothing(tree: Expr) -> None:
    """`()` is a value nowhere; it stands for something only as the grand total of GROUPING SETS."""
    for node in tree.find_all(exp.Tuple):
        if not node.expressions and not isinstance(node.parent, (exp.GroupingSets, exp.Cube, exp.Rollup)):
            raise syntax_error(1, 0, ")")
    for group in tree.find_all(exp.Group):
        if not any(group.args.values()):
            raise syntax_error(1, 0, "<EOF>")


def _bound(tree: Expr) -> Expr:
    """INTERSECT binds before UNION and EXCEPT (sql-reference/operators-query); the parser goes from left to right."""
    for node in reversed(list(tree.find_all(exp.Intersect))):
        left = node.this
        while type(left) in (exp.Union, exp.Except):
            inner = exp.Intersect(this=left.expression, expression=node.expression, distinct=True)
            kept = {name: part for name, part in node.args.items() if name not in ("this", "expression", "distinct")}
            outer = type(left)(**{**left.args, **kept, "expression": inner})
            tree = outer if node is tree else (node.replace(outer) and tree)
            node, left = inner, inner.this
    return tree


def query(text: str) -> Expr:
    """A query; anything else is refused."""
    tree = parse(text)
    if isinstance(tree, (exp.Query, exp.Values)) and not isinstance(tree, exp.Table):
        return tree
    raise syntax_error(1, 0, text.split()[0] if text.split() else "<EOF>")


def expression(text: str) -> Expr:
    """One expression standing alone."""
    tree = query(f"SELECT {text}")
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or tree.args.get("from_"):
        raise syntax_error(1, 0, text)
    found: Expr = tree.expressions[0]
    return found


def _refused(error: ParseError) -> SnowflakeError:
    facts = error.errors[0] if error.errors else {}
    line, column = int(facts.get("line") or 1), int(facts.get("col") or 0)
    word = str(facts.get("highlight") or "").strip()
    if not word:
        return syntax_error(line, column, "<EOF>")
    return syntax_error(line, max(0, column - len(word)), word)
