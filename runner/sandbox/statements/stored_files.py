"""Leading words of the statements about stages, file formats, files, pipes and integrations, and their handlers."""

from __future__ import annotations

from collections.abc import Callable

from runner.sandbox.context import Context
from runner.sandbox.result import Result
from runner.sandbox.statements import copy, file_format, integration, pipe, stage, transfer

STATEMENTS: dict[tuple[str, ...], Callable[[Context, str], Result]] = {
    ("CREATE", "STAGE"): stage.create,
    ("ALTER", "STAGE"): stage.alter,
    ("DROP", "STAGE"): stage.drop,
    ("CREATE", "FILE", "FORMAT"): file_format.create,
    ("ALTER", "FILE", "FORMAT"): file_format.alter,
    ("DROP", "FILE", "FORMAT"): file_format.drop,
    ("CREATE", "PIPE"): pipe.create,
    ("ALTER", "PIPE"): pipe.alter,
    ("DROP", "PIPE"): pipe.drop,
    **{("CREATE", *kind): integration.create for kind in integration.KINDS},
    **{("ALTER", *kind): integration.alter for kind in integration.KINDS},
    **{("DROP", *kind): integration.drop for kind in integration.KINDS},
    ("CREATE", "INTEGRATION"): integration.create,
    ("ALTER", "INTEGRATION"): integration.alter,
    ("DROP", "INTEGRATION"): integration.drop,
    ("COPY", "INTO"): copy.copy,
    ("PUT",): transfer.put,
    ("GET",): transfer.get,
    ("LIST",): transfer.list_files,
    ("LS",): transfer.list_files,
    ("REMOVE",): transfer.remove,
    ("RM",): transfer.remove,
}
