"""Which words tell a score, how wide is its scale, which numbers are codes, and what says the score again?"""

from __future__ import annotations

import pytest

from data_access.files.draft import Draft, draft_model
from data_access.files.roles import Part
from data_access.files.scales import scale_of
from data_access.files.score import DraftOptions
from data_access.files.score_words import Said
from data_access.model_file import parse_model
from data_access.statement import BadInput
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.data_access.files.conftest import Load
from tests.data_access.files.test_cases_score import answers, table


@pytest.mark.parametrize(
    "header",
    [
        "How satisfied were you with the call?",
        "Q4. How satisfied are you with the waiting time?",
        "Overall, how would you rate our service?",
        "Please rate your experience",
        "评价星级",
        "服务满意度",
        "您对本次服务满意吗？",
        "您对客服的服务态度满意程度",
        "Zufriedenheit",
        "Wie zufrieden sind Sie insgesamt?",
        "Gesamtbewertung",
        "Satisfaction globale",
        "Note",
        "Calificación",
        "CSAT",
        "csat_score",
        "Rating",
        "stars",
        "score",
        "满意度打分",
    ],
)
def test_words_that_tell_a_score(load: Load, header: str) -> None:
    draft = draft_model(load(table(**{"visits": [1, 2, 3, 4, 7, 2, 1], header: answers(), "age": [31, 44, 27, 60]})))
    score = parse_model(draft.text).metric("score")
    assert (score.column, score.low, score.high) == (header, 1, 5)


@pytest.mark.parametrize("header", ["Number of ratings", "credit score", "score_id", "评价次数", "reason score"])
def test_words_that_tell_no_score(load: Load, header: str) -> None:
    with pytest.raises(BadInput) as caught:
        draft_model(load(table(**{header: answers()})))
    assert caught.value.statement.key == "draft.no_score"


def test_an_overall_question_comes_before_a_part(load: Load) -> None:
    columns = {
        "How satisfied were you with the waiting time?": answers(1),
        "How likely are you to recommend us?": answers(2, 10),
        "Overall, how satisfied were you?": answers(3),
    }
    draft = draft_model(load(table(**columns)))
    model = parse_model(draft.text)
    assert model.metric("score").column == "Overall, how satisfied were you?"
    assert {driver.better for driver in model.drivers.values()} == {"high"}
    assert "draft.other_scores" in {s.key for s in draft.doubts}


def test_dissatisfaction_is_a_rate_that_is_better_low(load: Load) -> None:
    model = parse_model(draft_model(load(table(DSAT=[0, 0, 0, 1]))).text)
    assert (model.metric("dsat").better, model.metric("dsat").unit) == ("low", "rate")


RATING = [1] * 10 + [2] * 10 + [3] * 20 + [4] * 50 + [5] * 110


def counted(*values: float) -> list[tuple[float, int]]:
    return [(v, values.count(v)) for v in sorted(set(values))]


@pytest.mark.parametrize(
    ("header", "values", "low", "high", "codes"),
    [
        ("score", RATING, 1, 5, ()),
        ("score", [*RATING, *[6] * 8], 1, 5, (6,)),
        ("score", [*RATING, *[0] * 8], 1, 5, (0,)),
        ("score", [*RATING, *[9] * 60], 1, 5, (9,)),
        ("score", [*RATING, *[-1] * 50, *[98] * 50, *[999] * 50], 1, 5, (-1, 98, 999)),
        ("grade", [*[1] * 40, *[2] * 60, *[3] * 40, *[4] * 20, *[5] * 8, *[6] * 3], 1, 6, ()),
        ("score", [*[1] * 9, *[2] * 9, *[3] * 40, *[4] * 90], 1, 4, ()),
        ("score", [*[1] * 9, *[2] * 9, *[3] * 90], 1, 3, ()),
        ("score", [1, 2, 3, 4], 1, 5, ()),
        ("score (0-10)", [*range(11)] * 9, 0, 10, ()),
        ("score (1-10)", RATING, 1, 10, ()),
        ("满意度（满分10分）", RATING, 1, 10, ()),
        ("score", [8, 9, 10, 7, 2], 1, 10, ()),
        ("satisfaction %", [87.5, 90, 12.5, 99, 3], 0, 100, ()),
        ("satisfaction", [87.5, 90, 12.5, 98, 3, *[999] * 4], 0, 100, (999,)),
        ("satisfaction", [0.5, 0.875, 1, 0.25], 0, 1, ()),
        ("Note sur 20", [12, 15.5, 18, 9], 0, 20, ()),
        ("NPS", [*[-1] * 9, *[0] * 9, *[1] * 9], -1, 1, ()),
        ("satisfaction", [*[-2] * 9, *[-1] * 9, *[0] * 9, *[1] * 9, *[2] * 9], -2, 2, ()),
    ],
)
def test_a_scale_is_as_wide_as_the_data_and_the_words(
    header: str, values: list[float], low: int, high: int, codes: tuple[int, ...]
) -> None:
    found = scale_of(header, counted(*values))
    assert found is not None
    assert (found.low, found.high, found.codes) == (low, high, codes)


