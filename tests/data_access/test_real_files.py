"""Real contact-centre files through the import, against pandas straight from the file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.change import change
from analysis.contribution import contribution
from analysis.result import Result
from data_access.files.draft import draft_model
from data_access.files.load import load_file
from data_access.model_file import parse_model
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse, open_warehouse

pytestmark = pytest.mark.slow  # every test reads a real file

Open = Callable[[Path], Warehouse]
BOTH = Selection(
    period=Period(date(2026, 10, 1), date(2026, 11, 1)), baseline=Period(date(2026, 9, 1), date(2026, 10, 1))
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Opens a file as a user's: read into a table, behind its drafted model."""

    def _open(path: Path) -> Warehouse:
        loaded = load_file(path, cache=tmp_path_factory.mktemp("cache"))
        return open_warehouse(loaded.database, parse_model(draft_model(loaded).text))

    return _open


def only(folder: Path, pattern: str) -> Path:
    return next(folder.glob(pattern))


@pytest.fixture(scope="module")
def shop(shared: Path, opened: Open) -> tuple[Warehouse, pd.DataFrame]:
    path = only(shared / "data/ecommerce_support_csat", "*.csv")
    return opened(path), pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def voice(shared: Path, opened: Open) -> tuple[Warehouse, pd.DataFrame]:
    path = only(shared / "data/mathorcup_voice", "*.xlsx")
    return opened(path), pd.read_excel(path, engine="openpyxl", keep_default_na=False)


NUMBERS = ("n", "score", "contribution", "index")
Numbers = dict[str | None, tuple[float, ...]]


def expected(scores: pd.Series, segments: Mapping[str | None, pd.Series], best: float) -> Numbers:
    """Answers, mean, contribution and index by the definitions: lost points = best - score, on the file's scale."""
    lost, found = best - scores, {}
    for name, chosen in segments.items():
        n, contributed = int(chosen.sum()), lost[chosen].sum() / lost.sum()
        mean = 100 * scores[chosen].mean() / best
        found[name] = (n, mean, contributed, contributed / chosen.mean())
        if n < 10:
            found[name] = (n, math.nan, contributed, math.nan)
    return found


def agrees(found: Result, wanted: Numbers) -> None:
    rows = {row["segment"][0]: [row[name] for name in NUMBERS] for row in found.table.to_dict("records")}
    assert set(rows) == set(wanted)
    for name, numbers in wanted.items():
        assert rows[name] == pytest.approx(list(numbers), rel=1e-9, nan_ok=True), name


def groups(column: pd.Series) -> dict[str | None, pd.Series]:
    return {str(name) or None: column == name for name in column.unique()}


@pytest.mark.parametrize(
    ("dimension", "column"),
    [("category", "category"), ("sub_category", "Sub-category"), ("tenure_bucket", "Tenure Bucket"),
     ("agent_shift", "Agent Shift"), ("channel_name", "channel_name"), ("product_category", "Product_category")],
)  # fmt: skip
def test_shop_contributions(shop: tuple[Warehouse, pd.DataFrame], dimension: str, column: str) -> None:
    warehouse, rows = shop
    scores = rows["CSAT Score"].astype(float)
    found = contribution(warehouse, Selection(), by=[dimension])
    agrees(found, expected(scores, groups(rows[column]), 5))
    assert found.statistics["n"] == len(rows) == 8007
    assert found.statistics["score"] == pytest.approx(20 * scores.mean(), rel=1e-12)
    assert found.table["contribution"].sum() == pytest.approx(1, abs=1e-12)


def test_shop_by_day(shop: tuple[Warehouse, pd.DataFrame]) -> None:
    warehouse, rows = shop
    first = Selection(period=Period(date(2023, 8, 1), date(2023, 8, 8)))
    days = pd.to_datetime(rows["Survey_response_Date"], format="%d-%b-%y")
    week = rows[days.dt.day <= 7]
    found = contribution(warehouse, first, by=["category"])
    agrees(found, expected(week["CSAT Score"].astype(float), groups(week["category"]), 5))


