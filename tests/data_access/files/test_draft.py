"""Which parts do columns get? On made-up tables, on the fixture and on the public data sets a user might bring."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from analysis.service.board.board import service
from data_access.files.draft import Draft, draft_model
from data_access.files.load import load_file
from data_access.files.options import LoadedFile
from data_access.files.roles import ColumnRole, Part
from data_access.files.sensitive import Sensitive, sensitive
from data_access.model_file import parse_model
from data_access.selection import Selection
from data_access.semantics import SemanticModel
from data_access.statement import BadInput
from data_access.warehouse import open_warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.data_access.files.conftest import Load

SHARED = Path(__file__).parents[4] / "shared"


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def shared(pattern: str, cache: Path) -> tuple[LoadedFile, Draft, SemanticModel]:
    path = next(iter(SHARED.glob(pattern)), None)
    if path is None:
        pytest.skip(f"needs ../shared/{pattern}")
    loaded = load_file(path, cache=cache)
    draft = draft_model(loaded)
    return loaded, draft, parse_model(draft.text)


def parts(draft: Draft) -> dict[str, Part]:
    return {role.column: role.part for role in draft.roles}


def role(draft: Draft, column: str) -> ColumnRole:
    return next(r for r in draft.roles if r.column == column)


def table(**columns: list[object]) -> str:
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(columns), *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]
    return "\n".join(lines) + "\n"


def test_hotline_fixture(cache: Path) -> None:
    loaded, draft, model = shared("fixtures/f1_hotline.csv", cache)
    assert loaded.rows == 4000
    assert parts(draft) == {
        "contact_id": Part.CONTACT_ID,
        "contacted_at": Part.TIME,
        "business": Part.DIMENSION,
        "score": Part.SCORE,
        "reason": Part.REASON,
    }
    score = model.metric("score")
    assert (model.table, score.low, score.high, score.kind.formula) == ("f1_hotline", 1, 10, "mean_of_max")
    assert model.reasons["reason"].not_stated == "未说明"
    assert model.reasons["reason"].split is None
    assert open_warehouse(loaded.database, model).extent().contacts == 4000


def test_ecommerce(cache: Path) -> None:
    _, draft, model = shared("data/ecommerce_support_csat/*.csv", cache)
    assert parts(draft) == {
        "Unnamed: 0": Part.IGNORED,
        "Unique id": Part.CONTACT_ID,
        "channel_name": Part.DIMENSION,
        "category": Part.DIMENSION,
        "Sub-category": Part.DIMENSION,
        "Customer Remarks": Part.COMMENT,
        "Order_id": Part.IGNORED,
        "order_date_time": Part.IGNORED,
        "Issue_reported at": Part.IGNORED,
        "issue_responded": Part.IGNORED,
        "Survey_response_Date": Part.TIME,
        "Customer_City": Part.IGNORED,
        "Product_category": Part.DIMENSION,
        "Item_price": Part.DRIVER,
        "connected_handling_time": Part.IGNORED,
        "Agent_name": Part.AGENT,
        "Supervisor": Part.DIMENSION,
        "Manager": Part.DIMENSION,
        "Tenure Bucket": Part.DIMENSION,
        "Agent Shift": Part.DIMENSION,
        "CSAT Score": Part.SCORE,
    }
    assert (model.metric("score").low, model.metric("score").high) == (1, 5)
    assert (model.metric("satisfied").at_least, model.metric("dissatisfied").at_most) == (4, 2)
    assert model.dimension("tenure_bucket").order == ("On Job Training", "0-30", "31-60", "61-90", ">90")
    assert model.dimension("sub_category").under == "category"
    assert role(draft, "Customer Remarks").sensitive is Sensitive.FREE_TEXT
    assert {role(draft, c).sensitive for c in ("Agent_name", "Supervisor", "Manager")} == {Sensitive.NAME}
    assert (model.dimension("agent_name").under, model.dimension("supervisor").under) == ("supervisor", "manager")
    assert model.agent == "Agent_name"
    told = {s.key: dict(s.values) for s in draft.doubts}
    assert told["draft.staff_moves"] == {"child": "Supervisor", "parent": "Manager", "moving": 36, "members": 40}
    assert told["draft.span"] == {
        "since": "Issue_reported at", "column": "issue_responded", "n": 8007, "impossible": 0,
    }  # fmt: skip


@pytest.mark.prove
def test_mathorcup(cache: Path) -> None:
    loaded, draft, model = shared("data/mathorcup_voice/*.xlsx", cache)
    assert loaded.rows == 5433
    score = model.metric("score")
    assert (score.column, score.low, score.high) == ("语音通话整体满意度", 1, 10)
    scenes, problems = (d for d in model.dimensions.values() if d.columns)
    assert [member for member, _ in scenes.columns] == [
        "居民小区", "办公室", "高校", "商业街", "地铁", "农村", "高铁", "其他，请注明",
    ]  # fmt: skip
    assert scenes.yes == (1, 2, 3, 4, 5, 6, 7, 98) and scenes.no == (-1,)
    assert dict(problems.columns)["手机没有信号"] == "手机没有信号"
    assert dict(problems.columns)["其他，请注明"] == "其他，请注明 (2)"
    assert model.contact_id == "用户id" and model.time is None
    given = parts(draft)
    assert (given["用户描述"], given["用户描述 (2)"]) == (Part.COMMENT, Part.PERSONAL)
    assert {given["网络覆盖与信号强度"], given["脱网次数"], given["当月ARPU"]} == {Part.DRIVER}
    assert {given["是否遇到过网络问题"], given["终端品牌"], given["是否5G网络客户"]} == {Part.DIMENSION}
    assert role(draft, "客户星级标识").order[:4] == ("未评级", "准星", "一星", "二星")
    assert role(draft, "是否关怀用户").note == "draft.is_blank_no"


def test_support_tickets(cache: Path) -> None:
    _, draft, model = shared("data/support_tickets/*.csv", cache)
    personal = {r.column: r.sensitive for r in draft.roles if r.part is Part.PERSONAL}
    assert personal == {
        "Customer Name": Sensitive.NAME,
        "Customer Email": Sensitive.EMAIL,
        "Ticket Description": Sensitive.FREE_TEXT,
        "Resolution": Sensitive.FREE_TEXT,
    }
    assert model.time and model.time.column == "First Response Time"
    assert (model.metric("score").column, model.metric("score").high) == ("Customer Satisfaction Rating", 5)
    assert role(draft, "Ticket Priority").order == ("Low", "Medium", "High", "Critical")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_doubt_and_flag_is_a_comment(cache: Path, language: str) -> None:
    _, draft, model = shared("data/ecommerce_support_csat/*.csv", cache)
    text = draft.commented(Catalogue.load(language).say)
    comments = [line for line in text.splitlines() if line.startswith("#")]
    flagged = [r for r in draft.roles if r.part in (Part.PERSONAL, Part.IGNORED)]
    assert len(comments) == len(draft.doubts) + len(flagged)
    assert parse_model(text) == model


def test_each_entry_is_one_line(cache: Path) -> None:
    _, draft, model = shared("data/ecommerce_support_csat/*.csv", cache)
    lines = draft.text.splitlines()
    for name in (*model.dimensions, *model.drivers, *model.reasons):
        starts = (f'{name} = {{ column = "', f'{name} = {{ from = "')
        assert sum(line.startswith(starts) and line.endswith(" }") for line in lines) == 1


def test_codes_for_no_answer(load: Load) -> None:
    draft = draft_model(load(table(满意度=[10, 9, 8, 0, 99, -1] * 5)))
    assert draft.settings.scale.codes == (-1, 0, 99)
    assert parse_model(draft.text).metric("score").missing == (-1, 0, 99)
    told = [dict(s.values) for s in draft.doubts if s.key in ("draft.code", "draft.code_beside")]
    assert [(t["code"], t["n"]) for t in told] == [(-1, 5), (0, 5), (99, 5)]


def test_words_in_a_score_are_reported_not_counted(load: Load) -> None:
    loaded = load(table(评分=[10, 9, 8, 7, "未评价"] * 4, 渠道=["热线", "在线"] * 10))
    assert len([s for s in loaded.report if s.key == "file.not_a_number"]) == 4
    assert role(draft_model(loaded), "评分").part is Part.SCORE


def test_outcomes_become_rates(load: Load) -> None:
    columns = {"score": [9, 10, 3, 4], "resolved": [1, 0, 1, 1], "是否转接": ["是", "否", "否", "否"]}
    model = parse_model(draft_model(load(table(**{k: v * 5 for k, v in columns.items()}))).text)  # type: ignore[arg-type]
    resolved = model.metric("resolved")
    assert (resolved.low, resolved.high, resolved.better) == (0, 1, "high")
    moved = next(m for m in model.metrics.values() if m.column == "是否转接")
    assert (moved.no, moved.yes, moved.better) == ("否", "是", "low")


def test_a_rate_alone_is_enough(load: Load) -> None:
    model = parse_model(draft_model(load(table(team=["a", "b"] * 5, resolved=[1, 0] * 5))).text)
    assert list(model.metrics) == ["resolved"]


def test_flags_side_by_side_are_no_multi_select(load: Load) -> None:
    flags = {name: [0, 1] * 5 for name in ("is_vip", "is_new", "has_app", "online")}
    draft = draft_model(load(table(score=[1, 10] * 5, **flags)))  # type: ignore[arg-type]
    assert Part.CHOICE not in parts(draft).values()


def test_ticks_under_one_question_are_a_multi_select(load: Load) -> None:
    ticks = {f"Q3_{name}": [0, 1] * 5 for name in ("home", "office", "metro")}
    draft = draft_model(load(table(score=[1, 10] * 5, **ticks)))  # type: ignore[arg-type]
    model = parse_model(draft.text)
    assert [d.columns for d in model.dimensions.values() if d.columns] == [
        (("home", "Q3_home"), ("office", "Q3_office"), ("metro", "Q3_metro"))
    ]


@pytest.mark.parametrize(
    ("column", "of", "at", "metrics"),
    [
        ("customer_id", 40, "2026-10-{day:02} 10:{minute:02}", {"fcr_2", "fcr_24", "fcr_48"}),
        ("customer_id", 200, "2026-10-{day:02} 10:{minute:02}", set()),  # nobody twice
        ("customer_id", 40, "2026-10-{day:02}", set()),  # within hours needs a time of day
        ("queue", 7, "2026-10-{day:02} 10:{minute:02}", set()),
    ],
)
def test_customers_who_come_back_are_counted(load: Load, column: str, of: int, at: str, metrics: set[str]) -> None:
    rows = [f"T{i},U{1000 + i % of},{at.format(day=1 + i // 8, minute=i % 60)},{i % 5 + 1}" for i in range(200)]
    loaded = load("\n".join([f"ticket_id,{column},called_at,score", *rows]))
    model = parse_model(draft_model(loaded).text)
    assert {name for name, metric in model.metrics.items() if metric.repeat} == metrics
    with closing(open_warehouse(loaded.database, model)) as warehouse:
        for name in metrics:
            assert 0 < warehouse.cells(name, [], None, ()).rows["n"].sum() < 200
        said = {caveat.key for caveat in service(warehouse, Selection()).caveats}
    assert ("repeats.no_customers" in said) == (column == "queue")
    assert ("service.no_first_contacts" in said) == (column == "customer_id" and not metrics)


def test_several_reasons_in_a_cell(load: Load) -> None:
    draft = draft_model(load(table(score=[1, 2, 3, 4] * 5, 不满原因=["等候", "等候|收费", "收费|态度", None] * 5)))
    assert parse_model(draft.text).reasons["column_2"].split == "|"


def test_a_team_is_the_cluster_and_an_agent_name_is_not(load: Load) -> None:
    people = ["John Smith", "Mary Jones", "David Brown", "Linda White"]
    columns = {"score": [1, 9, 5, 7] * 10, "Agent": people * 10, "team": ["red", "blue", "red", "blue"] * 10}
    draft = draft_model(load(table(**columns)))  # type: ignore[arg-type]
    assert draft.settings.cluster == "team"
    assert role(draft, "Agent").sensitive is Sensitive.NAME
    assert parse_model(draft.text).cluster == "team"


def test_customer_and_companions_of_time(load: Load) -> None:
    n = range(200)
    columns = {
        "contact_id": [f"k{i}" for i in n],
        "customer_id": [f"u{i % 60}" for i in n],
        "contacted_at": [f"2026-10-{i % 28 + 1:02} 10:00:00" for i in n],
        "extracted_at": ["2026-11-01"] * 200,
        "score": [i % 5 + 1 for i in n],
    }
    model = parse_model(draft_model(load(table(**columns))).text)  # type: ignore[arg-type]
    assert (model.contact_id, model.customer_id) == ("contact_id", "customer_id")
    assert model.time and (model.time.column, model.time.extracted) == ("contacted_at", "extracted_at")


def test_no_score_names_the_candidates(load: Load) -> None:
    with pytest.raises(BadInput) as caught:
        draft_model(load(table(team=["a", "b", "a"] * 5, mark=[1, 5, 3] * 5, price=[1000.5, 3, 7] * 5)))
    assert caught.value.statement.key == "draft.no_score"
    assert caught.value.statement.values["candidates"] == ("mark",)


def test_one_constant_score_is_still_a_score(load: Load) -> None:
    draft = draft_model(load(table(score=[5] * 10, team=["a", "b"] * 5)))
    assert parts(draft)["score"] is Part.SCORE


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("手机", ["13800138000", "13900139000"], Sensitive.PHONE),
        ("col", ["138****8000", "13900139000"], Sensitive.PHONE),
        ("Phone", ["(555) 123-4567", "555-123-9999"], Sensitive.PHONE),
        ("手机没有信号", ["-1", "1"], None),
        ("contact", ["a@b.com", "li.si@example.cn"], Sensitive.EMAIL),
        ("身份证", ["11010119900307123X"], Sensitive.CARD),
        ("客户姓名", ["张伟", "李*", "王先生"], Sensitive.NAME),
        ("班长", ["张伟", "李娜", "王芳"], Sensitive.NAME),
        ("班组", ["一班", "二班"], None),
        ("客服类型", ["人工客服", "机器人"], None),
        ("业务", ["固话", "宽带", "3G"], None),
        ("category", ["Order Related", "Refund Related", "Product Queries"], None),
        ("product_name", ["Canon Eos", "Go Pro"], None),
        ("Agent type", ["Human Agent", "Text Bot"], None),
        ("who", ["John Smith", "Mary Jones", "David Brown"], Sensitive.NAME),
        ("备注", ["用户来电反映宽带经常断网，要求尽快上门处理"], Sensitive.FREE_TEXT),
        ("city", ["NEW DELHI", "Mumbai"], None),
    ],
)
def test_what_a_column_gives_away(header: str, values: list[str], kind: Sensitive | None) -> None:
    assert sensitive(header, values) is kind
