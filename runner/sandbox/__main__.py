"""The sandbox's process: `python -m runner.sandbox --root DIR [--port N]`."""

from __future__ import annotations

import argparse
import gc
import importlib
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from runner.sandbox import files
from runner.sandbox.needs import missing
from runner.sandbox.organization import Organization, OrganizationError, loads

if TYPE_CHECKING:
    from runner.sandbox.engine import Engine
    from runner.sandbox.http.door import Door
    from runner.sandbox.http.server import Host

OWNED_BY_ANOTHER = 3
NOT_INSTALLED = 4
PORT_TAKEN = 5
NO_PLACE = 6
NOT_THIS_STATE = 7
_LOOK_SECONDS = 2.0
_TOLD_SECONDS = 0.05


def main(arguments: list[str] | None = None) -> int:
    """Serve the organisation under the root until SIGTERM."""
    options = _options(arguments)
    if why := missing():
        print(why, file=sys.stderr)  # noqa: T201 - `up` reads it
        return NOT_INSTALLED
    root = options.root.resolve()
    with files.owner(root) as mine:
        if not mine:
            print(f"Another process owns {root}.", file=sys.stderr)  # noqa: T201 - `up` reads it
            return OWNED_BY_ANOTHER
        try:
            return _serve(root, options)
        except OSError as error:
            print(f"{error.filename or root} cannot be used: {error.strerror}.", file=sys.stderr)  # noqa: T201
            return NO_PLACE


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m runner.sandbox", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(".sandbox"), help="where the state lies")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--tls", action="store_true", help="speak TLS as well, on a port of its own")
    parser.add_argument("--tls-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on; in a container, 0.0.0.0")
    parser.add_argument("--allow", action="append", default=[], metavar="CIDR", help="more addresses that may log in")
    parser.add_argument(
        "--organization", default="", help="the accounts to make, as JSON (runner.sandbox.organization)"
    )
    return parser.parse_args(arguments)


def _listening(door: Door, root: Path, options: argparse.Namespace) -> Host | None:
    from runner.sandbox.http.server import Host

    port = options.port
    try:
        host = Host(door, port, options.host)
        if options.tls:
            from runner.sandbox.certificate import certificate

            port = options.tls_port
            host.secure(certificate(root).context(), port)
        return host
    except OSError as error:
        print(f"Port {port} of {options.host} cannot be used: {error.strerror}.", file=sys.stderr)  # noqa: T201 - `up` reads it
        return None


def _end_with(root: Path) -> None:
    """Ends this process when its folder was removed: nobody could find it any more."""
    lock = files.identity(root)
    while files.identity(root) == lock:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _arrow_alone() -> None:
    """Arrow takes numpy in when it finds it, which lasts longer than all else of it; nothing here gives it an array."""
    loaded = cast(dict[str, object], sys.modules)
    if "numpy" in loaded:
        return
    loaded["numpy"] = None
    try:
        importlib.import_module("pyarrow")
    finally:
        del loaded["numpy"]


def _serve(root: Path, options: argparse.Namespace) -> int:
    """Open the organisation, listen, tell the port; afterwards close it, so that all is on disk."""
    logging.basicConfig(
        filename=root / files.LOG, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    (root / files.PORT).unlink(missing_ok=True)
    files.write(root / files.PID, str(os.getpid()))
    # What is loaded now stays for ever: the collector need not look at it, neither while it grows nor later.
    gc.disable()
    _arrow_alone()
    from runner.sandbox.opening import Opening

    opening = Opening(root)
    from runner.sandbox.engine import Engine
    from runner.sandbox.state import StateError

    try:
        engine = Engine.open(root, opening)
    except StateError as error:
        print(error, file=sys.stderr)  # noqa: T201 - `up` reads it
        return NOT_THIS_STATE
    try:
        return _open_to_clients(engine, root, options)
    except OrganizationError as error:
        print(error, file=sys.stderr)  # noqa: T201 - `up` reads it
        return NOT_THIS_STATE
    finally:
        _leave(root, engine)


def _open_to_clients(engine: Engine, root: Path, options: argparse.Namespace) -> int:
    from runner.sandbox.bootstrap import create_organization
    from runner.sandbox.http.door import Door

    wanted = loads(options.organization) if options.organization else Organization()
    if not options.organization and engine.catalog.accounts():
        wanted = Organization(accounts=())
    create_organization(engine.catalog, root, wanted.accounts, wanted.name, tuple(options.allow))
    host = _listening(Door(engine), root, options)
    if host is None:
        return PORT_TAKEN
    host.socket.listen(128)
    threading.Thread(target=_end_with, args=(root,), name="root", daemon=True).start()
    gc.freeze()
    gc.enable()
    files.write(root / files.PORT, str(host.door.port))
    threading.Thread(target=_warm, args=(engine,), name="warming", daemon=True).start()
    host.run()
    return 0


def _warm(engine: Engine) -> None:
    """What the first statement needs and the start does not, once who waits for the start has had time to be told."""
    time.sleep(_TOLD_SECONDS)
    engine.storage.know_functions()


def _leave(root: Path, engine: Engine) -> None:
    own = files.number(root / files.PID) == os.getpid()
    if own:
        (root / files.PORT).unlink(missing_ok=True)
    engine.close()
    if own:
        (root / files.PID).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
