"""Words, stars and signs that rate: which number does each become, on which scale? And which words stay words?"""

from __future__ import annotations

import pytest

from data_access.files.draft import draft_model
from data_access.model_file import parse_model
from tests.data_access.files.conftest import Load, keys_of, rows_of, types_of

Scale = tuple[float, float]


def rated(load: Load, name: str, cells: list[str]) -> tuple[list[object], Scale | None]:
    quoted = "".join(f'{i};"{cell}"\n' for i, cell in enumerate(cells * 3))
    loaded = load(f"n;{name}\n{quoted}")
    values = [row[1] for row in sorted(rows_of(loaded), key=lambda row: row[0])]  # type: ignore[arg-type, return-value]
    return values[: len(cells)], loaded.columns[1].scale


@pytest.mark.parametrize(
    ("cells", "numbers", "steps"),
    [
        (["非常满意", "满意", "一般", "不满意", "非常不满意"], [5, 4, 3, 2, 1], 5),
        (["非常滿意", "滿意", "不滿意", "非常不滿意"], [4, 3, 2, 1], 4),
        (["很满意", "满意", "基本满意", "不满意", "很不满意"], [5, 4, 3, 2, 1], 5),
        (["满意", "基本满意", "不满意"], [3, 2, 1], 3),
        (["非常满意", "满意", "一般", "不太满意", "不满意"], [5, 4, 3, 2, 1], 5),
        (["非常满意", "满意", "一般"], [5, 4, 3], 5),
        (["Very satisfied", "satisfied", "NEUTRAL", "Dissatisfied", "very dissatisfied"], [5, 4, 3, 2, 1], 5),
        (["Extremely satisfied", "Somewhat satisfied", "Neither satisfied nor dissatisfied", "Somewhat dissatisfied",
          "Extremely dissatisfied"], [5, 4, 3, 2, 1], 5),
        (["Extremely satisfied", "Moderately satisfied", "Slightly satisfied", "Neither satisfied nor dissatisfied",
          "Slightly dissatisfied", "Moderately dissatisfied", "Extremely dissatisfied"], [7, 6, 5, 4, 3, 2, 1], 7),
        (["Extremely satisfied", "Very satisfied", "Somewhat satisfied", "Not so satisfied", "Not at all satisfied"],
         [5, 4, 3, 2, 1], 5),
        (["Strongly agree", "Agree", "Neutral", "Disagree", "Strongly disagree"], [5, 4, 3, 2, 1], 5),
        (["sehr zufrieden", "zufrieden", "teils/teils", "unzufrieden", "sehr unzufrieden"], [5, 4, 3, 2, 1], 5),
        (["très satisfait", "satisfait", "insatisfait", "très insatisfait"], [4, 3, 2, 1], 4),
        (["Excellent", "Very good", "Good", "Fair", "Poor"], [5, 4, 3, 2, 1], 5),
        (["很好", "好", "一般", "差", "很差"], [5, 4, 3, 2, 1], 5),
        (["A. 非常满意", "B. 满意", "C. 一般"], [5, 4, 3], 5),
        (["😀", "🙂", "😐", "😞", "😡"], [5, 4, 3, 2, 1], 5),
    ],
)  # fmt: skip
def test_words_in_their_order(load: Load, cells: list[str], numbers: list[int], steps: int) -> None:
    assert rated(load, "answer", cells) == (numbers, (1, steps))


@pytest.mark.parametrize(
    ("name", "cells", "numbers", "scale"),
    [
        ("x", ["5 - Excellent", "4 - Good", "3", "1 - Terrible"], [5, 4, 3, 1], (1, 5)),
        ("评价", ["非常满意（5分）", "满意（4分）", "一般（3分）"], [5, 4, 3], (1, 5)),
        ("评价", ["5分 非常满意", "1分 非常不满意"], [5, 1], (1, 5)),
        ("x", ["1 (very satisfied)", "2", "5 (very dissatisfied)"], [5, 4, 1], (1, 5)),
        ("How likely", ["0 - Not at all likely", "5", "10 - Extremely likely"], [0, 5, 10], (0, 10)),
        ("x", ["4/5", "3/5", "5/5"], [4, 3, 5], (1, 5)),
        ("x", ["8 out of 10", "10 out of 10"], [8, 10], (1, 10)),
        ("x", ["★★★★☆", "★☆☆☆☆", "★★★★★"], [4, 1, 5], (1, 5)),
        ("rating", ["4 stars", "1 star", "5 stars"], [4, 1, 5], (1, 5)),
        ("评价星级", ["五星", "四星", "一星"], [5, 4, 1], (1, 5)),
    ],
)
def test_words_with_numbers(load: Load, name: str, cells: list[str], numbers: list[int], scale: Scale) -> None:
    assert rated(load, name, cells) == (numbers, scale)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("priority", ["high", "medium", "low"]),
        ("客户级别", ["金卡", "银卡", "普通"]),
        ("客户星级", ["五星", "四星", "三星"]),
        ("line", ["1 - Sales", "2 - Support", "3 - Billing"]),
        ("网络", ["好", "一般", "差"]),
        ("size", ["small", "medium", "large"]),
        ("step", ["1/3", "2/5", "1/4"]),
        ("resolved", ["yes", "no"]),
        ("difficulty", ["easy", "medium", "hard"]),
        ("channel", ["good", "bad"]),
    ],
)
def test_groups_stay_words(load: Load, name: str, cells: list[str]) -> None:
    assert rated(load, name, cells) == (cells, None)


