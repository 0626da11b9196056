"""What `runner` loads, loaded once: processes of the command are forked from one that imported this.

To be imported there alone: a process of the command does without pandas, the tests do not.
"""

import importlib
import sys
from typing import Any

loaded: dict[str, Any] = sys.modules
loaded.setdefault("pandas", None)
for name in (
    "jsonschema",
    "rich.console",
    "rich.table",
    "snowflake.connector",
    "yaml",
    "runner.__main__",
    "runner.cli.migrate",
    "runner.cli.undo",
    "runner.commands.migrate",
    "runner.commands.undo",
):
    importlib.import_module(name)