def test_shop_owners_drill_from_manager_to_agent(shop: tuple[Warehouse, pd.DataFrame]) -> None:
    """Each step of the line of owners holds the answers that pandas finds in the file."""
    warehouse, rows = shop
    selection = Selection()
    for dimension, column in (("manager", "Manager"), ("supervisor", "Supervisor"), ("agent_name", "Agent_name")):
        found = contribution(warehouse, selection, by=[dimension])
        agrees(found, expected(rows["CSAT Score"].astype(float), groups(rows[column]), 5))
        worst = found.table["segment"].iloc[0][0]
        selection, rows = selection.where(dimension, worst), rows[rows[column] == worst]
    assert rows["Manager"].nunique() == rows["Supervisor"].nunique() == 1


def test_shop_times_are_measured_and_impossible_ones_counted(shop: tuple[Warehouse, pd.DataFrame]) -> None:
    warehouse, rows = shop
    begun, ended = (
        pd.to_datetime(rows[c], format="%d/%m/%Y %H:%M") for c in ("Issue_reported at", "issue_responded")
    )
    seconds = (ended - begun).dt.total_seconds()
    sums = warehouse.cells("time_to_issue_responded", (), None, ()).rows
    assert (sums["n"].sum(), sums["wx"].sum()) == ((seconds >= 0).sum(), seconds[seconds >= 0].sum())
    assert warehouse.coverage("time_to_issue_responded", None, ()).out_of_scale == (seconds < 0).sum() == 0


@pytest.mark.prove
@pytest.mark.parametrize(
    ("dimension", "columns"),
    [("choices_1", ["居民小区", "办公室", "高校", "商业街", "地铁", "农村", "高铁", "其他，请注明"]),
     ("choices_2", ["手机没有信号", "有信号无法拨通", "通话过程中突然中断", "通话中有杂音、听不清、断断续续", "串线",
                    "通话过程中一方听不见", "其他，请注明.1"])],
)  # fmt: skip
def test_voice_by_several_answers_at_once(
    voice: tuple[Warehouse, pd.DataFrame], dimension: str, columns: list[str]
) -> None:
    """-1 means not chosen; who chose nothing is a segment of its own; shares overlap and the result says so."""
    warehouse, rows = voice
    chosen: dict[str | None, pd.Series] = {name.removesuffix(".1"): rows[name] > 0 for name in columns}
    chosen[None] = ~(rows[columns] > 0).any(axis=1)
    found = contribution(warehouse, Selection(), by=[dimension])
    agrees(found, expected(rows["语音通话整体满意度"].astype(float), chosen, 10))
    assert found.statistics["additive"] is False
    assert "caveat.overlap" in [told.key for told in found.caveats]


@pytest.mark.prove
@pytest.mark.parametrize(
    "column", ["是否关怀用户", "是否去过营业厅", "客户星级标识", "终端品牌", "语音方式", "资费投诉"]
)
def test_voice_by_one_column(voice: tuple[Warehouse, pd.DataFrame], column: str) -> None:
    warehouse, rows = voice
    name = next(d.name for d in warehouse.model.dimensions.values() if d.column == column)
    found = contribution(warehouse, Selection(), by=[name])
    agrees(found, expected(rows["语音通话整体满意度"].astype(float), groups(rows[column].astype(str)), 10))


@pytest.mark.prove
def test_voice_on_the_command_line(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    path = only(shared / "data/mathorcup_voice", "*.xlsx")
    assert main(["contribution", "--source", str(path), "--by", "choices_2", "--lang", "zh-CN"]) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert None in [row["segment"]["choices_2"] for row in found["table"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_story_one_in_any_encoding(shared: Path, opened: Open, tmp_path: Path, encoding: str) -> None:
    text = (shared / "fixtures/f1_hotline.csv").read_text(encoding="utf-8")
    path = tmp_path / "热线.csv"
    path.write_bytes(text.encode(encoding))
    warehouse = opened(path)
    rows = change(warehouse, BOTH, by=["business"]).table
    effects = {segment[0]: effect for segment, effect in zip(rows["segment"], rows["total_effect"], strict=True)}
    assert effects == pytest.approx({"2G": -0.25, "3G": -1.05, "固话": -0.075, "宽带": -0.225}, abs=1e-9)
    inside = contribution(warehouse, BOTH.where("business", "3G"), by=["reason"]).table
    shares = {segment[0]: share for segment, share in zip(inside["segment"], inside["contribution"], strict=True)}
    lost = {"等候/占线": 422, "不能直接答复": 319, "收费/增值业务": 182, "网络": 137, "态度": 46, "未说明": 34}
    assert shares == pytest.approx({name: points / 1140 for name, points in lost.items()}, abs=1e-12)