def test_no_answer_is_blank_and_a_slip_is_named(load: Load) -> None:
    words = ["Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Not applicable"] * 30
    loaded = load("n,csat\n" + "".join(f"{i},{word}\n" for i, word in enumerate([*words, "Saitsfied"])))
    assert types_of(loaded)["csat"] == "BIGINT"
    said = {s.key: dict(s.values) for s in loaded.report}
    assert said["file.blank_words"] == {"column": "csat", "n": 30}
    assert said["file.not_a_number"] == {"row": 152, "column": "csat", "value": "Saitsfied"}
    assert keys_of(loaded.doubts) == ["file.words_read"]


def test_the_scale_of_words_is_that_of_the_score(load: Load) -> None:
    """Nobody was very dissatisfied, and still the scale has five steps."""
    answers = ["非常满意", "满意", "一般", "不满意"] * 10
    model = parse_model(draft_model(load("n,您的感受\n" + "".join(f"{i},{a}\n" for i, a in enumerate(answers)))).text)
    score = model.metric("score")
    assert (score.column, score.low, score.high) == ("您的感受", 1, 5)
    assert (model.metric("satisfied").at_least, model.metric("dissatisfied").at_most) == (4, 2)


def test_three_steps_have_limits_of_their_own(load: Load) -> None:
    answers = ["满意", "一般", "不满意"] * 10
    model = parse_model(draft_model(load("n,满意度\n" + "".join(f"{i},{a}\n" for i, a in enumerate(answers)))).text)
    assert (model.metric("score").high, model.metric("satisfied").at_least, model.metric("dissatisfied").at_most) == (
        3,
        3,
        1,
    )


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [("Satisfaction", "Good", "Bad"), ("Feedback", "👍", "👎"), ("评价", "好评", "差评"),
     ("是否满意", "满意", "不满意"), ("Rating", "Thumbs up", "Thumbs down"), ("Bewertung", "gut", "schlecht")],
)  # fmt: skip
def test_good_and_bad_are_a_rate_of_those_asked(load: Load, name: str, good: str, bad: str) -> None:
    cells = [good, good, bad, "", good, bad] * 5
    loaded = load(f"n,team,{name}\n" + "".join(f"{i},{'AB'[i % 2]},{cell}\n" for i, cell in enumerate(cells)))
    model = parse_model(draft_model(loaded).text)
    (rate,) = model.metrics.values()
    assert rate.survey and rate.unit.is_share
    assert [row[2] for row in sorted(rows_of(loaded))[:6]] == [1, 1, 0, None, 1, 0]


def test_who_was_never_asked_is_a_column_of_its_own(load: Load) -> None:
    cells = ["Good", "Bad, with comment", "Offered", "Unoffered", "Good with comment"] * 6
    loaded = load("id,satisfaction\n" + "".join(f'T{i},"{cell}"\n' for i, cell in enumerate(cells)))
    assert sorted(rows_of(loaded))[:2] == [("T0", 1, 1), ("T1", 0, 1)]
    assert [c.name for c in loaded.columns] == ["id", "satisfaction", "satisfaction (surveyed)"]
    assert "responded = " in draft_model(loaded).text


def test_lists_in_one_cell_are_a_dimension_of_their_parts(load: Load) -> None:
    for sign in ("┋", "|||", ";", "、"):
        cells = [f"慢{sign}贵", "慢", f"贵{sign}慢{sign}吵", "吵", "(空)"] * 4
        loaded = load(
            "n\t问题\t评分\n" + "".join(f"{i}\t{c}\t{i % 5 + 1}\n" for i, c in enumerate(cells)),
            f"{ord(sign[0])}.tsv",
        )
        (found,) = parse_model(draft_model(loaded).text).dimensions.values()
        assert found.split == sign
        assert loaded.columns[1].missing == 4
