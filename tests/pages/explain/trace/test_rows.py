"""A row of the table: what was saved at planted causes, and the same numbers on the screen, on paper and headless."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis.__main__ import main
from data_access.selection import Filter
from data_access.workshop.records import Pin
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.explain.trace import issue_rows, printed_form
from pages.explain.trace.form_columns import COLUMNS, FormRow
from pages.explain.trace.issue_table import SAID, WIDTHS_PX, cell
from pages.words.catalogue import Catalogue
from sample_data import causes
from tests.pages.act.conftest import labelled
from tests.pages.conftest import EACH_LANGUAGE, MODEL, OpenPage, seen
from tests.pages.explain.trace.conftest import PATH, at_step, begun

EN = Catalogue.load("en")
NAMED: Mapping[str, Mapping[str, str]] = {
    "billing_rule": {
        "gap": "design",
        "cause_type": "business_rule",
        "owner": "business_dept",
        "system": "improvement",
    },
    "bot_flow": {"gap": "design", "cause_type": "bot_design", "owner": "bot", "system": "improvement"},
    "new_hire_team": {"gap": "execution", "cause_type": "skill", "owner": "training", "system": "improvement"},
    "month_start_queue": {"gap": "execution", "cause_type": "capacity", "owner": "workforce", "system": "monitoring"},
}
Rows = Callable[[str], list[FormRow]]


@pytest.fixture
def rows(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> Rows:
    """Opens the table in a language; the rows it was made of."""
    made: list[FormRow] = []
    real = issue_rows.row_of

    def kept(*given: Any) -> FormRow:
        made.append(real(*given))
        return made[-1]

    monkeypatch.setattr(issue_rows, "row_of", kept)

    def opened(language: str) -> list[FormRow]:
        app = open_page("trace", lang=language)
        assert not app.exception and not app.error and not app.warning
        shown = app.dataframe[0].value
        words = Catalogue.load(language)
        assert list(shown.columns) == [words.text(f"form.column.{name}") for name in WIDTHS_PX]
        assert set(WIDTHS_PX) == {column.name for column in COLUMNS}
        for row, cells in zip(made, shown.itertuples(index=False), strict=True):
            said = [cell(SAID[name](row, words)) for name in WIDTHS_PX]
            assert list(cells) == said
        return made

    return opened


def planted(name: str) -> tuple[Filter, ...]:
    """The place of a planted cause as a path."""
    return tuple(Filter(d, tuple(map(str, values))) for d, values in causes.CAUSES[name].segment.items())


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_planted_causes_stand_in_their_rows_as_saved(
    language: str, rows: Rows, store: Store, traced: Trace, drop: Pin
) -> None:
    for name, named in NAMED.items():
        begun(store, drop, planted(name), title=name, cause=name, power=causes.CAUSES[name].power, **named)
    made = {row.problem: row for row in rows(language)}
    assert [row.number for row in made.values()] == [f"TR-{n:03d}" for n in range(1, 6)]
    for name, named in NAMED.items():
        row, power = made[name], causes.CAUSES[name].power
        assert len(row.steps) == len(planted(name)) and row.steps[0].kept == pytest.approx(1, abs=1e-12)
        assert {key: getattr(row, key) for key in named} == {
            key: labelled(key, code, language) for key, code in named.items()
        }
        assert power and row.power == labelled("power", power, language)
        assert row.steps[-1].kept_of_all is not None and 0 < row.steps[-1].kept_of_all < 1
        assert row.steps[-1].kept_of_all == pytest.approx(row.steps[0].kept_of_all * row.steps[-1].kept)
    places = {name: " ".join(step.label for step in made[name].steps) for name in NAMED}
    assert all(days in places["month_start_queue"] for days in ("1–3", "28–31")) and "17" in places["new_hire_team"]


def test_the_table_the_form_and_the_command_say_the_same(
    rows: Rows, open_page: OpenPage, traced: Trace, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = rows("en")
    steps = [f"{part.dimension}={value}" for part in PATH for value in part.values]
    alone = shutil.copy(sample, sample.with_suffix(".rows"))  # the app holds the file itself open
    asked = ["trace", "--source", f"duckdb:///{alone}", "--model", str(MODEL),
             "--from", "2026-10-01", "--to", "2026-11-01",
             "--baseline-from", "2026-09-01", "--baseline-to", "2026-10-01"]  # fmt: skip
    capsys.readouterr()
    code = main([*asked, *(word for one in steps for word in ("--where", one))])
    assert code == 0, capsys.readouterr().err
    told = json.loads(capsys.readouterr().out)
    headless = told["table"][1:]
    assert [step.kept for step in row.steps] == pytest.approx([r["kept"] for r in headless], abs=1e-12)
    assert [step.kept_of_all for step in row.steps] == pytest.approx([r["kept_of_all"] for r in headless], abs=1e-12)
    end, place = headless[-1], headless[1]  # the last step names a reason, which has no score of its own
    assert (row.n, row.score, row.lost_points) == pytest.approx((end["n"], place["score"], end["lost_points"]))

    book = openpyxl.load_workbook(BytesIO(printed_form.workbook([row], words=EN, title="Traces")))
    form, data, _ = book.worksheets
    cells = {form.cell(4, c).value: form.cell(5, c).value for c in range(1, form.max_column + 1)}
    facts = {data.cell(1, c).value: data.cell(2, c).value for c in range(1, data.max_column + 1)}
    for name, step in (("n", end), ("score", place), ("lost_points", end)):
        assert facts[EN.text(f"form.fact.{name}")] == pytest.approx(step[name], rel=1e-12)
    for name in ("kept", "kept_of_all"):  # of the end of the path
        assert facts[EN.text(f"form.fact.{name}")] == pytest.approx(headless[-1][name], rel=1e-12)
    location = cells[EN.text("form.column.location")].splitlines()
    shares = [tuple(EN.show(r[k], "share").replace("\u00a0", " ") for k in ("kept", "kept_of_all")) for r in headless]
    assert len(location) == len(shares) == 3
    assert [kept in line and of_all in line for line, (kept, of_all) in zip(location, shares, strict=True)] == [
        True
    ] * 3
    opened = seen(at_step(open_page("trace", lang="en", issue=traced.issue.id), "where"))
    assert [kept in opened and of_all in opened for kept, of_all in shares] == [True] * 3
