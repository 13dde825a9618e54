"""Who asks for one analysis does not wait for the libraries of the others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "pandas", "numpy", "scipy", "sqlalchemy", "duckdb", "sklearn", "statsmodels", "plotly", "streamlit", "xlsxwriter",
}  # fmt: skip
NEEDED = {  # what a question needs of them; scipy only in part
    "--help": {"numpy"},
    "overview": {"pandas", "numpy", "scipy", "sqlalchemy", "duckdb"},
}


@pytest.mark.parametrize("asked", NEEDED)
def test_the_command_line_imports_what_its_question_needs(asked: str, sample_of: Callable[..., Path]) -> None:
    around = {**os.environ, "SATRACE_DATA": str(sample_of().parent)}
    command = [sys.executable, "-X", "importtime", "-m", "analysis", asked]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=around)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert imported & HEAVY == NEEDED[asked]
    assert "data_access.files.loading" not in imported  # a database is asked as it lies
    parts = {name for name in imported if name.startswith("scipy.") and name.count(".") == 1}
    assert not parts & {"scipy.stats", "scipy.optimize", "scipy.linalg", "scipy.spatial", "scipy.sparse"}
