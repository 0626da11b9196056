"""What the code of a function may not do. Runs in the child, before any of that code.

Two walls. The kernel's, where it lets us: no network (a network namespace of its own), no files outside the folders
named (Landlock), limits of memory and file size. And the interpreter's own, everywhere: an audit hook that refuses
sockets, processes, foreign code and files outside the folders. The second alone stops accidents, not an attacker.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import NoReturn

MEMORY = 4 << 30
FILE_SIZE = 256 << 20
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_DENIED = (
    "socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system", "os.spawn", "os.kill", "pty.",
    "os.startfile", "resource.", "ftplib.", "http.client.", "smtplib.", "urllib.", "sqlite3.", "syslog.", "webbrowser.",
    "signal.pthread_kill", "fcntl.", "os.setxattr",
)  # fmt: skip
_FOREIGN = ("ctypes.", "cpython.run_")
_MODULES = frozenset({"_ctypes", "_posixsubprocess", "_cffi_backend"})
_READING = ("os.listdir", "os.scandir", "os.walk", "glob.glob", "os.getxattr", "os.listxattr")
_WRITING = (
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.chown", "os.link", "os.symlink", "os.truncate",
    "os.utime", "os.chdir", "os.mknod", "os.mkfifo",
)  # fmt: skip
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_ALWAYS = ("/dev/null", "/dev/urandom", "/usr/share/zoneinfo", "/etc/localtime")


LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
"""Where compiled packages find the system's shared libraries: the loader may read them, the code may not open them."""


def confine(readable: Sequence[str], scratch: str, loaded: Sequence[str] = ()) -> None:
    """From here on the process has no network and no files but those under `readable`, and its own folder."""
    _limit()
    if sys.platform == "linux":
        _kernel([*readable, *loaded], scratch)
    sys.modules["_posixsubprocess"] = _without_processes()
    sys.addaudithook(_hook(tuple(map(os.path.realpath, (*readable, *_ALWAYS))), os.path.realpath(scratch)))


def _without_processes() -> ModuleType:
    """What `subprocess` imports, for the packages that import `subprocess`: it starts nothing."""

    def fork_exec(*_: object) -> NoReturn:
        raise PermissionError("subprocess is not allowed in a function of the sandbox")

    module = ModuleType("_posixsubprocess")
    module.__dict__["fork_exec"] = fork_exec
    return module


def _limit() -> None:
    import resource

    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, FILE_SIZE), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # The platform has no such limit, or a lower one holds already.
            continue


def _kernel(readable: Sequence[str], scratch: str) -> None:
    """What the kernel refuses to do, the audit hook has to stop alone."""
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(_NEW_NET) != 0:
        library.unshare(_NEW_USER | _NEW_NET)
    _landlock(library, [*readable, *_ALWAYS], scratch)


_CREATE_RULESET, _ADD_RULE, _RESTRICT, _NO_NEW_PRIVILEGES = 444, 445, 446, 38
_EVERYTHING, _READ_FILE, _READ_DIR = 0x1FFF, 0x4, 0x8


def _landlock(library: object, readable: Sequence[str], scratch: str) -> None:
    import ctypes

    call = library.syscall  # type: ignore[attr-defined]
    handled = ctypes.c_uint64(_EVERYTHING)
    ruleset = call(_CREATE_RULESET, ctypes.byref(handled), 8, 0)
    if ruleset < 0:
        return
    for path in (*readable, scratch):
        rights = _EVERYTHING if path == scratch else _READ_FILE | (_READ_DIR if os.path.isdir(path) else 0)
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        rule = rights.to_bytes(8, sys.byteorder) + place.to_bytes(4, sys.byteorder)
        call(_ADD_RULE, ruleset, 1, rule, 0)
        os.close(place)
    library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)  # type: ignore[attr-defined]
    call(_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _hook(readable: tuple[str, ...], scratch: str) -> Callable[[str, tuple[object, ...]], None]:
    def within(path: object, roots: tuple[str, ...]) -> bool:
        if isinstance(path, int):
            return True
        name = os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else "."
        real = os.path.realpath(name)
        climbs = not os.path.isabs(name) and ".." in name.split(os.sep)
        return not climbs and any(real == root or real.startswith(root + os.sep) for root in roots)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if (event == "import" and arguments[0] in _MODULES) or event.startswith(_FOREIGN):
            raise ImportError(f"{event} is not allowed in a function of the sandbox")
        if event == "open":
            if not within(arguments[0], (scratch,) if _writes(arguments) else (*readable, scratch)):
                raise PermissionError(13, "Permission denied", arguments[0])
        elif event.startswith(_READING):
            if not within(arguments[0], (*readable, scratch)):
                raise PermissionError(13, "Permission denied", arguments[0])
        elif event.startswith(_WRITING):
            if not all(within(each, (scratch,)) for each in arguments if isinstance(each, (str, bytes, os.PathLike))):
                raise PermissionError(13, "Permission denied", arguments[0])
        elif event.startswith(_DENIED):
            raise PermissionError(f"{event} is not allowed in a function of the sandbox")

    return hook


def _writes(arguments: tuple[object, ...]) -> bool:
    _, mode, flags = arguments
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITE_FLAGS)
