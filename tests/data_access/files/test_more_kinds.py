"""More files as survey tools write them: parts below questions, promoters, ids in other languages."""

from __future__ import annotations

import pytest

from data_access.files import names
from data_access.files.draft import draft_model
from data_access.files.score_words import said_of
from data_access.model_file import parse_model
from data_access.semantics import SemanticModel
from tests.data_access.files.conftest import Load, Told, rows_of

DEPARTMENTS = ("Billing", "Login", "Returns")


def drafted(load: Load, lines: list[str], name: str = "data.csv") -> SemanticModel:
    return parse_model(draft_model(load("\n".join(lines) + "\n", name)).text)


def test_options_of_a_question_stand_in_the_second_row(load: Load) -> None:
    lines = [
        "Respondent ID,Collector ID,Start Date,How satisfied were you?,What was wrong?,,,Any comments?",
        ",,,Response,Long wait,Not solved,Rude,Open-Ended Response",
    ]
    for i in range(60):
        word = ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied")[i % 5]
        wrong = ("Long wait" if i % 3 == 0 else "", "Not solved" if i % 4 == 0 else "", "Rude" if i % 7 == 0 else "")
        said = f"it went like that number {i}" if i % 4 == 1 else ""
        lines.append(f"{118000 + i},45900,2025-09-{1 + i % 28:02d} 10:00,{word},{','.join(wrong)},{said}")
    loaded = load("\n".join(lines) + "\n")
    assert len(rows_of(loaded)) == 60
    model = parse_model(draft_model(loaded).text)
    assert model.contact_id == "Respondent ID"
    assert (model.metric("score").column, model.comment) == ("How satisfied were you?", "Any comments?")
    [wrong_with] = model.dimensions.values()
    assert [option for option, _ in wrong_with.columns] == ["Long wait", "Not solved", "Rude"]


def test_an_answer_called_response_is_no_second_header(load: Load) -> None:
    lines = [
        "id,kind,note,score",
        "1,Response,,5",
        *(f"{i},{('Response', 'Call')[i % 2]},n{i},{1 + i % 5}" for i in range(2, 40)),
    ]
    assert len(rows_of(load("\n".join(lines) + "\n"))) == 39


@pytest.mark.parametrize("words", [("Promoter", "Passive", "Detractor"), ("推荐者", "中立者", "贬损者")])
@pytest.mark.parametrize("header", ["NPS category", "Kind of customer"])
def test_promoters_and_detractors_are_a_net_promoter_score(
    told: Told, tmp_path_factory: pytest.TempPathFactory, words: tuple[str, ...], header: str
) -> None:
    promoter, passive, detractor = words
    given = [promoter] * 50 + [passive] * 29 + [detractor] * 21
    lines = [f"id,dept,{header}", *(f"{i},{DEPARTMENTS[i % 3]},{word}" for i, word in enumerate(given))]
    source = tmp_path_factory.mktemp("nps") / "nps.csv"
    source.write_text("\n".join(lines) + "\n", "utf-8")
    model = told.drafted(source)
    assert model.metric("score").kind.formula == "nps"
    assert told.figures("score") == (29.0,)


@pytest.mark.parametrize(
    "header", ["Ticket #", "Case no", "Zaaknummer", "Vorgangsnummer", "N° dossier", "Nº de caso", "Número de ticket"]
)
def test_ids_of_contacts_in_other_languages(load: Load, header: str) -> None:
    lines = [f"{header};date;dept;csat"]
    lines += [f"T{100 + i};2025-09-{1 + i % 28:02d};{DEPARTMENTS[i % 3]};{1 + i % 5}" for i in range(60)]
    lines.append("T100;2025-10-03;Billing;5")  # answered again
    loaded = load("\n".join(lines) + "\n")
    assert len(rows_of(loaded)) == 60
    assert parse_model(draft_model(loaded).text).contact_id == header


