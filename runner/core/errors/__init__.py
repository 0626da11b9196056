"""Every error a user can meet, as one tree. Below 20 nothing of the user's was run; from 20 something was.

RunnerError (1)
├── UsageError (2)
│   ├── UnknownEnvironment
│   └── UnknownScript
├── ConfigError (3)
│   ├── MissingEnvironment
│   ├── DuplicateEnvironment
│   ├── InvalidFile
│   ├── UnknownKey
│   ├── MissingSetting
│   ├── MissingSecret
│   ├── MissingFile
│   ├── UnsafeFile
│   └── DependencyCircle
├── ScriptError (4)
│   ├── InvalidScriptName
│   ├── TwinScripts
│   ├── UnreadableScript
│   ├── EmptyScript
│   ├── InvalidDirective
│   ├── RenderFailed
│   ├── SplitFailed
│   └── ScriptsInvalid
├── PolicyError (5)
│   ├── StatementNotAllowed
│   └── NeedsConsent
├── ConnectionFailed (6)
│   ├── LoginFailed
│   ├── Unreachable
│   └── WrongPlace
├── LeaseError (7)
│   └── LeaseHeld
├── HistoryError (8)
│   ├── HistoryDisagrees
│   ├── RequirementUnmet
│   └── HistoryDamaged
├── OwnStatementFailed (9)
├── ChangesPending (10)
├── DriftFound (11)
├── PlanError (12)
│   ├── AmbiguousName
│   ├── SelectionEmpty
│   ├── ClosureUnmet
│   ├── NameCollision
│   ├── NamesContradict
│   ├── SourceChanging
│   ├── Unreadable
│   ├── Unmapped
│   ├── NotMovable
│   ├── QuestionsOpen
│   ├── FileInTheWay
│   ├── UnknownPlan
│   ├── RecordDamaged
│   ├── UnknownTemplate
│   ├── ParametersInvalid
│   ├── AnswersInvalid
│   ├── PlanNotReady
│   └── SourceMovedOn
├── PartialFailure (20)
│   ├── ScriptFailed
│   └── StatementInDoubt
├── Stopped (21)
│   ├── LeaseLost
│   ├── Cancelled
│   └── CutShort
├── RowsDiffer (22)
└── Interrupted (130)

An error is made of facts and builds its own sentence; `hint` says what to do. What succeeded before it is in `applied`
where something could have.
"""

from __future__ import annotations

