"""A data file named by SATRACE_WAREHOUSE: read as a warehouse is, and again when it changes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.pages.conftest import OpenPage

MODEL = """
table = "answers"
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
team = { column = "team" }
"""


def written(path: Path, answers: int) -> None:
    frame = pd.DataFrame(
        {"score": [1 + i % 10 for i in range(answers)], "team": ["ab"[i % 2] for i in range(answers)]}
    )
    write = {".csv": frame.to_csv, ".xlsx": frame.to_excel, ".parquet": frame.to_parquet}[path.suffix]
    write(path, index=False)


@pytest.mark.parametrize("name", ["answers.csv", "answers.xlsx", "answers.parquet"])
def test_a_file_serves_as_the_warehouse(
    name: str, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, model = tmp_path / name, tmp_path / "model.toml"
    model.write_text(MODEL, encoding="utf-8")
    monkeypatch.setenv("SATRACE_WAREHOUSE", str(file))
    monkeypatch.setenv("SATRACE_MODEL", str(model))
    for answers in (120, 150):
        written(file, answers)
        app = open_page("overview", lang="en")
        assert not app.warning and not app.error and not app.exception
        captions = [c.value.replace("\u00a0", " ") for c in app.caption]
        assert any(f"{answers} answers" in c for c in captions), captions
        assert not any("response rate" in c for c in captions), "a file of answers only has none"
        assert len(list((tmp_path / "files").glob("*.duckdb"))) == 1
