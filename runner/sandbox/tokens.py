"""The words of Snowflake SQL with their exact place in the source, and a reader for statements parsed by hand.

`tokenize(text)` never loses a character: `text[token.start:token.end]` is what was written, `token.text` is what it
means (an identifier without its quotes, a string without its escapes). It is one regular expression of possessive
parts, so that no input, closed or not, takes more than linear time.

Sources: sql-reference/identifiers-syntax, sql-reference/data-types-text (escape sequences, dollar-quoted strings),
sql-reference/session-variables, developer-guide/snowflake-scripting/variables (bind variables).
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from runner.sandbox.errors import SnowflakeError, compilation, syntax_error


class Kind(Enum):
    """What a token is. BIND is `:name`, VARIABLE is `$name` or `$1`, URI is the bare `file://…` of PUT and GET."""

    WORD = "word"
    QUOTED = "quoted identifier"
    STRING = "string"
    NUMBER = "number"
    BIND = "bind"
    VARIABLE = "variable"
    URI = "uri"
    SYMBOL = "symbol"
    END = "end of text"


class Token(NamedTuple):
    """One token: `start` and `end` are offsets in the source, `line` counts from 1 and `position` from 0."""

    kind: Kind
    text: str
    start: int
    end: int
    line: int
    position: int

    @property
    def word(self) -> str:
        """The keyword or symbol this token can stand for: upper case, and empty for anything that was quoted."""
        return self.text.upper() if self.kind in _PLAIN else ""

    @property
    def identifier(self) -> str:
        """The name as Snowflake stores it: unquoted upper case, quoted as written."""
        return self.text if self.kind is Kind.QUOTED else self.text.upper()


_PLAIN = (Kind.WORD, Kind.SYMBOL)
_LEXEME = re.compile(
    r"""
      (?P<space>   \s++ | --[^\n]*+ | /\*(?:[^*]++|\*(?!/))*+\*/ )
    | (?P<uri>     file://[^\s;'"]*+ )
    | (?P<comment> //[^\n]*+ )
    | (?P<raw>     \$\$(?:[^$]++|\$(?!\$))*+\$\$ )
    | (?P<string>  '(?:[^'\\]++|\\.|'')*+' )
    | (?P<quoted>  "(?:[^"]++|"")*+" )
    | (?P<number>  (?:\d++(?:\.(?!\.)\d*+)?|\.\d++)(?:e[+-]?\d++)? )
    | (?P<bind>    :(?:[^\W\d][\w$]*+|\d++|"(?:[^"]++|"")*+") )
    | (?P<variable>\$[\w]++ )
    | (?P<word>    [^\W\d][\w$]*+ )
    | (?P<symbol>  ->> | -> | => | := | :: | \|\| | <> | != | <= | >= | \*\* | [-+*/%^&|~!@#?.,:;()\[\]{}<>=$`\\] )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_UNCLOSED = ("'", '"', "$$", "/*")
_ESCAPE = re.compile(r"''|\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[0-3][0-7]{2}|.)", re.DOTALL)
_NAMED_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
# After one of these, written without a space, `:x` walks into a VARIANT; after anything else it is a bind variable.
_PATH_OWNERS = frozenset({Kind.WORD, Kind.QUOTED, Kind.STRING, Kind.VARIABLE, Kind.BIND})
_DEPTH = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def tokenize(text: str) -> tuple[Token, ...]:
    """All tokens of the text, the last one being END. An unclosed string, identifier or comment is a parse error."""
    tokens: list[Token] = []
    line, line_start, offset = 1, 0, 0
    while offset < len(text):
        match = _LEXEME.match(text, offset)
        if match is None or (match.lastgroup == "symbol" and text.startswith(_UNCLOSED, offset)):
            raise _unreadable(text, offset, line, line_start)
        kind, end = match.lastgroup or "", match.end()
        if kind == "bind" and _is_path(tokens, offset):
            kind, end = "symbol", offset + 1
        if kind not in ("space", "comment"):
            tokens.append(_token(kind, text[offset:end], offset, line, offset - line_start))
        if newlines := text.count("\n", offset, end):
            line, line_start = line + newlines, text.rindex("\n", offset, end) + 1
        offset = end
    tokens.append(Token(Kind.END, "<EOF>", offset, offset, line, offset - line_start))
    return tuple(tokens)


def _is_path(tokens: list[Token], offset: int) -> bool:
    if not tokens or tokens[-1].end != offset:
        return False
    return tokens[-1].kind in _PATH_OWNERS or tokens[-1].text in (")", "]", "}")


def _token(group: str, source: str, start: int, line: int, position: int) -> Token:
    match group:
        case "word":
            kind, text = Kind.WORD, source
        case "symbol":
            kind, text = Kind.SYMBOL, source
        case "string":
            kind, text = Kind.STRING, unescape(source[1:-1])
        case "raw":
            kind, text = Kind.STRING, source[2:-2]
        case "quoted":
            kind, text = Kind.QUOTED, source[1:-1].replace('""', '"')
        case "bind":
            kind, text = Kind.BIND, _bind_name(source[1:])
        case "variable":
            kind, text = Kind.VARIABLE, source[1:].upper()
        case _:
            kind, text = Kind(group), source
    return Token(kind, text, start, start + len(source), line, position)


def _bind_name(source: str) -> str:
    return source[1:-1].replace('""', '"') if source.startswith('"') else source.upper()


def unescape(body: str) -> str:
    """The value of a single-quoted string, given what stands between the quotes."""
    return _ESCAPE.sub(_unescaped, body) if "\\" in body or "''" in body else body


def _unescaped(match: re.Match[str]) -> str:
    escape = match.group(1)
    if escape is None:
        return "'"
    if escape[0] in "ux" and len(escape) > 1:
        return chr(int(escape[1:], 16))
    return chr(int(escape, 8)) if escape == "0" or len(escape) == 3 else _NAMED_ESCAPES.get(escape, escape)


def quote_string(value: str) -> str:
    """The value as a string literal that reads back as the same value."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def quote_identifier(name: str) -> str:
    """The stored name as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def _unreadable(text: str, offset: int, line: int, line_start: int) -> SnowflakeError:
    if text.startswith(_UNCLOSED, offset):
        return parse_error(line, offset - line_start, "<EOF>")
    return syntax_error(line, offset - line_start, text[offset])


def parse_error(line: int, position: int, near: str) -> SnowflakeError:
    """Snowflake's answer to text of which no token can be made."""
    return compilation(1003, "42000", f"parse error line {line} at position {position} near '{near}'.")


def unexpected(token: Token, source: str) -> SnowflakeError:
    """The syntax error at this token, quoting it as it was written."""
    written = token.text if token.kind is Kind.END else source[token.start : token.end]
    return syntax_error(token.line, token.position, written)


class Reader:
    """Reads a statement token by token. What it is asked for and does not find is Snowflake's syntax error."""

    def __init__(self, source: str, tokens: tuple[Token, ...] | None = None) -> None:
        self.source = source
        self.tokens = tokenize(source) if tokens is None else tokens
        self.index = 0

    def peek(self, ahead: int = 0) -> Token:
        """The token `ahead` places from here; END for ever after the last."""
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def next(self) -> Token:
        """The token here, which is thereby read."""
        token = self.peek()
        self.index += token.kind is not Kind.END
        return token

    def at_end(self) -> bool:
        """Whether all is read. A final semicolon still counts as a token; `end` forgives it."""
        return self.peek().kind is Kind.END

    def words(self, count: int) -> tuple[str, ...]:
        """The next keywords or symbols in upper case, as many as `count`; quoted things give an empty word."""
        return tuple(self.peek(ahead).word for ahead in range(count))

    def at(self, *words: str) -> bool:
        """Whether exactly these keywords or symbols come next."""
        return all(self.peek(ahead).word == word for ahead, word in enumerate(words))

    def accept(self, *words: str) -> bool:
        """Reads these keywords if all of them come next, else nothing."""
        if not self.at(*words):
            return False
        self.index += len(words)
        return True

    def accept_any(self, *words: str) -> str:
        """Reads one of these keywords and returns it; an empty word when none of them is here."""
        word = self.peek().word
        return self.next().word if word and word in words else ""

    def expect(self, *words: str) -> None:
        """Reads these keywords; the first that is missing is a syntax error."""
        for word in words:
            if not self.accept(word):
                raise self.unexpected()

    def unexpected(self, ahead: int = 0) -> SnowflakeError:
        """The syntax error at the token here."""
        return unexpected(self.peek(ahead), self.source)

    def identifier(self) -> str:
        """One name, as Snowflake stores it."""
        if self.peek().kind not in (Kind.WORD, Kind.QUOTED) or self.peek().text == "":
            raise self.unexpected()
        return self.next().identifier

    def name(self) -> tuple[str, ...]:
        """A name of one to three parts; `db..t` stands for `db.PUBLIC.t`; IDENTIFIER('a.b') is the name it quotes."""
        if self.at("IDENTIFIER", "(") and self.peek(2).kind is Kind.STRING:
            return self._quoted_name()
        parts = [self.identifier()]
        while self.accept("."):
            if len(parts) == 3:
                raise self.unexpected(-1)
            parts.append("PUBLIC" if len(parts) == 1 and self.at(".") else self.identifier())
        return tuple(parts)

    def _quoted_name(self) -> tuple[str, ...]:
        self.index += 2
        inner = Reader(self.string())
        self.expect(")")
        name = inner.name()
        inner.end()
        return name

    def string(self) -> str:
        """The value of a string literal, its escapes resolved."""
        if self.peek().kind is not Kind.STRING:
            raise self.unexpected()
        return self.next().text

    def number(self) -> int:
        """A whole number, with its sign."""
        sign = -1 if self.accept("-") else 1
        if self.peek().kind is not Kind.NUMBER or not self.peek().text.isdigit():
            raise self.unexpected()
        return sign * int(self.next().text)

    def boolean(self) -> bool:
        """TRUE or FALSE."""
        word = self.accept_any("TRUE", "FALSE")
        if not word:
            raise self.unexpected()
        return word == "TRUE"

    def rest(self) -> str:
        """The source from here to its end, a final semicolon left out; it is thereby read."""
        start, last = self.peek().start, len(self.tokens) - 2
        while last >= 0 and self.tokens[last].word == ";":
            last -= 1
        self.index = len(self.tokens) - 1
        return self.source[start : self.tokens[last].end] if last >= 0 else ""

    def slice(self, start: Token, end: Token) -> str:
        """The source from the first token up to, and without, the second."""
        return self.source[start.start : end.start].rstrip()

    def balanced(self) -> str:
        """Reads a parenthesised part and returns the source between its parentheses."""
        opening = self.peek()
        self.expect("(")
        depth = 1
        while depth:
            token = self.next()
            if token.kind is Kind.END:
                raise self.unexpected()
            depth += _DEPTH.get(token.word, 0)
        return self.source[opening.end : self.tokens[self.index - 1].start].strip()

    def end(self) -> None:
        """Nothing more may come, save one semicolon."""
        self.accept(";")
        if not self.at_end():
            raise self.unexpected()


def whole_name(text: str) -> tuple[str, ...]:
    """The name that a text is, as `IDENTIFIER('db.schema.t')` has it; what comes after it is a syntax error."""
    reader = Reader(text)
    parts = reader.name()
    reader.end()
    return parts