from runner.core.errors.account import (
    ChangesPending as ChangesPending,
)
from runner.core.errors.account import (
    DriftFound as DriftFound,
)
from runner.core.errors.account import (
    Finding as Finding,
)
from runner.core.errors.account import (
    HistoryDamaged as HistoryDamaged,
)
from runner.core.errors.account import (
    HistoryDisagrees as HistoryDisagrees,
)
from runner.core.errors.account import (
    HistoryError as HistoryError,
)
from runner.core.errors.account import (
    LeaseError as LeaseError,
)
from runner.core.errors.account import (
    LeaseHeld as LeaseHeld,
)
from runner.core.errors.account import (
    OwnStatementFailed as OwnStatementFailed,
)
from runner.core.errors.account import (
    RequirementUnmet as RequirementUnmet,
)
from runner.core.errors.after import (
    Cancelled as Cancelled,
)
from runner.core.errors.after import (
    CutShort as CutShort,
)
from runner.core.errors.after import (
    Interrupted as Interrupted,
)
from runner.core.errors.after import (
    LeaseLost as LeaseLost,
)
from runner.core.errors.after import (
    PartialFailure as PartialFailure,
)
from runner.core.errors.after import (
    RowsDiffer as RowsDiffer,
)
from runner.core.errors.after import (
    ScriptFailed as ScriptFailed,
)
from runner.core.errors.after import (
    StatementInDoubt as StatementInDoubt,
)
from runner.core.errors.after import (
    Stopped as Stopped,
)
from runner.core.errors.before import (
    ConfigError as ConfigError,
)
from runner.core.errors.before import (
    ConnectionFailed as ConnectionFailed,
)
from runner.core.errors.before import (
    DependencyCircle as DependencyCircle,
)
from runner.core.errors.before import (
    DuplicateEnvironment as DuplicateEnvironment,
)
from runner.core.errors.before import (
    EmptyScript as EmptyScript,
)
from runner.core.errors.before import (
    InvalidDirective as InvalidDirective,
)
from runner.core.errors.before import (
    InvalidFile as InvalidFile,
)
from runner.core.errors.before import (
    InvalidScriptName as InvalidScriptName,
)
from runner.core.errors.before import (
    LoginFailed as LoginFailed,
)
from runner.core.errors.before import (
    MissingEnvironment as MissingEnvironment,
)
from runner.core.errors.before import (
    MissingFile as MissingFile,
)
from runner.core.errors.before import (
    MissingSecret as MissingSecret,
)
from runner.core.errors.before import (
    MissingSetting as MissingSetting,
)
from runner.core.errors.before import (
    NeedsConsent as NeedsConsent,
)
from runner.core.errors.before import (
    PolicyError as PolicyError,
)
from runner.core.errors.before import (
    RenderFailed as RenderFailed,
)
from runner.core.errors.before import (
    ScriptError as ScriptError,
)
from runner.core.errors.before import (
    ScriptsInvalid as ScriptsInvalid,
)
from runner.core.errors.before import (
    SplitFailed as SplitFailed,
)
from runner.core.errors.before import (
    StatementNotAllowed as StatementNotAllowed,
)
from runner.core.errors.before import (
    TwinScripts as TwinScripts,
)
from runner.core.errors.before import (
    UnknownEnvironment as UnknownEnvironment,
)
from runner.core.errors.before import (
    UnknownKey as UnknownKey,
)
from runner.core.errors.before import (
    UnknownScript as UnknownScript,
)
from runner.core.errors.before import (
    Unreachable as Unreachable,
)
from runner.core.errors.before import (
    UnreadableScript as UnreadableScript,
)
from runner.core.errors.before import (
    UnsafeFile as UnsafeFile,
)
from runner.core.errors.before import (
    UsageError as UsageError,
)
from runner.core.errors.before import (
    WrongPlace as WrongPlace,
)
from runner.core.errors.planning import (
    AmbiguousName as AmbiguousName,
)
from runner.core.errors.planning import (
    AnswersInvalid as AnswersInvalid,
)
from runner.core.errors.planning import (
    ClosureUnmet as ClosureUnmet,
)
from runner.core.errors.planning import (
    FileInTheWay as FileInTheWay,
)
from runner.core.errors.planning import (
    NameCollision as NameCollision,
)
from runner.core.errors.planning import (
    NamesContradict as NamesContradict,
)
from runner.core.errors.planning import (
    NotMovable as NotMovable,
)
from runner.core.errors.planning import (
    ParametersInvalid as ParametersInvalid,
)
from runner.core.errors.planning import (
    PlanError as PlanError,
)
from runner.core.errors.planning import (
    PlanNotReady as PlanNotReady,
)
from runner.core.errors.planning import (
    QuestionsOpen as QuestionsOpen,
)
from runner.core.errors.planning import (
    RecordDamaged as RecordDamaged,
)
from runner.core.errors.planning import (
    SelectionEmpty as SelectionEmpty,
)
from runner.core.errors.planning import (
    SourceChanging as SourceChanging,
)
from runner.core.errors.planning import (
    SourceMovedOn as SourceMovedOn,
)
from runner.core.errors.planning import (
    UnknownPlan as UnknownPlan,
)
from runner.core.errors.planning import (
    UnknownTemplate as UnknownTemplate,
)
from runner.core.errors.planning import (
    Unmapped as Unmapped,
)
from runner.core.errors.planning import (
    Unreadable as Unreadable,
)
from runner.core.errors.root import (
    RunnerError as RunnerError,
)
from runner.core.errors.root import (
    place as place,
)
