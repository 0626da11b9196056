"""The judgement: scripts laid beside the history give a plan, or the reasons why not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runner.core.checksum import Checksum
from runner.core.errors import Finding, HistoryDisagrees
from runner.core.graph import ordered
from runner.core.history import Event, EventType, History, Record, Standing
from runner.core.plan import Plan, Step, Why
from runner.core.script import Kind, Script
from runner.core.version import Version

_BLOCKING = (Standing.FAILED, Standing.UNDO_FAILED)
_DONE = (Standing.APPLIED, Standing.SKIPPED)


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the judgement looks at, for one environment.

    `repeatables`: the checksum of each R script as rendered for this environment (None: it renders to nothing).
    `order`: what each R script needs, by key, from its `depends_on` and its parsed references.
    """

    environment: str
    scripts: tuple[Script, ...]
    history: History
    repeatables: Mapping[str, Checksum | None]
    order: Mapping[str, tuple[str, ...]]

    def versioned(self) -> list[Script]:
        """V scripts that are for this environment, in version order."""
        mine = [s for s in self.scripts if s.kind is Kind.VERSIONED and s.head.covers(self.environment)]
        return sorted(mine, key=_version)

    def repeatable(self) -> list[Script]:
        """R scripts for this environment: after what they need, ties by name."""
        mine = {s.key: s for s in self.scripts if s.kind is Kind.REPEATABLE and s.head.covers(self.environment)}
        return [mine[key] for key in ordered(sorted(mine), self.order, "repeatable scripts")]


@dataclass(frozen=True, slots=True)
class Options:
    """What the command asked for."""

    target: Version | None = None
    out_of_order: bool = False


def _version(script: Script) -> Version:
    if script.version is None:
        raise ValueError(f"{script.path} has no version")
    return script.version


def plan(situation: Situation, options: Options = Options()) -> Plan:
    """The steps that bring the environment up to the scripts (or to `target`).

    Raises HistoryDisagrees with every reason at once when history and scripts contradict each other.
    """
    if findings := judge(situation, options):
        raise HistoryDisagrees(situation.environment, tuple(findings))
    repeatables = [] if _stops_short(situation, options) else _repeatable_steps(situation)
    steps = [*first_baseline(situation, options), *_versioned_steps(situation, options), *repeatables]
    return Plan(situation.environment, tuple(steps), tuple(_warnings(situation)))


def _stops_short(situation: Situation, options: Options) -> bool:
    """Whether a target leaves versions behind it: R scripts are written for what stands after all of them."""
    if options.target is None:
        return False
    records = situation.history.records()
    return any(
        _version(script) > options.target and _wanted(script, situation, records, Options())
        for script in situation.versioned()
    )


def judge(situation: Situation, options: Options = Options()) -> list[Finding]:
    """Every disagreement between history and scripts, in the order of the history and then of the scripts."""
    records = situation.history.records()
    findings = [*_judge_records(situation, records)]
    return findings if options.out_of_order else findings + _judge_order(situation, records, options)


def _judge_records(situation: Situation, records: Mapping[str, Record]) -> Iterable[Finding]:
    scripts = {script.key: script for script in situation.scripts}
    highest = max((s.version for s in situation.versioned() if s.version), default=None)
    for key, record in records.items():
        script = scripts.get(key)
        if finding := _blocked(record) or _half_undone(record):
            yield finding
        elif script is None:
            yield from _missing(record, highest)
        elif record.standing in _DONE:
            yield from _edited(script, record)


def _blocked(record: Record) -> Finding | None:
    if record.standing not in _BLOCKING or record.event.transactional:
        return None
    event = record.event
    number = "" if event.error_code is None else f"{event.error_code}: "
    return Finding(
        "failed",
        event.script,
        f"failed in run {event.run_id} ({number}{event.error_message or 'no message'})",
        f"Mend the cause, then `runner repair --retry {event.script} --reason …` "
        "(or --mark-applied, --mark-undone, if that is the truth).",
    )