@pytest.mark.parametrize("header", ["Transfers #", "Nº de llamadas", "Number of calls", "Kundennummer", "Sekunden"])
def test_counts_and_customers_are_no_contacts(header: str) -> None:
    assert not names.is_row_id(header)


@pytest.mark.parametrize("header", ["overall_sat", "OSAT", "Overall Experience", "整体体验"])
def test_an_overall_answer_is_the_score(header: str) -> None:
    assert names.score_rank(header) == 0
    assert said_of(header).turned is None


def test_the_user_name_of_an_agent(load: Load) -> None:
    lines = ["id,Agent.Username,csat", *(f"{i},agent{i % 6},{1 + i % 5}" for i in range(60))]
    model = drafted(load, lines)
    assert (model.agent, model.cluster) == ("Agent.Username", "agent_username")


def test_who_was_sent_a_survey_could_have_answered(load: Load) -> None:
    lines = ["id,Survey sent,dept,csat"]
    lines += [
        f"{i},{'No' if i % 3 == 0 else 'Yes'},{DEPARTMENTS[i % 2]},{1 + i % 5 if i % 3 == 1 else ''}"
        for i in range(90)
    ]
    assert drafted(load, lines).responded == "Survey sent"


def test_costs_are_better_low(load: Load) -> None:
    lines = ["id;Kosten;dept;csat", *(f"{i};{i * 37 % 101},5;{DEPARTMENTS[i % 2]};{1 + i % 5}" for i in range(90))]
    assert drafted(load, lines).drivers["kosten"].better == "low"


def test_rows_that_count_equal_answers(load: Load) -> None:
    given = [(department, score) for department in DEPARTMENTS for score in range(1, 6)]
    lines = ["Department,Score,Count", *(f"{d},{s},{s * s}" for d, s in given)]
    loaded = load("\n".join(lines) + "\n")
    draft = draft_model(loaded)
    assert "draft.rows_count_answers" in [doubt.key for doubt in draft.doubts]
    weight = parse_model(draft.text).weight
    assert weight is not None
    assert (weight.column, weight.kind) == ("Count", "frequency")


def test_a_count_beside_contacts_is_no_weight(load: Load) -> None:
    many = ["dept,csat,count", *(f"{DEPARTMENTS[i % 3]},{1 + i % 5},{1 + i % 4}" for i in range(90))]
    measured = ["dept,csat,n,talk", *(f"{d},{s},{s},{7 * s}" for d in DEPARTMENTS for s in range(1, 6))]
    for lines in (many, measured):
        assert parse_model(draft_model(load("\n".join(lines) + "\n")).text).weight is None


def test_percents_of_a_workbook_reach_from_0_to_1(load: Load) -> None:
    lines = ["id,dept,CSAT %", *(f"{i},{DEPARTMENTS[i % 3]},{0.2 * (1 + i % 5):g}" for i in range(60))]
    draft = draft_model(load("\n".join(lines) + "\n")).text
    assert 'score = { column = "CSAT %", scale = [0, 1]' in draft


def test_stars_for_a_service(load: Load) -> None:
    lines = ["序号,业务,服务星级", *(f"{i},{'退货' if i % 2 else '账单'},{1 + i % 5}星" for i in range(60))]
    draft = draft_model(load("\n".join(lines) + "\n")).text
    assert 'score = { column = "服务星级", scale = [1, 5]' in draft


def test_answers_come_before_the_groups_of_those_who_gave_them(load: Load) -> None:
    groups = ["Detractor"] * 7 + ["Passive"] * 2 + ["Promoter"] * 2
    lines = ["id,dept,NPS group,likelihood to recommend"]
    lines += [f"{i},{DEPARTMENTS[i % 3]},{groups[i * 7 % 11]},{i * 7 % 11}" for i in range(110)]
    model = drafted(load, lines)
    assert model.metric("score").column == "likelihood to recommend"
    assert not model.drivers