@pytest.mark.parametrize(
    ("header", "worst"),
    [
        ("Zufriedenheit (1 = sehr gut, 6 = ungenügend)", 6),
        ("Satisfaction: 1 = best, 5 = worst", 5),
        ("满意度（1=非常满意，5=非常不满意）", 5),
        ("满意度（5 最低）", 5),
        ("Rating 1 (best) to 5 (worst)", 5),
        ("Schulnote", 6),
        ("Rating (lower is better)", 5),
        ("How dissatisfied were you? (1-5)", 5),
        ("Satisfaction (1 = very dissatisfied, 5 = very satisfied)", 1),
        ("How satisfied were you (1-5)?", 1),
        ("满意度（最低1分，最高5分）", 1),
        ("满意度 1-5", 1),
    ],
)
def test_a_header_says_which_end_is_best(header: str, worst: int) -> None:
    values = [*RATING, *[6] * 60] if worst == 6 else RATING
    found = scale_of(header, counted(*values))
    assert found is not None and found.worst == worst


def test_a_grade_of_which_nobody_says_which_end_is_best_is_asked_for(load: Load) -> None:
    draft = draft_model(load(table(Note=[1, 2, 3, 4, 5, 6])))
    asked = next(s for s in draft.doubts if s.key == "draft.may_be_turned")
    assert (asked.values["column"], asked.values["high"]) == ("Note", 6)


def drafted(load: Load, options: DraftOptions | None = None, **columns: object) -> Draft:
    return draft_model(load(table(**columns)), options or DraftOptions())


def test_codes_of_drivers_and_dimensions_are_found_as_those_of_the_score(load: Load) -> None:
    rating = answers()
    draft = drafted(
        load,
        score=[*rating[:290], *[0] * 4, *[6] * 3, *[99] * 3],
        clarity=[*rating[:280], *[0] * 5, *[6] * 5, *[-1] * 5, *[98] * 5],
        transfers=[0, 0, 0, 1, 1, 2, 3, 4, 5, 0],
        wait=[*[20 + 37 * i % 90 for i in range(290)], *[98, 99] * 5],
        region_type=[1, 2, 3, 9, 99, -9],
    )
    model = parse_model(draft.text)
    assert model.metric("score").missing == (0, 6, 99)
    assert model.drivers["clarity"].codes == (-1, 0, 6, 98)
    assert model.drivers["transfers"].codes == () and model.drivers["wait"].codes == ()
    assert model.dimension("region_type").missing == (-9, 99)
    said = {s.values["column"]: s.values["codes"] for s in draft.doubts if s.key == "draft.codes"}
    assert said == {"clarity": [-1, 0, 6, 98], "region_type": [-9, 99]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_doubt_of_a_score_can_be_said(load: Load, language: str) -> None:
    rating, say = answers(), Catalogue.load(language).say
    columns = {"grade": [*rating[:290], *[0] * 4, *[99] * 6], "clarity": [*rating[:290], *[98] * 10]}
    text = drafted(load, DraftOptions(worst=5), **columns, calls=[None, None, None, 1, None, 2]).commented(say)
    assert {key for key in ("--scale", "--worst", "--blank-zero") if key in text} == {
        "--scale",
        "--worst",
        "--blank-zero",
    }


def test_a_label_of_the_score_is_no_dimension(load: Load) -> None:
    rating = answers()
    draft = drafted(
        load, score=rating, verdict=["good" if v >= 4 else "bad" for v in rating], team=["a", "b", "c", "d"]
    )
    parts = {role.column: role.part for role in draft.roles}
    assert (parts["verdict"], parts["team"]) == (Part.IGNORED, Part.DIMENSION)


@pytest.mark.parametrize("decimals", [1, 2, 9])
def test_an_average_of_answers_is_left_out(load: Load, decimals: int) -> None:
    score, one, other = answers(3), answers(1), answers(2)
    average = [round((s + a + b) / 3, decimals) for s, a, b in zip(score, one, other, strict=True)]
    draft = drafted(load, **{"overall score": score, "speed": one, "tone": other, "mean": average})
    assert {r.column for r in draft.roles if r.part is Part.DRIVER} == {"speed", "tone"}


def test_a_driver_that_only_goes_with_the_answers_is_kept(load: Load) -> None:
    score, one = answers(3), answers(1)
    loosely = [s + a + b / 3 for s, a, b in zip(score, one, answers(7), strict=True)]
    draft = drafted(load, **{"overall score": score, "speed": one, "effort": loosely})
    assert {r.column for r in draft.roles if r.part is Part.DRIVER} == {"speed", "effort"}


def test_columns_without_names_that_might_each_be_the_score_are_asked_for(load: Load) -> None:
    rows = "\n".join(f"{i},{a},{b}" for i, (a, b) in enumerate(zip(answers(1), answers(2), strict=True)))
    with pytest.raises(BadInput) as caught:
        draft_model(load(rows + "\n", header=(0, 0)))
    assert caught.value.statement.values["candidates"] == ("column 2", "column 3")


def test_a_scale_has_the_limits_of_its_rates_on_it() -> None:
    for high in (1, 3, 4, 5, 6, 7, 8, 9, 10, 20, 50, 100):
        scale = scale_of("score", [(0.0, 9), (float(high), 9)], Said((0, high)))
        assert scale is not None and scale.low <= scale.dissatisfied_to < scale.satisfied_from <= scale.high


def test_a_price_that_is_mostly_blank_is_no_counter(load: Load) -> None:
    draft = drafted(load, score=answers(), price=[None, None, None, 250, None, 99, None, 1300])
    assert "draft.blank_zero" not in {s.key for s in draft.doubts}


def test_a_table_without_small_numbers_says_so(load: Load) -> None:
    with pytest.raises(BadInput) as caught:
        draft_model(load(table(price=[1000.5, 2300, 99000], team=["a", "b"])))
    assert caught.value.statement.key == "draft.no_answers"