def _half_undone(record: Record) -> Finding | None:
    """Going on with the version itself would mix both directions."""
    if record.standing not in (Standing.DIRTY, Standing.RETRY) or record.attempt is None:
        return None
    if record.attempt.kind is not Kind.UNDO:
        return None
    return Finding(
        "half undone",
        record.attempt.script,
        f"was begun in run {record.attempt.run_id} and did not end",
        "Finish it with `runner undo`, or record the truth with "
        f"`runner repair --mark-applied | --mark-undone {record.attempt.script} --reason …`.",
    )


def _missing(record: Record, highest: Version | None) -> Iterable[Finding]:
    if record.standing not in _DONE or _is_future(record, highest):
        return
    yield Finding(
        "missing",
        record.event.script,
        "was applied, but the file is gone",
        "Bring the file back, or record that it no longer counts with `runner repair --mark-undone SCRIPT --reason …`.",
    )


def _is_future(record: Record, highest: Version | None) -> bool:
    version = record.event.version
    return version is not None and (highest is None or Version(version) > highest)


def _edited(script: Script, record: Record) -> Iterable[Finding]:
    recorded = record.event.checksum
    if script.kind is not Kind.VERSIONED or not recorded or Checksum.parse(recorded).matches(script.source):
        return
    yield Finding(
        "changed",
        script.path,
        f"was edited after it was applied (applied {recorded[:19]}…, now {str(script.checksum)[:19]}…)",
        "Take the edit back and write it as the next versioned script.",
    )


def _judge_order(situation: Situation, records: Mapping[str, Record], options: Options) -> list[Finding]:
    highest = _highest_applied(records)
    return [
        Finding(
            "out of order",
            script.path,
            f"is pending, but V{highest} is already applied",
            "Give it the next version, or apply it as it is with --out-of-order.",
        )
        for script in situation.versioned()
        if highest is not None and _version(script) < highest and _wanted(script, situation, records, options)
    ]


def _highest_applied(records: Mapping[str, Record]) -> Version | None:
    applied = [
        Version(record.event.version)
        for record in records.values()
        if record.event.version and record.standing in _DONE and record.standing is not Standing.SKIPPED
    ]
    return max(applied, default=None)


def _wanted(script: Script, situation: Situation, records: Mapping[str, Record], options: Options) -> bool:
    """Whether a versioned script is still to be applied."""
    record = records.get(script.key)
    if _below_baseline(script, situation) or (options.target is not None and _version(script) > options.target):
        return False
    return record is None or record.standing not in _DONE


def _below_baseline(script: Script, situation: Situation) -> bool:
    baseline = situation.history.baseline
    return baseline is not None and baseline.version is not None and _version(script) <= Version(baseline.version)


def first_baseline(situation: Situation, options: Options) -> list[Step]:
    """The highest B script, when the account has no history yet, or the one that was begun and did not end."""
    records = situation.history.records()
    begun = [s for s in situation.scripts if s.kind is Kind.BASELINE and _is_begun(records.get(s.key))]
    if begun or situation.history.events:
        return [_step(script, records[script.key], None) for script in begun]
    fit = [s for s in situation.scripts if s.kind is Kind.BASELINE and s.head.covers(situation.environment)]
    within = [s for s in fit if options.target is None or _version(s) <= options.target]
    return [Step(max(within, key=_version), Why.BASELINE)] if within else []


def _is_begun(record: Record | None) -> bool:
    return record is not None and record.standing in (Standing.DIRTY, Standing.RETRY)


def _versioned_steps(situation: Situation, options: Options) -> list[Step]:
    records = situation.history.records()
    highest = _highest_applied(records)
    baseline = first_baseline(situation, options)
    floor = _version(baseline[0].script) if baseline else None
    return [
        _step(script, records.get(script.key), highest)
        for script in situation.versioned()
        if _wanted(script, situation, records, options) and (floor is None or _version(script) > floor)
    ]


