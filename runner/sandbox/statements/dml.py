"""INSERT, UPDATE, DELETE, MERGE, TRUNCATE: their handlers in one place."""

from __future__ import annotations

from runner.sandbox.statements.change import delete as delete, truncate as truncate, update as update
from runner.sandbox.statements.insert import insert as insert
from runner.sandbox.statements.merge import merge as merge
