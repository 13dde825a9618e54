"""Slides and workbook of an issue from the command line: the same numbers as on its page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from analysis.__main__ import main
from analysis.trace import trace
from data_access.warehouse import Warehouse
from tests.pages.conftest import MODEL, sample
from tests.pages.explain.trace.conftest import OCTOBER, PATH, WRITTEN, Kept, drop, kept, opened, worst
from tests.pages.record.test_take_along import charts, texts

__all__ = ["drop", "kept", "opened", "sample", "worst"]
Said = pytest.CaptureFixture[str]


@pytest.fixture
def asked(kept: Kept, tmp_path: Path) -> Iterator[list[str]]:
    """The command over a store with one issue."""
    store = shutil.copy(kept.file, tmp_path / "workshop.sqlite")
    yield ["deck", "--store", str(store), "--issue", kept.issue[:8]]


@pytest.mark.prove
def test_it_writes_what_the_page_gives(
    asked: list[str], sample: Path, opened: Warehouse, tmp_path: Path, capsys: Said
) -> None:
    alone = shutil.copy(sample, sample.with_suffix(".deck"))  # another process may have the file itself open
    source = ["--source", f"duckdb:///{alone}", "--model", str(MODEL)]
    kept_there = list(trace(opened, OCTOBER, path=PATH).table["kept"].iloc[1:])
    for language in ("zh-CN", "en"):
        slides, book = tmp_path / f"{language}.pptx", tmp_path / f"{language}.xlsx"
        assert main([*asked, *source, "--out", str(slides), "--lang", language]) == 0
        drawn = [[*one.values] for chart in charts(slides.read_bytes()) for one in chart.plots[0].series]
        assert kept_there in drawn and WRITTEN["title"] in " ".join(texts(slides.read_bytes()))
        assert main([*asked, *source, "--out", str(book), "--lang", language]) == 0
        assert len(openpyxl.load_workbook(book).sheetnames) >= 6
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("issue", "out", "told"),
    [
        ([], "x.docx", "must end in .pptx"),
        (["--issue", "nothing"], "x.pptx", "has no issue"),
        ([], "no/x.xlsx", "There is no folder no"),
    ],
)
def test_trouble_is_one_line_and_writes_nothing(
    issue: list[str], out: str, told: str, asked: list[str], tmp_path: Path, capsys: Said,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main([*asked, *issue, "--out", out]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and told in said.err
    assert not (tmp_path / out).exists()