def _step(script: Script, record: Record | None, highest: Version | None) -> Step:
    if record is not None and record.standing is Standing.DIRTY:
        return Step(script, Why.RESUME, record.attempt)
    if record is not None and record.standing is Standing.RETRY:
        return Step(script, Why.RETRY, record.attempt)
    late = highest is not None and script.version is not None and script.version < highest
    return Step(script, Why.OUT_OF_ORDER if late else Why.PENDING)


def _repeatable_steps(situation: Situation) -> list[Step]:
    records = situation.history.records()
    undone = last_undo(situation.history)
    found = [(s, situation.repeatables.get(s.key), records.get(s.key)) for s in situation.repeatable()]
    steps = (_repeatable_step(script, checksum, record, undone) for script, checksum, record in found)
    return [step for step in steps if step is not None]


def last_undo(history: History) -> int:
    """The number of the last undo: what R scripts made before it may be gone with the version's objects."""
    return max((event.number for event in history.events if event.event is EventType.UNDONE), default=0)


def _repeatable_step(script: Script, checksum: Checksum | None, record: Record | None, undone: int) -> Step | None:
    if record is None or record.standing is Standing.UNDONE:
        return Step(script, Why.PENDING)
    if record.standing is Standing.APPLIED and record.event.number < undone:
        return Step(script, Why.PENDING)
    if record.standing not in _DONE:
        return _step(script, record, None)
    if record.event.checksum != (str(checksum) if checksum else ""):
        return Step(script, Why.CHANGED)
    return Step(script, Why.ALWAYS) if script.head.always else None


def _warnings(situation: Situation) -> Iterable[str]:
    highest = max((s.version for s in situation.versioned() if s.version), default=None)
    keys = {script.key for script in situation.scripts}
    for key, record in situation.history.records().items():
        if key not in keys and record.standing in _DONE and _is_future(record, highest):
            yield f"{record.event.script} is applied, but newer than any script here (a future version)"


def undo_plan(situation: Situation, target: Version | None) -> Plan:
    """The U scripts that take back applied versions above `target` (or only the last), newest first.

    Raises HistoryDisagrees when a version has no undo script, is marked irreversible, or the history is blocked.
    """
    applied = _applied_versions(situation)
    chosen = [v for v in applied if v > target] if target is not None else applied[:1]
    twins = {_version(s): s for s in situation.scripts if s.kind is Kind.UNDO and s.head.covers(situation.environment)}
    findings = [*_undo_findings(situation, chosen, twins)]
    if findings:
        raise HistoryDisagrees(situation.environment, tuple(findings))
    return Plan(situation.environment, tuple(Step(twins[v], Why.UNDO, _undo_attempt(situation, v)) for v in chosen))


def _applied_versions(situation: Situation) -> list[Version]:
    """Versions that are applied or half undone, newest first."""
    undoable = (Standing.APPLIED, Standing.DIRTY, Standing.RETRY)
    records = situation.history.records().values()
    return sorted(
        (Version(r.event.version) for r in records if r.event.version and r.standing in undoable), reverse=True
    )


def _undo_attempt(situation: Situation, version: Version) -> Event | None:
    record = next(
        r for r in situation.history.records().values() if r.event.version and Version(r.event.version) == version
    )
    return record.attempt if record.attempt is not None and record.attempt.kind is Kind.UNDO else None


def _undo_findings(situation: Situation, chosen: list[Version], twins: Mapping[Version, Script]) -> Iterable[Finding]:
    scripts = {_version(s): s for s in situation.scripts if s.kind is Kind.VERSIONED}
    yield from (f for r in situation.history.records().values() if (f := _blocked(r)))
    for version in chosen:
        script = scripts.get(version)
        if script is not None and script.head.irreversible:
            yield Finding(
                "irreversible", script.path, "is marked irreversible", "Write a new versioned script instead."
            )
        elif version not in twins:
            name = script.path if script else f"V{version}"
            yield Finding(
                "no undo", name, f"has no undo script U{version}__….sql", "Write one, or stop above it with --target."
            )
