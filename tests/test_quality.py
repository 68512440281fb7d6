"""The labelled pages are read no worse than the floors in quality.json say."""

import subprocess
import sys
from pathlib import Path

EVALUATE = Path(__file__).parents[1] / "scripts" / "evaluate.py"


def test_no_column_is_below_its_floor(shared: Path) -> None:
    data = shared / "extraction"
    run = subprocess.run([sys.executable, str(EVALUATE), "--data", str(data)], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
