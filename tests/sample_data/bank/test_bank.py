"""The data of each case give the figures of its story and answer: by plain SQL and by the product's own analyses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from analysis.change import change
from analysis.contrast.contrast_result import contrast
from analysis.contribution import contribution
from analysis.leading_cause import leading_cause
from analysis.service.bot.bot import bot
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput
from data_access.training_file import read_case, read_key, slices
from data_access.warehouse import Warehouse, open_warehouse
from pages.words.catalogue import Catalogue
from sample_data.bank import CODES, make

MONTHS = ("2026-05", "2026-06")
JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))


class Made:
    """A case as it was made: its files, and both ways to ask its data."""

    def __init__(self, folder: Path, code: str) -> None:
        self.place = make(folder, code)
        self.case, self.key, self.slice = read_case(self.place), read_key(self.place), slices()[code]

    def sql(self, what: str, where: str = "true", month: str = "2026-06") -> tuple[Any, ...]:
        """One row about the contacts of a month."""
        asked = f"SELECT {what} FROM contacts WHERE strftime(contacted_at, '%Y-%m') = '{month}' AND {where}"
        with duckdb.connect(str(self.place / "contacts.duckdb"), read_only=True) as connection:
            return connection.execute(asked).fetchall()[0]

    def score(self, where: str = "true", month: str = "2026-06") -> tuple[int, float]:
        """Answers and their mean x 10."""
        n, mean = self.sql("count(score), 10 * avg(score)", where, month)
        return n, mean

    def warehouse(self) -> Warehouse:
        return open_warehouse(self.place / "contacts.duckdb", read_model(self.place / "semantic.toml"))

    def selection(self, **values: str) -> Selection:
        filters = tuple(Filter(name, (value,)) for name, value in values.items())
        return Selection("score", self.case.period, self.case.baseline, filters)


def row_of(table: pd.DataFrame, *members: str) -> pd.Series:
    return next(row for _, row in table.iterrows() if tuple(row["segment"]) == members)


def first_bill(made: Made) -> None:
    new, old = "purpose = 'bill' AND customer = 'joined_this_month'", "purpose = 'bill' AND customer = 'existing'"
    for where, row in (
        (new, made.slice["rows"][0]),
        (old, made.slice["rows"][1]),
        ("purpose <> 'bill'", made.slice["rows"][2]),
    ):
        for month, name in enumerate(MONTHS):
            assert made.score(where, name) == (row[2 + month], pytest.approx(row[4 + month], abs=0.05))
    assert [round(made.score(month=m)[1], 1) for m in MONTHS] == [86.8, 85.5]
    assert [round(made.score("purpose = 'bill'", m)[1], 1) for m in MONTHS] == [86.0, 80.9]
    shares = [made.sql("avg((purpose = 'bill')::int)", month=m)[0] for m in MONTHS]
    assert shares == pytest.approx([0.18, 0.24], abs=0.0005)
    told = [made.score(f"{new} AND told = '{answer}'") for answer in ("yes", "no")]
    assert told == [(400, pytest.approx(72.4, abs=0.05)), (500, pytest.approx(71.7, abs=0.05))]
    assert 10 * made.sql("stddev_samp(score)", new)[0] == pytest.approx(20, abs=0.5)
    lost = [made.score(f"purpose = 'bill' AND team = 'T{t:02d}'", MONTHS[0])[1]
            - made.score(f"purpose = 'bill' AND team = 'T{t:02d}'", MONTHS[1])[1] for t in range(1, 11)]  # fmt: skip
    assert all(4 <= points <= 6 for points in lost)
    with closing(made.warehouse()) as warehouse:
        rows = change(warehouse, made.selection(), by=["purpose", "customer"]).table
        row = row_of(rows, "bill", "joined_this_month")
        assert (round(row["rate_effect"], 2), round(row["mix_effect"], 2)) == (-0.76, -0.44)
        cause = leading_cause(warehouse, made.selection()).statistics
        assert (cause["event"], cause["since"]) == (made.key.truth.event, str(made.key.truth.since))
        assert cause["segment"] == {part.dimension: part.values[0] for part in made.key.truth.segment}
        assert (cause["reason"], cause["grade_what"], cause["grade_since"]) == ("billing_dispute", "shown", "shown")
        where = made.selection(purpose="bill", customer="joined_this_month")
        told_or_not = contrast(warehouse, where, question="groups", by=["told"]).statistics
        assert told_or_not["difference"] == pytest.approx(0.7, abs=0.05)
        assert (round(told_or_not["low"], 1), round(told_or_not["high"], 1)) == (-1.9, 3.3)


def bot_serial_number(made: Made) -> None:
    for scenario, *figures in made.slice["rows"]:
        for month, name in enumerate(MONTHS):
            where = f"scenario = '{scenario}'"
            assert made.score(where, name) == (figures[month], pytest.approx(figures[2 + month], abs=0.05))
            rates = made.sql("100 * avg(contained), 100 * avg(verified)", where, name)
            assert rates == pytest.approx((figures[4 + month], figures[6 + month]), abs=0.1)
    assert [round(made.score(month=m)[1], 1) for m in MONTHS] == [82.2, 79.6]
    assert [made.sql("100 * avg(contained)", month=m)[0] for m in MONTHS] == pytest.approx([60.8, 64.2], abs=0.06)
    dry = [made.score("scenario = 'broadband_fault' AND outage_day = 'no'", m)[1] for m in MONTHS]
    assert dry[0] - dry[1] > 15
    with closing(made.warehouse()) as warehouse:
        rows = change(warehouse, made.selection(), by=["scenario"]).table
        fault = row_of(rows, "broadband_fault")["total_effect"]
        rest = [row_of(rows, name)["total_effect"] for name in ("balance", "plan_change", "other")]
        assert round(fault, 2) == -2.55 and round(fault + sum(rest), 2) == -2.53
        cause = leading_cause(warehouse, made.selection()).statistics
        assert cause["segment"].items() <= {p.dimension: p.values[0] for p in made.key.truth.segment}.items()
        assert (cause["event"], cause["grade_what"]) == (made.key.truth.event, "shown")
        told = bot(warehouse, made.selection())
        said = [*told.findings, *told.caveats, told.how.formula, *told.how.assumptions]
        assert all(Catalogue.load(language).say(statement) for statement in said for language in ("en", "zh-CN"))


def month_start_queue(made: Made) -> None:
    start = {"1-3": "day(contacted_at) <= 3", "4-30": "day(contacted_at) > 3"}
    for span, answered, n, points in made.slice["rows"]:
        assert made.score(f"{start[span]} AND answered = '{answered}'") == (n, pytest.approx(points, abs=0.05))
    assert [round(made.score(where)[1], 1) for where in ("true", *start.values())] == [83.0, 74.0, 85.0]
    in_time = [100 * made.sql("avg((wait_s <= 20)::int)", where)[0] for where in ("true", start["1-3"])]
    assert in_time == pytest.approx([80.0, 41.0], abs=0.1)
    with duckdb.connect(str(made.place / "contacts.duckdb"), read_only=True) as connection:
        days = connection.execute("SELECT avg((wait_s <= 20)::int) FROM contacts WHERE month(contacted_at) = 6 "
                                  "GROUP BY contacted_at::date").fetchall()  # fmt: skip
    assert len(days) == 30 and sum(share >= 0.75 for (share,) in days) == 27
    with closing(made.warehouse()) as warehouse:
        rows = contribution(warehouse, made.selection(), by=["month_part", "answered"]).table
        row = row_of(rows, "d01_03", "later")
        assert (round(row["contribution"], 2), round(row["share"], 2)) == (0.21, 0.11)
        most = contribution(warehouse, made.selection(), by=["reason"]).table.iloc[0]
        assert tuple(most["segment"]) == ("wait_busy",)


def new_hire_team(made: Made) -> None:
    teams = {"K": "team = 'K'", "other": "team <> 'K'"}
    for team, tenure, topic, n, points, _ in made.slice["rows"]:
        where = f"{teams[team]} AND tenure = '{tenure}' AND topic = '{topic}'"
        assert made.score(where) == (n, pytest.approx(points, abs=0.05))
    assert [round(made.score(where)[1], 1) for where in teams.values()] == [79.2, 83.2]
    new = [made.sql("avg((tenure = 'to_60_days')::int)", where)[0] for where in teams.values()]
    assert new == pytest.approx([0.6, 0.15], abs=0.001)
    alike = {
        where: sum(share * made.score(f"{where} AND tenure = '{tenure}'")[1]
                   for tenure, share in (("to_60_days", 0.15), ("over_60_days", 0.85)))
        for where in teams.values()
    }  # fmt: skip
    assert [round(alike[where], 1) for where in teams.values()] == [82.9, 83.2]
    assert round(alike[teams["K"]] - alike[teams["other"]], 1) == -0.4
    failed = ("SELECT 100 * avg(critical_error) FROM qa_evaluations WHERE team = 'K' "
              "AND month(evaluated_at - INTERVAL 30 HOUR) = 6")  # fmt: skip
    with duckdb.connect(str(made.place / "contacts.duckdb"), read_only=True) as connection:
        reported = connection.execute(failed).fetchall()[0][0]
        by_chance = connection.execute(f"{failed} AND sample = 'random'").fetchall()[0][0]
    assert (round(reported, 1), round(by_chance, 1)) == (18.8, 16.6)
    with closing(made.warehouse()) as warehouse:
        found = contrast(warehouse, made.selection(), question="rest", by=["team"], segment=["K"], alike=["tenure"])
        assert found.statistics["difference"] == pytest.approx(-4.0, abs=0.05)


def league_table(made: Made) -> None:
    for team, purpose, n, points, sd in made.slice["rows"]:
        where = f"team = '{team}' AND purpose = '{purpose}'"
        assert made.score(where) == (n, pytest.approx(points, abs=0.05))
        assert n < 100 or 10 * made.sql("stddev_samp(score)", where)[0] == pytest.approx(sd, abs=0.5)
    means = {team: round(made.score(f"team = '{team}'")[1], 1) for team in "ABCDE"}
    assert (means["A"], means["B"], means["C"]) == (76.8, 84.4, 93.3)
    assert sorted(means, key=means.__getitem__)[:2] == ["D", "A"] and max(set(means) - {"C"}, key=means.get) == "B"
    mix = {"enquiry": 0.55, "complaint": 0.45}  # of both teams together
    for purpose, share in mix.items():
        answers = made.sql("count(score)", f"team IN ('A', 'B') AND purpose = '{purpose}'")[0]
        assert answers / made.sql("count(score)", "team IN ('A', 'B')")[0] == pytest.approx(share)
    alike, variance = dict[str, float](), 0.0
    for team in "AB":
        each = {of: made.sql("10 * avg(score), 100 * var_samp(score) / count(score)",
                             f"team = '{team}' AND purpose = '{of}'") for of in mix}  # fmt: skip
        alike[team] = sum(share * each[of][0] for of, share in mix.items())
        variance += sum(share**2 * each[of][1] for of, share in mix.items())
    more, margin = alike["A"] - alike["B"], 1.96 * variance**0.5
    assert [round(score, 1) for score in (alike["A"], alike["B"], more)] == [81.7, 78.8, 2.9]
    assert (round(more - margin, 1), round(more + margin, 1)) == (0.3, 5.5)
    lost = [
        made.sql("sum(10 - score)", f"team IN ('A', 'B') AND {where}")[0]
        for where in ("purpose = 'complaint'", "true")
    ]
    assert round(lost[0] / lost[1], 2) == 0.61
    with closing(made.warehouse()) as warehouse:
        where = Selection("score", made.case.period, None, (Filter("team", ("A", "B")),))
        found = contrast(warehouse, where, question="groups", by=["team"], alike=["purpose"])
        assert found.statistics["difference"] == pytest.approx(7.6, abs=0.05)


def worst_region(made: Made) -> None:
    named = {"north": "north", "low_2": "east", "low_3": "hills", "low_4": "coast"}
    july, august = "2026-07", "2026-08"
    for code, _, *points, _ in made.slice["rows"]:
        found = [made.score(f"region = '{named[code]}'", month) for month in (july, august)]
        assert all(88 <= n <= 90 for n, _ in found)
        assert [mean for _, mean in found] == pytest.approx(points, abs=0.06)
    north = [made.score("region = 'north'", f"2026-0{month}")[1] for month in range(1, 9)]
    assert all(83.15 <= mean < 84.95 for mean in north[:6]) and sum(north[:6]) / 6 == pytest.approx(84.0, abs=0.1)
    assert (round(north[6], 1), round(north[7] - north[6], 1)) == (79.5, 3.6)
    with duckdb.connect(str(made.place / "contacts.duckdb"), read_only=True) as connection:
        ranked = connection.execute("SELECT region FROM contacts WHERE month(contacted_at) = 7 GROUP BY region "
                                    "ORDER BY avg(score)").fetchall()  # fmt: skip
    assert len(ranked) == 12 and [region for (region,) in ranked[:4]] == list(named.values())
    with closing(made.warehouse()) as warehouse:
        cause = leading_cause(warehouse, made.selection()).statistics
        assert (cause["segment"], cause["kind"]) == ({}, "none")


FIGURES: dict[str, Callable[[Made], None]] = {
    "first_bill": first_bill,
    "bot_serial_number": bot_serial_number,
    "month_start_queue": month_start_queue,
    "new_hire_team": new_hire_team,
    "league_table": league_table,
    "worst_region": worst_region,
}


def check(folder: Path, code: str) -> None:
    made = Made(folder, code)
    FIGURES[code](made)
    truth = made.key.truth
    assert truth.nothing == (code in ("league_table", "worst_region")) != bool(truth.segment)
    before = (made.place / "contacts.duckdb").stat().st_mtime_ns
    assert make(folder, code) == made.place and (made.place / "contacts.duckdb").stat().st_mtime_ns == before
    assert [path.name for path in folder.iterdir()] == [made.place.name]


def test_the_last_region_of_a_month_is_made_as_its_story_says(tmp_path: Path) -> None:
    check(tmp_path, "worst_region")


@pytest.mark.prove
@pytest.mark.parametrize("code", CODES)
def test_every_case_gives_the_figures_of_its_story_and_answer(code: str, tmp_path: Path) -> None:
    check(tmp_path, code)


def test_an_unknown_case_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"training\.unknown"):
        make(tmp_path, "first_bil")
