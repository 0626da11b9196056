"""The page: one self-contained HTML file made of the report's JSON. Everything in it is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

_TONES = {
    "good": {"applied", "success", "equal", "SUCCESS", "Success", "BASELINE", "MARK_APPLIED", "Baseline"},
    "bad": {"failed", "differs", "FAILED", "Failed", "unfinished", "Unfinished", "Changed", "Missing"},
    "calm": {"undone", "UNDONE", "Undone", "MARK_UNDONE", "Pending", "Outdated", "Ignored", "UNLOCKED", "RETRY"},
}


def page(document: Mapping[str, Any]) -> str:
    """The report for people. The same document gives the same page."""
    return _template().render(report=document, total=totals(document), telling=telling)


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"duration": duration, "number": number, "moment": moment, "tone": tone, "first": first_line}
    return environment.from_string((files("runner.reports") / "report.html.j2").read_text("utf-8"))


def totals(document: Mapping[str, Any]) -> dict[str, Any]:
    """The few figures at the top."""
    environments = document["environments"]
    scripts = [s for e in environments if e["run"] for s in e["run"]["scripts"] if s["outcome"] != "not for it"]
    compared = [e["reconciliation"] for e in environments if e["reconciliation"]]
    return {
        "scripts": len(scripts),
        "statements": sum(len(script["statements"]) for script in scripts),
        "milliseconds": sum(script["milliseconds"] or 0 for script in scripts),
        "rows_compared": sum(_rows(one) for one in compared),
        "objects": sum(len(one["objects"]) for one in compared),
        "verdict": _verdict(environments),
    }


def _rows(reconciliation: Mapping[str, Any]) -> int:
    return sum(o["data"]["target_rows"] for o in reconciliation["objects"] if o["data"] and o["kind"] == "table")


def _verdict(environments: Any) -> tuple[str, str]:
    """A tone and a sentence: the worst that is true comes first."""
    runs = [e["run"]["outcome"] for e in environments if e["run"]]
    compared = [e["reconciliation"]["verdict"] for e in environments if e["reconciliation"]]
    if "failed" in runs or "unfinished" in runs:
        return "bad", "The last run did not finish"
    if "differs" in compared:
        return "bad", "The target differs from its source"
    if any(e["reconciliation_error"] for e in environments):
        return "calm", "The comparison with the source could not be made"
    if not runs:
        return "calm", "Nothing has been run yet"
    if "undone" in runs:
        return "calm", "Scripts were taken back"
    pending = sum(e["pending"] for e in environments)
    done = "Everything is applied" if not pending else f"{pending} scripts wait to be applied"
    equal = ", and the target equals its source" if compared and set(compared) == {"equal"} else ""
    return "calm" if pending else "good", done + equal


def telling(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Columns that differ; when a missing row makes all of them differ, those that show it."""
    differing = [c for c in data["profile"] if c["differs"]]
    if len(differing) < len(data["profile"]):
        return differing
    changed = {cell["column"] for row in data["rows"] for cell in row["cells"] if cell["differs"]}
    return [c for c in differing if c["source"] != c["target"] or c["column"] in changed]


def tone(word: str) -> str:
    """The colour of a state."""
    return next((name for name, words in _TONES.items() if word in words), "plain")


def duration(milliseconds: int | None) -> str:
    if milliseconds is None:
        return ""
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    seconds = milliseconds / 1000
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def number(value: int | None) -> str:
    """Digits in groups of three, with a narrow space that does not break."""
    return "" if value is None else f"{value:,}".replace(",", "\u202f")


def moment(text: str) -> str:
    """A moment as people read it; what is no moment stays as it is."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found.strftime("%Y-%m-%d %H:%M:%S") + (" UTC" if not found.utcoffset() else found.strftime(" %z"))


def first_line(text: str) -> str:
    """How a statement begins, for a row of a table."""
    line = " ".join(part for part in text.split("\n") if not part.strip().startswith("--")).strip()
    line = " ".join(line.split())
    return line if len(line) <= 160 else line[:159] + "…"
