"""Which part do columns of files as people have them play? By the real command line and on small tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_access.files.draft import Draft, draft_model
from data_access.files.names import OTHER_TIME, time_rank
from data_access.files.roles import ColumnRole, Part
from data_access.files.score import DraftOptions
from data_access.files.sensitive import Sensitive, sensitive
from data_access.model_file import parse_model
from data_access.semantics import SemanticModel
from data_access.statement import BadInput
from tests.data_access.files.conftest import CASES, Load, Told

PEOPLE = ("Wendy Taylor", "David Smith", "Mary Jones", "John Brown", "Linda White", "Sara Green")


def drafted(load: Load, content: str, options: DraftOptions | None = None) -> tuple[Draft, SemanticModel]:
    draft = draft_model(load(content), options or DraftOptions())
    return draft, parse_model(draft.text)


def role(draft: Draft, column: str) -> ColumnRole:
    return next(r for r in draft.roles if r.column == column)


def said(draft: Draft, key: str) -> dict[str, object]:
    """The values of a doubt."""
    return next(dict(s.values) for s in draft.doubts if s.key == key)


def test_nothing_of_a_person_is_a_dimension(told: Told) -> None:
    model = told.drafted(CASES / "32-personal-data/个人信息.csv")
    assert [d.column for d in model.dimensions.values()] == ["客户级别"]
    assert not model.drivers and model.contact_id == "工单"
    for column in ("客户姓名", "身份证号", "家庭住址", "坐席邮箱", "终端IP"):
        assert f"# {column} is left out" in told.comments


def test_measures_whose_values_all_differ(told: Told) -> None:
    model = told.drafted(CASES / "38-integer-measure-unique/ms.csv")
    assert (list(model.drivers), model.contact_id) == (["handle_ms", "invoice_cents"], "ticket")
    assert told.figures("responses", "score") == (400, 60.95)
    rows = told.analysed("association", "--columns", "score,handle_ms")["table"]
    assert [round(row["value"], 4) for row in rows] == [-0.4647]  # type: ignore[attr-defined]


def test_three_header_rows_and_their_parts(told: Told) -> None:
    model = told.drafted(CASES / "01-qualtrics-three-headers/export.csv")
    assert told.figures("responses", "score") == (300, 71.33)
    assert told.by("q2")["Returns"][1] == 56.41
    assert [d.column for d in model.dimensions.values()] == ["Q2"]
    assert model.dimension("q2").labels.get("en") == "What was it about?"
    assert model.metric("score").labels.get("en") == "How satisfied were you with the call?"
    assert model.time and model.time.column == "RecordedDate"
    assert (model.contact_id, model.comment) == ("ResponseId", "Q3_4_TEXT")


def test_a_column_without_a_value(told: Told) -> None:
    model = told.drafted(CASES / "28-blank-column/blank.csv")
    assert told.figures("responses", "score") == (60, 73.33)
    assert told.by("team")["Returns"][1] == 52.31
    assert "# note has no value in any row." in told.comments and "note" not in model.dimensions


@pytest.mark.parametrize(
    "cells", [("", "", ""), ("x", "x", "x"), ("", "yes", ""), ("NULL", "", "n/a"), ("5", "", "")]
)
def test_columns_of_next_to_nothing(load: Load, cells: tuple[str, str, str]) -> None:
    content = "score,team,odd\n" + "".join(f"{i % 5 + 1},{'ab'[i % 2]},{cells[i % 3]}\n" for i in range(60))
    draft, model = drafted(load, content)
    assert model.metric("score").column == "score" and len(draft.roles) == 3


def test_agents_as_numbers_are_compared_and_are_the_cluster(load: Load) -> None:
    rows = "".join(f"{i % 5 + 1},{20_001 + i % 30},{i % 7}\n" for i in range(300))
    draft, model = drafted(load, "满意度,工号,转接次数\n" + rows)
    assert model.agent == "工号" and model.dimension(model.cluster or "").column == "工号"
    assert [d.column for d in model.drivers.values()] == ["转接次数"]
    assert said(draft, "draft.agent") == {"column": "工号"}


@pytest.mark.parametrize(
    "header", ["team", "team no.", "班组编号", "store no", "agent_id", "Assignee", "Case Owner", "queue id"]
)
def test_groups_as_numbers(load: Load, header: str) -> None:
    rows = "".join(f"{i % 5 + 1},{i % 12 + 1}\n" for i in range(240))
    _, model = drafted(load, f"score,{header}\n{rows}")
    assert [d.column for d in model.dimensions.values()] == [header] and not model.drivers


@pytest.mark.parametrize("header", ["team size", "number of transfers", "calls", "age", "agent tenure"])
def test_counts_are_no_groups(load: Load, header: str) -> None:
    rows = "".join(f"{i % 5 + 1},{i % 40 + 1}\n" for i in range(240))
    _, model = drafted(load, f"score,{header}\n{rows}")
    assert [d.column for d in model.drivers.values()] == [header] and not model.dimensions


@pytest.mark.parametrize(
    ("header", "values", "is_measure"),
    [
        ("handle_ms", range(7, 300 * 7919, 7919), True),
        ("ref", range(1, 301), False),
        ("ref", range(98_200_000_001, 98_200_900_001, 3_000), False),
        ("order_no", range(7, 300 * 7919, 7919), False),
    ],
)
def test_all_different_numbers(load: Load, header: str, values: range, is_measure: bool) -> None:
    rows = "".join(f"{i % 5 + 1},{value}\n" for i, value in enumerate(list(values)[:300]))
    _, model = drafted(load, f"score,{header}\n{rows}")
    assert [d.column for d in model.drivers.values()] == ([header] if is_measure else [])


def test_an_agents_number_is_kept_and_the_name_left_out(load: Load) -> None:
    rows = "".join(f"{i % 5 + 1},{PEOPLE[i % 6]},{2001 + i % 6}\n" for i in range(120))
    draft, model = drafted(load, "score,agent_name,agent_id\n" + rows)
    assert (model.agent, role(draft, "agent_name").part) == ("agent_id", Part.PERSONAL)


def test_an_agents_name_alone_is_kept_with_its_purpose(load: Load) -> None:
    rows = "".join(f"{i % 5 + 1},{PEOPLE[i % 6]}\n" for i in range(120))
    draft, model = drafted(load, "score,Assignee\n" + rows)
    assert (model.agent, model.cluster) == ("Assignee", "assignee")
    assert role(draft, "Assignee").sensitive is Sensitive.NAME
    assert said(draft, "draft.agent_named") == {"column": "Assignee"}


def test_comments_recordings_and_reasons(load: Load) -> None:
    head = "score,建议,录音,不满意原因\n"
    rows = [
        f"{i % 5 + 1},{('快一点', '')[i % 2]},https://r.example/{i}.wav,{('等候', '态度')[i % 2]}\n"
        for i in range(40)
    ]
    draft, model = drafted(load, head + "".join(rows))
    assert (model.comment, model.recording, list(model.dimensions)) == ("建议", "录音", [])
    assert [r.column for r in model.reasons.values()] == ["不满意原因"]
    assert said(draft, "draft.comment") == {"column": "建议"}


def test_a_date_of_a_sim_is_not_the_time(load: Load) -> None:
    rows = "".join(f"{i % 10 + 1},{f'20{i % 20 + 3:02}-05-0{i % 9 + 1}' if i % 4 == 0 else ''}\n" for i in range(400))
    draft, model = drafted(load, "满意度,SIM卡激活日期\n" + rows)
    assert model.time is None
    assert said(draft, "draft.no_contact_time") == {"columns": ["SIM卡激活日期"], "n": 1}
    _, asked = drafted(load, "满意度,SIM卡激活日期\n" + rows, DraftOptions(time="SIM卡激活日期"))
    assert asked.time and asked.time.column == "SIM卡激活日期"
    with pytest.raises(BadInput) as caught:
        drafted(load, "满意度,SIM卡激活日期\n" + rows, DraftOptions(time="满意度"))
    assert caught.value.statement.key == "draft.not_a_time"


@pytest.mark.parametrize(
    ("surer", "other"),
    [
        ("评价时间", "受理时间"),
        ("RecordedDate", "StartDate"),
        ("response date", "created at"),
        ("call start", "closed at"),
        ("created at", "closed at"),
        ("date", "resolved on"),
        ("closed", "due date"),
    ],
)
def test_which_date_is_the_time(surer: str, other: str) -> None:
    assert time_rank(surer) < time_rank(other)


@pytest.mark.parametrize(
    "header",
    ["SIM date", "开户时间", "birthday", "dob", "contract start", "合同到期日", "order_date_time", "入职日期"],
)
def test_dates_of_something_else(header: str) -> None:
    assert time_rank(header) == OTHER_TIME


def test_averages_count_as_often_as_their_answers(told: Told, tmp_path: Path) -> None:
    source = tmp_path / "report.csv"
    rows = ("red,2025-01,300,4.21", "blue,2025-01,100,3.43", "red,2025-02,100,4.37")
    source.write_text("team,month,responses,mean score\n" + "\n".join(rows) + "\n", "utf-8")
    model = told.drafted(source)
    assert model.weight and (model.weight.column, model.weight.kind) == ("responses", "frequency")
    assert "it counts as often as responses says" in told.comments
    assert told.figures("responses", "score") == (500, 81.72)  # 20 (300 x 4.21 + 100 x 3.43 + 100 x 4.37) / 500


def test_averages_of_nobody_knows_how_many_count_alike(load: Load) -> None:
    rows = "".join(
        f"{team},2025-{month:02},{3 + (month * 7 % 19) / 13:.2f}\n" for team in "甲乙丙" for month in range(1, 13)
    )
    draft, model = drafted(load, "班组,月份,平均满意度\n" + rows)
    assert model.weight is None and said(draft, "draft.averages_alike") == {"column": "平均满意度"}


def test_answers_of_contacts_are_no_averages(load: Load) -> None:
    rows = "".join(f"c{i},{i % 9 / 2 + 1},{i % 4}\n" for i in range(60))
    draft, model = drafted(load, "id,rating,transfers count\n" + rows)
    assert model.weight is None and not [s for s in draft.doubts if "averages" in s.key]


def test_a_multi_select_is_called_by_its_question(load: Load) -> None:
    heads = [f"Q5 您遇到了哪些问题？({problem})" for problem in ("态度", "等候", "收费")]
    rows = "".join(f"{i % 5 + 1},{i % 2},{i % 3 % 2},{i % 4 % 2}\n" for i in range(60))
    draft, model = drafted(load, ",".join(["满意度", *heads]) + "\n" + rows)
    group = next(d for d in model.dimensions.values() if d.columns)
    assert group.labels.get("zh-CN") == "Q5 您遇到了哪些问题？"
    assert [option for option, _ in group.columns] == ["态度", "等候", "收费"]
    assert said(draft, "draft.choices")["question"] == "Q5 您遇到了哪些问题？"


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("终端IP", ["10.1.1.7", "10.1.1.8"], Sensitive.IP),
        ("来自IP", ["36.110.0.0(北京-北京)", "1.2.3.4(上海)"], Sensitive.IP),
        ("ip", ["2001:db8:0:0:1:0:0:1"], Sensitive.IP),
        ("version", ["10.1", "10.2"], None),
        ("车", ["京A12345", "沪B6789F"], Sensitive.PLATE),
        ("护照号", ["E1234567"], Sensitive.CARD),
        ("家庭住址", ["海淀区中关村大街1号", "朝阳区建国路8号"], Sensitive.ADDRESS),
        ("where", ["12 Long Lane, York", "7 Old Mill Road"], Sensitive.ADDRESS),
        ("address type", ["home", "work"], None),
        ("customer_id", ["C1", "C2"], Sensitive.PERSON_ID),
        ("客户编号", ["11", "12"], Sensitive.PERSON_ID),
        ("account type code", ["a", "b"], None),
        ("工号", ["101", "102"], None),
        ("4、您的建议", ["希望快一点"], Sensitive.FREE_TEXT),
        ("comments", ["ok", "slow"], Sensitive.FREE_TEXT),
        ("备注", ["好", "慢了"], Sensitive.FREE_TEXT),
    ],
)
def test_what_more_a_column_gives_away(header: str, values: list[str], kind: Sensitive | None) -> None:
    assert sensitive(header, values) is kind
