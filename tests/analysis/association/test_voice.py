"""The voice survey of 5,433 customers behind its drafted model, against pandas and scipy straight from the file.

Its workbook is imported as a CSV file, which holds the same and is read in a second (see `test_real_files` for both).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from scipy import stats

from analysis.association import association
from analysis.association.pairwise import relate
from data_access.files.draft import draft_model
from data_access.files.load import load_file
from data_access.model_file import parse_model
from data_access.selection import Selection
from data_access.warehouse import open_warehouse

from .frames import keys, row, values

pytestmark = pytest.mark.prove  # reads a real file
OVERALL = "语音通话整体满意度"
RATED = ["网络覆盖与信号强度", "语音通话清晰度", "语音通话稳定性"]


@pytest.fixture(scope="module")
def voice(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The warehouse, its matrix of all columns, the file's rows, and the name that the draft gave to each column."""
    folder = shared / "data/mathorcup_voice"
    if not folder.is_dir():
        pytest.skip("../shared/data/mathorcup_voice is not here")
    path = next(folder.glob("*.xlsx"))
    rows, cache = pd.read_excel(path, engine="openpyxl"), tmp_path_factory.mktemp("cache")
    rows.to_csv(cache / "voice.csv", index=False)
    loaded = load_file(cache / "voice.csv", cache=cache)
    warehouse = open_warehouse(loaded.database, parse_model(draft_model(loaded).text))
    model = warehouse.model
    names = {d.column: n for n, d in (*model.dimensions.items(), *model.drivers.items())} | {OVERALL: "score"}
    found = association(warehouse, Selection())
    yield SimpleNamespace(
        warehouse=warehouse, found=found, rows=rows.apply(pd.to_numeric, errors="coerce"), names=names
    )
    warehouse.close()


def test_what_goes_with_overall_satisfaction(voice: SimpleNamespace) -> None:
    """The three ratings beside it come first, in the order of the file's own correlations."""
    found = voice.found
    assert found.statistics["columns"] == len(found.parts["columns"]) > 20
    of_score = found.table[found.table["x"] == "score"].assign(size=lambda t: t["value"].abs())
    first = of_score.sort_values("size", ascending=False)["y"].head(3).tolist()
    wanted = voice.rows[RATED].corrwith(voice.rows[OVERALL]).sort_values(ascending=False)
    assert first == [voice.names[name] for name in wanted.index]
    for name, r in wanted.items():
        pair = row(found, "score", voice.names[name])
        assert (pair["coefficient"], pair["strength"]) == ("pearson", "large")
        assert pair["value"] == pytest.approx(r, rel=1e-9)
    assert (found.statistics["top_x"], found.statistics["top_y"]) == ("score", voice.names["语音通话清晰度"])
    assert keys(found)[:2] == ["association.with_metric", "association.rises"]


@pytest.mark.parametrize(("name", "test"), [("spearman", stats.spearmanr), ("tau_b", stats.kendalltau)])
def test_its_strongest_rank_correlates(voice: SimpleNamespace, name: str, test: Callable[..., object]) -> None:
    drivers = {d.column: n for n, d in voice.warehouse.model.drivers.items()}
    codes = voice.warehouse.codes(["score", *drivers.values()], None, ())
    ranked = {c: relate(codes.columns["score"], codes.columns[n], codes, name) for c, n in drivers.items()}
    strongest = sorted(ranked, key=lambda c: -abs(ranked[c].association.value))[:5]
    rows, wanted = voice.rows, {}
    for column in drivers:
        known = rows[[OVERALL, column]].dropna()
        wanted[column] = test(known[OVERALL], known[column])
    told = sorted(wanted, key=lambda c: -abs(wanted[c].statistic))[:5]  # type: ignore[attr-defined]
    assert strongest == told and set(told[:3]) == set(RATED)
    for column in told:
        assert ranked[column].association.value == pytest.approx(wanted[column].statistic, rel=1e-9)  # type: ignore[attr-defined]
        assert ranked[column].association.n == rows[[OVERALL, column]].dropna().shape[0]


def test_a_column_that_is_there_twice_is_named(voice: SimpleNamespace) -> None:
    """Minutes of use of the month are in the file under two names, and so are three months' ARPU."""
    found = voice.found
    same = found.parts["duplicates"]
    exact = {frozenset(pair) for pair in same[same["kind"] == "exact"][["x", "y"]].to_numpy()}
    for a, b in [("语音通话-时长（分钟）", "当月MOU"), ("ARPU（家庭宽带）", "前3月ARPU")]:
        assert frozenset((voice.names[a], voice.names[b])) in exact
        known = voice.rows[[a, b]].dropna()
        assert len(known) and (known[a] == known[b]).all()
    assert "association.exact" in keys(found)


def test_what_a_blank_means_is_stated(voice: SimpleNamespace) -> None:
    found = voice.found
    about = found.parts["columns"].set_index("column")
    assert set(about["policy"]) == {"valid", "unknown", "blank"}
    column = "外省语音占比"
    assert about.loc[voice.names[column], "missing"] == pytest.approx(voice.rows[column].isna().mean())
    told = values(found, "association.pairwise")
    assert (told["n_least"], told["n_most"]) == (found.table["n"].min(), found.table["n"].max())
