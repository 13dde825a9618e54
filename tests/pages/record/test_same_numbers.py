"""The numbers of one trace are the same on its page, in the table, the form, the brief, as Excel, CSV and command."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.effect.of_plan import planned_day
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from tests.pages.conftest import MODEL, Downloads, OpenPage, file_of, seen
from tests.pages.explain.trace.conftest import ME, PATH, at_step

ZH = Catalogue.load("zh-CN")
FORMS = ("file.form", "brief.name")
OF_END = ("n", "lost_points", "kept_of_all")
Said = Callable[[str], str]


@pytest.fixture
def headless(sample: Path, capsys: pytest.CaptureFixture[str]) -> Mapping[str, Mapping[str, float]]:
    """The end of the path and the place of its score, as the command line says them, unrounded."""
    alone = shutil.copy(sample, sample.with_suffix(".same"))  # the app holds the file itself open
    asked = ["trace", "--source", f"duckdb:///{alone}", "--model", str(MODEL), "--from", "2026-10-01", "--to",
             "2026-11-01", "--baseline-from", "2026-09-01", "--baseline-to", "2026-10-01"]  # fmt: skip
    capsys.readouterr()
    steps = [f"{part.dimension}={value}" for part in PATH for value in part.values]
    assert main([*asked, *(word for step in steps for word in ("--where", step))]) == 0
    table = json.loads(capsys.readouterr().out)["table"]
    return {"end": table[-1], "place": table[-2]}


def cells(book: bytes) -> str:
    """Everything that a workbook says."""
    sheets = openpyxl.load_workbook(BytesIO(book)).worksheets
    return spaced("\n".join(str(c.value) for sheet in sheets for row in sheet.iter_rows() for c in row if c.value))


def written(numbers: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """The numbers as a Chinese reader sees them."""
    end, place = numbers["end"], numbers["place"]
    shown = {"n": ZH.show(end["n"], "count"), "lost_points": ZH.show(end["lost_points"], "metric_size"),
             "kept_of_all": ZH.show(end["kept_of_all"], "share"), "score": ZH.show(place["score"], "metric"),
             "change": ZH.show(place["change"], "metric_change")}  # fmt: skip
    return {name: spaced(text) for name, text in shown.items()}


def test_one_trace_has_one_set_of_numbers(
    open_page: OpenPage, store: Store, traced: Trace, downloads: Downloads,
    headless: Mapping[str, Mapping[str, float]],
) -> None:  # fmt: skip
    said = written(headless)
    table = open_page("trace", lang="zh-CN", depth="advanced")
    row = spaced(" ".join(map(str, table.dataframe[0].value.iloc[0])))
    form, briefs = (cells(file_of(downloads, ZH.text(name), ".xlsx")()) for name in FORMS)
    table.session_state["briefs"] = True
    table.run()
    message = spaced("\n".join(code.value for code in table.code))
    for place in (row, form):
        assert [name for name, text in said.items() if text not in place] == []
    for place in (briefs, message):
        assert [name for name in OF_END if said[name] not in place] == []
    page = at_step(open_page("trace", lang="zh-CN", depth="advanced", issue=traced.issue.id), "where")
    assert [name for name in ("kept_of_all", "score", "change") if said[name] not in seen(page)] == []
    assert file_of(downloads, ZH.text("file.issue"), ".pptx")
    excel = openpyxl.load_workbook(BytesIO(file_of(downloads, ZH.text("page.trace"), ".xlsx")())).worksheets
    csv = pd.read_csv(BytesIO(file_of(downloads, ZH.text("page.trace"), ".csv")()))
    of_excel = [c.value for sheet in excel for r in sheet.iter_rows() for c in r if isinstance(c.value, int | float)]
    of_csv = [float(v) for v in csv.to_numpy().ravel() if isinstance(v, int | float)]
    for where, names in (("end", OF_END), ("place", ("score", "change"))):
        for name in names:
            for numbers in (of_excel, of_csv):
                assert any(number == pytest.approx(headless[where][name], rel=1e-9) for number in numbers), name


@pytest.mark.prove
def test_one_effect_has_one_set_of_numbers(
    open_page: OpenPage, store: Store, traced: Trace, downloads: Downloads, sample: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Computed by the command, shown on the plan, kept as a look, and said in the table, form, brief and files."""
    treated, control = ("team_01", "team_02", "team_03", "team_04"), ("team_05", "team_06", "team_07", "team_08")
    plan = store.save_plan(ME, replace(traced.plans[0], unit="team", treated=treated, control=control,
                                       start=date(2026, 9, 14), expected_lift=0.5))  # fmt: skip
    alone = shutil.copy(sample, sample.with_suffix(".effect"))
    asked = ["effect", "--source", f"duckdb:///{alone}", "--model", str(MODEL), "--start", "2026-09-14",
             "--unit", "team", "--check-on", str(planned_day(plan))]  # fmt: skip
    for flag, members in (("--where", treated), ("--control", control)):
        asked += [word for member in members for word in (flag, f"team={member}")]
    capsys.readouterr()
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)["statistics"]
    page = open_page("trace", lang="zh-CN", issue=traced.issue.id)
    (look,) = store.looks(ME, traced.issue.id)
    for name in ("gain", "gain_low", "gain_high"):
        assert look.statistics[name] == pytest.approx(told[name], abs=1e-9)
    said = [ZH.show(told["gain"], "factor_change"), ZH.show(told["gain_low"], "factor"),
            ZH.show(told["gain_high"], "factor"), ZH.text(f"workshop.verdict.{told['verdict']}")]  # fmt: skip
    page.run()
    assert len(store.looks(ME, traced.issue.id)) == 1  # the same verdict is no second look
    table = open_page("trace", lang="zh-CN")
    places = {
        "plan": seen(page), "table": " ".join(map(str, table.dataframe[0].value.iloc[0])),
        **{name: cells(file_of(downloads, ZH.text(name), ".xlsx")()) for name in FORMS},
    }  # fmt: skip
    for place, text in places.items():
        assert [number for number in said if number not in spaced(text)] == [], place
    sheets = openpyxl.load_workbook(BytesIO(file_of(downloads, ZH.text("file.form"), ".xlsx")()))
    effect = sheets[ZH.text("form.plan_sheet")]
    row = {head.value: cell.value for head, cell in zip(effect[1], effect[2], strict=True)}
    assert row[ZH.text("form.fact.gain_low")] == pytest.approx(told["gain_low"], abs=1e-9)
    assert row[ZH.text("form.fact.promised")] == plan.expected_lift == 0.5


def test_no_file_leads_to_this_machine(open_page: OpenPage, traced: Trace, downloads: Downloads) -> None:
    open_page("trace", lang="zh-CN")
    for name in FORMS:
        said = cells(file_of(downloads, ZH.text(name), ".xlsx")())
        assert "127.0.0.1" not in said and "localhost" not in said
