import json
import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INTERPRETER = Path(os.environ.get("RUNNER_CONNECTOR5_PYTHON", HERE.parents[2] / ".venv-connector5/bin/python"))


@pytest.mark.skipif(not INTERPRETER.exists(), reason="no interpreter with connector 5: set RUNNER_CONNECTOR5_PYTHON")
def test_the_fifth_generation_of_the_connector_is_served_alike(sandbox, fresh_database):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    token = Path(sandbox.pats["IMCUST"]).read_text()

    ran = subprocess.run(
        [str(INTERPRETER), str(HERE / "connector5_tour.py"), str(sandbox.port), fresh_database],
        capture_output=True,
        text=True,
        env=environment | {"SANDBOX_TOKEN": token},
        check=False,
    )

    code = ran.returncode
    assert code == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told.pop("version").startswith("5.")
    assert told.pop("wrong_token") is not None
    assert told == {
        "inserted": 1,
        "row": ["1.50", "x", "2020-01-02", "2020-01-02 03:04:05.678000", '{\n  "a": 1\n}'],
        "types": [True, True],
        "sum": 147,
        "many": 50_000,
        "missing": [2003, "42S02"],
        "query_id": 36,
        "counts": [8, "0A000"],
        "several": [1, 2],
        "later": [[5]],
    }
