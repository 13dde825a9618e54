"""Files whose cells are written in the many ways people write them: the right numbers, by the real command line."""

from __future__ import annotations

import pytest

from tests.data_access.files.conftest import CASES, Told


def test_a_questionnaire_with_lists_seconds_and_words_for_blank(told: Told) -> None:
    model = told.drafted(CASES / "04-wjx-multiselect/问卷星导出.xlsx")
    assert told.figures("responses", "score") == (300, 64.40)
    problems = next(d.name for d in model.dimensions.values() if d.split == "┋")
    assert told.by(problems)["没有解决"] == (77, 39.48)
    spent = model.drivers["column_3"]
    assert (spent.column, spent.unit) == ("所用时间", "s")
    assert told.ask('SELECT median("所用时间") FROM t') == 169.5
    assert "总分" not in {d.column for d in model.drivers.values()}
    assert {d.column for d in model.dimensions.values()} == {"来源", "2、您遇到了哪些问题？"}
    assert told.ask("SELECT count(*) FROM t WHERE \"4、您的建议\" = '(空)'") == 0


@pytest.mark.parametrize("name", ["bericht.csv", "bericht_ohne_sep.csv"])
def test_german_numbers(told: Told, name: str) -> None:
    model = told.drafted(CASES / "06-sep-line-decimal-comma" / name)
    assert told.figures("responses", "score") == (250, 74.48)
    assert told.by("kanal")["Chat"][1] == 72.71
    assert model.drivers["wartezeit_min"].unit == "min"
    assert round(told.ask('SELECT avg("Wartezeit (min)") FROM t'), 3) == 4.613
    assert round(told.ask('SELECT avg("Kosten") FROM t'), 2) == 2563.43


@pytest.mark.parametrize("name", ["serial.csv", "serial.xlsx"])
def test_day_numbers_of_a_spreadsheet(told: Told, name: str) -> None:
    model = told.drafted(CASES / "09-date-serials" / name)
    assert model.time and model.time.column == "created date"
    assert told.figures("responses", "score") == (200, 74.10)
    ends = 'SELECT min("created date")::VARCHAR || \' \' || max("created date")::VARCHAR FROM t'
    assert told.ask(ends) == "2025-09-01 08:15:00 2025-11-01 00:43:00"
    assert "day numbers of a spreadsheet" in told.comments
    september = told.analysed("overview", "--from", "2025-09-01", "--to", "2025-10-01")["statistics"]
    assert 0 < september["responses"] < 200  # type: ignore[index]


def test_durations_in_every_writing(told: Told) -> None:
    model = told.drafted(CASES / "10-durations/durations.csv")
    assert told.figures("responses", "score") == (300, 60.53)
    assert told.by("queue")["Returns"][1] == 47.14
    assert {d.name: d.unit for d in model.drivers.values()} == dict.fromkeys(
        ("talk_time", "hold", "wrap_up", "total"), "s"
    )
    assert round(told.ask('SELECT avg("talk time") FROM t'), 2) == 467.48
    # the total is written h:mm:ss, its parts mm:ss, 45s and 2m 5s
    assert told.ask('SELECT max(abs("talk time" + hold + "wrap up" - total)) FROM t') <= 1
    assert told.correlation("score", "talk_time") == -0.4416
    assert "talk time: 07:22 was read as 7 min 22 s" in told.comments


def test_durations_of_a_workbook(told: Told) -> None:
    model = told.drafted(CASES / "10-durations/durations.xlsx")
    assert told.figures("responses", "score") == (300, 60.53)
    assert {d.name: d.unit for d in model.drivers.values()} == {"talk_time": "s", "shift_length": "s"}
    assert round(told.ask('SELECT avg("talk time") FROM t'), 2) == 467.48
    assert told.ask('SELECT "shift length" FROM t WHERE "call id" = \'k2\'') == 124_500
    assert told.correlation("score", "talk_time") == -0.4416


def test_words_of_satisfaction(told: Told) -> None:
    model = told.drafted(CASES / "12-likert-chinese/满意度.csv")
    assert told.figures("responses", "score") == (250, 74.16)
    kind = next(d.name for d in model.dimensions.values() if d.column == "业务类型")
    assert told.by(kind)["退货"][1] == 55.29
    assert model.time and model.time.column == "日期"
    assert "非常不满意 = 1" in told.comments and "非常满意 = 5" in told.comments


def test_good_bad_and_who_was_asked(told: Told) -> None:
    model = told.drafted(CASES / "14-zendesk-good-bad/tickets.csv")
    assert told.figures("invited", "responses", "score", "response_rate") == (344, 216, 69.91, 62.79)
    assert told.by("group")["Returns"] == (29, 48.28)
    assert model.agent == "Assignee"
    assert "Good and Good with comment against Bad and Bad with comment" in told.comments


def test_percents_currencies_and_months(told: Told) -> None:
    model = told.drafted(CASES / "24-percent-thousands/stores.csv")
    assert told.figures("responses", "score") == (120, 79.11)
    assert told.by("region")["S"][1] == 77.43
    assert model.time and model.time.column == "month"
    assert told.ask("SELECT min(month)::VARCHAR FROM t") == "2025-01-01"
    assert told.ask("SELECT sum(cost) FROM t WHERE store IN ('s0', 's1')") == 51_536 + 47_058
    assert (model.drivers["answered"].unit, model.drivers["cost"].unit) == ("", "EUR")
