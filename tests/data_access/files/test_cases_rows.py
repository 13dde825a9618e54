"""Files whose rows are not contacts, or whose columns were taken for something else: by the real command line."""

from __future__ import annotations

import pytest

from data_access.files.account import Why
from tests.data_access.files.conftest import CASES, Load, Told, keys_of, rows_of


@pytest.mark.parametrize(
    ("options", "answers", "score", "returns"),
    [
        ((), 220, 72.00, 52.16),
        (("--repeated", "last"), 220, 72.00, 52.16),
        (("--repeated", "first"), 220, 73.82, 52.55),
        (("--repeated", "all"), 316, 73.35, 52.11),
    ],
)
def test_copies_and_tickets_answered_twice(
    told: Told, options: tuple[str, ...], answers: int, score: float, returns: float
) -> None:
    model = told.drafted(CASES / "21-duplicate-contacts/tickets.csv", *options)
    assert "ticket_id: 76 rows are exact copies of another, and 20 ids were answered more than once" in told.comments
    assert "--repeated " in told.comments
    assert model.reading == ({"repeated": options[1]} if options else {})
    assert told.figures("responses", "score") == (answers, score)
    assert told.by("queue")["Returns"][1] == returns


HEAD = "ticket_id,closed,queue,score\n"


def test_the_last_answer_is_the_latest_and_a_blank_is_none(load: Load) -> None:
    loaded = load(
        HEAD
        + "a,2025-09-03 10:00,Chat,2\na,2025-09-02 10:00,Chat,5\n"
        + "b,2025-09-02 10:00,Mail,4\nb,2025-09-04 10:00,Mail,\nc,2025-09-05 10:00,Mail,1\n"
    )
    assert [(row[0], row[3]) for row in rows_of(loaded)] == [("b", 4), ("a", 2), ("c", 1)]
    assert [(s.key, dict(s.values)) for s in loaded.doubts] == [
        ("file.repeated_last", {"column": "ticket_id", "copies": 0, "n": 2, "rows": 2})
    ]


def test_equal_ratings_without_an_id_are_two_ratings(load: Load) -> None:
    loaded = load("day,queue,score\n" + "2025-09-03,Chat,5\n" * 4 + "2025-09-03,Mail,1\n")
    assert loaded.rows == 5 and "file.repeated" not in " ".join(keys_of(loaded.doubts))


def test_several_contacts_of_a_ticket_stay_and_copies_of_them_go(load: Load) -> None:
    rows = [f"T{i},2025-09-0{i % 9 + 1} 1{n}:00,Chat,{n + 1}\n" for i in range(20) for n in range(4)]
    loaded = load(HEAD + "".join(rows) + rows[0] + rows[5])
    assert loaded.rows == 80
    assert [(s.key, dict(s.values)) for s in loaded.doubts] == [
        ("file.repeated_copies_left", {"column": "ticket_id", "copies": 2, "n": 0, "rows": 2})
    ]


def test_an_id_of_each_row_leaves_nothing_to_ask(load: Load) -> None:
    rows = "".join(f"c{i},T{i // 2},2025-09-01 10:{i:02},{i % 5 + 1}\n" for i in range(50))
    loaded = load("contact_id,ticket_id,at,score\n" + rows)
    assert loaded.rows == 50 and not [key for key in keys_of(loaded.doubts) if "repeated" in key]


def test_a_row_number_hides_no_copy(load: Load) -> None:
    loaded = load(
        "序号,工单编号,渠道,满意度\n" + "".join(f"{i},G{i // 2},在线,{i // 2 % 5 + 1}\n" for i in range(20))
    )
    assert loaded.rows == 10
    assert dict(loaded.doubts[0].values)["copies"] == 10


def test_a_customer_is_no_contact_but_the_same_minute_is_a_copy(load: Load) -> None:
    row = "u1,2025-09-01 10:00,Chat,5\n"
    other = "".join(f"u{i % 7},2025-09-01 1{i % 9}:{i:02},Chat,{i % 5 + 1}\n" for i in range(30))
    loaded = load("customer_id,called_at,queue,score\n" + row * 3 + other)
    assert loaded.rows == 31 and loaded.doubts[-1].key == "file.repeated_copies_left"


REPORT = (
    "班组,月份,参评量,平均满意度\n一组,2025-01,120,4.21\n二组,2025-01,80,4.02\n小计,,200,4.13\n"
    "一组,2025-02,100,4.11\n二组,2025-02,95,3.98\n小计,,195,4.05\n"
)


@pytest.mark.parametrize("last", ["", "合计,,395,4.09\n", "制表：运营部,,,\n"])
def test_totals_between_the_rows(load: Load, last: str) -> None:
    loaded = load(REPORT + last)
    assert loaded.rows == 4
    assert loaded.account is not None
    inside = next(one for one in loaded.account.left_out if one.why is Why.TOTAL_INSIDE)
    assert (inside.n, inside.first, inside.text) in ((2, 4, "小计"), (1, 4, "小计"))
    assert load(REPORT, name="kept.csv", skip_last=0).rows == 6


def test_totals_as_a_spreadsheet_writes_them(load: Load) -> None:
    rows = [f"{region},R{i},{i % 5 + 1}\n" for i, region in enumerate(["North"] * 10 + ["South"] * 10)]
    content = ["region,ref,score\n", *rows[:10], "North Total,,30\n", *rows[10:], "South Total,,30\n"]
    assert load("".join([*content, "Grand Total,,60\n"])).rows == 20


def test_a_total_as_one_value_of_a_full_column(load: Load) -> None:
    months = [f"2025-{m:02}" for m in range(1, 7)]
    rows = [
        f"{team},{month},4.{i}{m}\n"
        for i, team in enumerate(["red", "blue", "Total"])
        for m, month in enumerate(months)
    ]
    assert load("team,month,mean score\n" + "".join(rows)).rows == 12


def test_words_for_sums_that_are_answers_stay(load: Load) -> None:
    rows = [f"{i},2025-09-0{i % 9 + 1},{('good', 'average', 'overall poor')[i % 3]},{i % 5 + 1}\n" for i in range(30)]
    loaded = load("id,day,opinion,score\n" + "".join(rows) + "30,2025-09-09,average,\n")
    assert loaded.rows == 31
