"""Every kind of record that the catalogue keeps."""

from __future__ import annotations

from runner.sandbox.catalog.alerts import Alert
from runner.sandbox.catalog.derived import ResourceMonitor, Tag
from runner.sandbox.catalog.files import FileFormat, Integration, Pipe, Stage
from runner.sandbox.catalog.login_policies import LOGIN_POLICIES
from runner.sandbox.catalog.model import (
    Database,
    NetworkPolicy,
    Policy,
    Record,
    Role,
    Routine,
    Schema,
    Sequence,
    Share,
    Table,
    User,
    View,
    Warehouse,
)
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.replication import ReplicationGroup
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.catalog.tasks import Task

RECORDS: tuple[type[Record], ...] = (
    Database,
    Schema,
    Table,
    View,
    Sequence,
    Routine,
    Role,
    User,
    Warehouse,
    NetworkPolicy,
    Policy,
    Share,
    Stage,
    FileFormat,
    Pipe,
    Integration,
    Task,
    Tag,
    ResourceMonitor,
    Alert,
    NetworkRule,
    Stream,
    *LOGIN_POLICIES.values(),
    ReplicationGroup,
)
