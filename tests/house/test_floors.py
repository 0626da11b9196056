"""The house as it was drawn: floors, names, and what a call of `--help` may cost."""

import ast
import graphlib
import statistics
import subprocess
import sys
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "runner").rglob("*.py"))


def test_every_import_goes_down_a_floor():
    from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


def test_no_two_rooms_need_each_other():
    """Not even by an import for types alone, or one inside of a function."""
    graph = grimp.build_graph("runner", exclude_type_checking_imports=False, cache_dir=None)
    needs = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert len(list(graphlib.TopologicalSorter(needs).static_order())) == len(needs) > 500


def test_help_loads_neither_connector_nor_parser_nor_screen():
    program = (
        "import sys\nfrom runner.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'snowflake', 'jinja2', 'sqlglot', 'rich', 'yaml', 'duckdb'}\n"
        "print(*sorted(heavy & set(sys.modules)), 'loaded')"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "loaded"


def test_no_room_is_called_after_nothing():
    nothing = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "base"}
    assert [str(path) for path in MODULES if nothing & {path.stem, *path.relative_to(ROOT).parts}] == []


def functions(path):
    tree = ast.parse(path.read_text())
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for node in found:
        body = node.body[1:] if ast.get_docstring(node) else node.body
        yield (body[-1].end_lineno - body[0].lineno + 1) if body else 0


def test_functions_are_small():
    lengths = sorted(length for path in MODULES for length in functions(path))
    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 30


def test_files_are_short():
    long = {path.name: count for path in MODULES if (count := len(path.read_text().splitlines())) >= 400}
    assert long == {}


MARKS = ("TO" + "DO", "FIX" + "ME", "HA" + "CK", "X" * 3)


def test_no_mark_of_unfinished_work_is_left():
    texts = [*MODULES, *(ROOT / "versions").glob("*.sql"), *(ROOT / "templates").glob("*.sql")]
    assert [f"{path}: {mark}" for path in texts for mark in MARKS if f"{mark}:" in path.read_text()] == []
