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
    DriftFound as DriftFound,
    Finding as Finding,
    HistoryDamaged as HistoryDamaged,
    HistoryDisagrees as HistoryDisagrees,
    HistoryError as HistoryError,
    LeaseError as LeaseError,
    LeaseHeld as LeaseHeld,
    OwnStatementFailed as OwnStatementFailed,
    RequirementUnmet as RequirementUnmet,
)
from runner.core.errors.after import (
    Cancelled as Cancelled,
    CutShort as CutShort,
    Interrupted as Interrupted,
    LeaseLost as LeaseLost,
    PartialFailure as PartialFailure,
    RowsDiffer as RowsDiffer,
    ScriptFailed as ScriptFailed,
    StatementInDoubt as StatementInDoubt,
    Stopped as Stopped,
)
from runner.core.errors.before import (
    ConfigError as ConfigError,
    ConnectionFailed as ConnectionFailed,
    DependencyCircle as DependencyCircle,
    DuplicateEnvironment as DuplicateEnvironment,
    EmptyScript as EmptyScript,
    InvalidDirective as InvalidDirective,
    InvalidFile as InvalidFile,
    InvalidScriptName as InvalidScriptName,
    LoginFailed as LoginFailed,
    MissingEnvironment as MissingEnvironment,
    MissingFile as MissingFile,
    MissingSecret as MissingSecret,
    MissingSetting as MissingSetting,
    NeedsConsent as NeedsConsent,
    PolicyError as PolicyError,
    RenderFailed as RenderFailed,
    ScriptError as ScriptError,
    ScriptsInvalid as ScriptsInvalid,
    SplitFailed as SplitFailed,
    StatementNotAllowed as StatementNotAllowed,
    TwinScripts as TwinScripts,
    UnknownEnvironment as UnknownEnvironment,
    UnknownKey as UnknownKey,
    UnknownScript as UnknownScript,
    Unreachable as Unreachable,
    UnreadableScript as UnreadableScript,
    UnsafeFile as UnsafeFile,
    UsageError as UsageError,
    WrongPlace as WrongPlace,
)
from runner.core.errors.planning import (
    AmbiguousName as AmbiguousName,
    AnswersInvalid as AnswersInvalid,
    ClosureUnmet as ClosureUnmet,
    FileInTheWay as FileInTheWay,
    NameCollision as NameCollision,
    NamesContradict as NamesContradict,
    NotMovable as NotMovable,
    ParametersInvalid as ParametersInvalid,
    PlanError as PlanError,
    PlanNotReady as PlanNotReady,
    QuestionsOpen as QuestionsOpen,
    RecordDamaged as RecordDamaged,
    SelectionEmpty as SelectionEmpty,
    SourceChanging as SourceChanging,
    SourceMovedOn as SourceMovedOn,
    UnknownPlan as UnknownPlan,
    UnknownTemplate as UnknownTemplate,
    Unmapped as Unmapped,
    Unreadable as Unreadable,
)
from runner.core.errors.root import (
    RunnerError as RunnerError,
    place as place,
)
