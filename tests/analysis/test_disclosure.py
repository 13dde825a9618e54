"""A model that keeps groups of fewer than k answers secret: the attacks that would give one away must all fail."""

from __future__ import annotations

import itertools
import time
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.change import change
from analysis.contrast import contrast
from analysis.contribution import contribution
from analysis.disclosure import secret_cells
from analysis.drivers.dose import dose
from analysis.overview import overview
from analysis.pair import pair
from analysis.result import Result
from analysis.segments import segments
from data_access.model_file import parse_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow, Problem
from data_access.warehouse import Warehouse
from pages.words.catalogue import Catalogue
from pages.words.writers import WRITERS, writer
from tests.analysis.conftest import MakeWarehouse

LEAST = 10
MODEL = """
contact_id = "id"
customer_id = "id"
score = { column = "score", scale = [0, 100], formula = "rescaled" }
time = { column = "day", timezone = "UTC" }
[dimensions]
channel = { column = "channel" }
city = { column = "city" }
"""
SECRET = f"disclose_from = {LEAST}\n" + MODEL
CHANNELS, CITIES = ("app", "chat", "phone", "fax"), ("Bonn", "Jena", "Kiel", "Ulm")


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    rng, rows = np.random.default_rng(5), []
    sizes = {(a, b): 40 + 7 * i for i, (a, b) in enumerate(itertools.product(CHANNELS[:3], CITIES))}
    sizes |= {("fax", "Ulm"): 3, ("fax", "Kiel"): 1, ("chat", "Jena"): 4}  # fax has four in all
    for (channel, city), n in sizes.items():
        for i in range(n):
            month = 9 if i % 2 and n > 10 else 10
            rows.append(
                (channel, city, f"2026-{month:02d}-{1 + i % 28:02d} 10:00", 37 if n < 10 else rng.integers(50, 99))
            )
    frame = pd.DataFrame(rows, columns=["channel", "city", "day", "score"])
    return frame.assign(id=[f"c{i}" for i in range(len(frame))], day=pd.to_datetime(frame["day"]))


@pytest.fixture(scope="module")
def warehouse(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> Warehouse:
    return warehouse_of(answers, SECRET)


def known(result: Result) -> dict[tuple[str, ...], float]:
    return dict(zip(result.table["segment"], result.table["n"], strict=True))


def sizes(answers: pd.DataFrame, *by: str) -> dict[tuple[str, ...], int]:
    return {(k if isinstance(k, tuple) else (k,)): n for k, n in answers.groupby(list(by)).size().items()}


def test_no_group_is_known_by_the_total_less_the_others(warehouse: Warehouse, answers: pd.DataFrame) -> None:
    """Total, lost points and share of a table: what is not in it is at least k answers of at least two groups."""
    for by in (["channel"], ["city"], ["channel", "city"]):
        found = contribution(warehouse, Selection(), by=by)
        shown, true = known(found), sizes(answers, *by)
        assert all(true[segment] == n >= LEAST for segment, n in shown.items())
        missing = {segment: n for segment, n in true.items() if segment not in shown}
        if missing:
            assert len(missing) >= 2 and sum(missing.values()) >= LEAST
            assert found.caveats[-1].key == "disclose.left_out"
        part = (1 - found.table["contribution"].sum()) * (100 - answers["score"]).sum()
        for secret in ("fax", "app"):  # the small one, and the one beside it, from the lost points of all
            assert part != pytest.approx((100 - answers.loc[answers["channel"] == secret, "score"]).sum())
        cumulative = found.table["contribution"].cumsum()
        assert found.table["cumulative"].tolist() == pytest.approx(
            cumulative.tolist()
        )  # no gap where a row is left out


def test_no_line_of_a_table_gives_a_cell_away(warehouse: Warehouse, answers: pd.DataFrame) -> None:
    """The margins, which other questions give, less the cells of the line."""
    cells = known(contribution(warehouse, Selection(), by=["channel", "city"]))
    for place, name in enumerate(("channel", "city")):
        margins = known(contribution(warehouse, Selection(), by=[name]))
        for (value,), n in margins.items():
            true = {c: m for c, m in sizes(answers, "channel", "city").items() if c[place] == value}
            missing = [m for c, m in true.items() if c not in cells]
            assert n == sum(true.values())
            assert not missing or (len(missing) >= 2 and sum(missing) >= LEAST)


def test_filters_cannot_be_set_against_each_other(warehouse: Warehouse, answers: pd.DataFrame) -> None:
    """All pairs of allowed selections of one filter: their difference is never a small group."""
    sets = [c for k in range(1, 5) for c in itertools.combinations(CHANNELS, k)]
    allowed = {c: n for c in sets if (n := answered(warehouse, Filter("channel", c))) is not None}
    allowed[CHANNELS] = len(answers)  # no filter at all
    true = sizes(answers, "channel")
    assert ("app",) in allowed or ("phone",) in allowed
    for a, b in itertools.permutations(allowed, 2):
        if set(b) < set(a):
            rest = [true[(c,)] for c in set(a) - set(b)]
            assert sum(rest) >= LEAST, (a, b)


def answered(warehouse: Warehouse, *filters: Filter) -> float | None:
    try:
        return float(overview(warehouse, Selection(filters=filters)).statistics["responses"])
    except NothingToShow as problem:
        assert problem.statement.key == "disclose.too_few"
        return None


def test_slices_hide_what_the_whole_table_hides(warehouse: Warehouse, answers: pd.DataFrame) -> None:
    """By channel within a city shows no cell that the table of both does not: the margins would give one away."""
    whole = set(known(contribution(warehouse, Selection(), by=["channel", "city"])))
    for city in CITIES:
        try:
            found = known(contribution(warehouse, Selection(filters=(Filter("city", (city,)),)), by=["channel"]))
        except NothingToShow:
            continue
        assert {(channel, city) for (channel,) in found} <= whole


def test_days_and_months(warehouse: Warehouse) -> None:
    with pytest.raises(BadInput) as problem:
        overview(warehouse, Selection(period=Period(date(2026, 10, 1), date(2026, 10, 31))))
    assert problem.value.statement.key == "disclose.months"
    october = Selection(period=Period(date(2026, 10, 1), date(2026, 11, 1)))
    assert ("fax",) not in known(contribution(warehouse, october, by=["channel"]))


def test_single_contacts_are_not_shown(warehouse: Warehouse) -> None:
    selection = Selection()
    for ask in (
        lambda: warehouse.rows(selection),
        lambda: warehouse.behind(selection),
        lambda: warehouse.given("score", ["c1"], ()),
        lambda: warehouse.around("score", ["c1"], None, ()),
    ):
        with pytest.raises(BadInput) as problem:
            ask()
        assert problem.value.statement.key == "disclose.contacts"


def written(result: Result) -> str:
    words = Catalogue.load("en")
    return "\n".join(str(writer(name)(result, words)) for name in WRITERS)


def test_no_writer_and_no_sentence_names_a_secret_group(warehouse: Warehouse) -> None:
    months = Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
    both = Selection(period=months[0], baseline=months[1])
    for result in (
        contribution(warehouse, Selection(), by=["channel"]),
        overview(warehouse, Selection(), by=["channel"]),
        contrast(warehouse, Selection(), by=["channel"]),
        change(warehouse, both, by=["channel"]),
    ):
        text = written(result)
        assert "fax" not in text and "phone" in text + str(result.table["segment"].tolist()), result.method
        assert "fax" not in repr(result.findings) + repr(result.statistics) + repr(dict(result.parts))


def test_without_the_key_nothing_is_kept_back(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    found = contribution(warehouse_of(answers, MODEL), Selection(), by=["channel", "city"])
    assert known(found) == sizes(answers, "channel", "city")


@pytest.mark.parametrize("value", ["1", "-3", "true", '"10"', "2.5"])
def test_the_least_is_a_whole_number_from_two(value: str) -> None:
    with pytest.raises(BadInput) as problem:
        parse_model(f'table = "answers"\ndisclose_from = {value}\n' + MODEL)
    assert problem.value.statement.key == "model.bad_disclose"


def test_cells_by_hand() -> None:
    """A small cell takes the smallest of its row and of its column with it, and the fourth corner that these need."""
    counts = {(a, b): 20.0 + i for i, (a, b) in enumerate(itertools.product("abc", "xyz"))}
    counts["a", "x"] = 4
    assert secret_cells(counts, LEAST) == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}
    assert secret_cells({("a",): 30, ("b",): 12}, LEAST) == set()
    assert secret_cells({("a",): 30, ("b",): 9}, LEAST) == {("a",), ("b",)}


def test_a_problem_is_said_in_both_languages() -> None:
    for key in ("disclose.too_few", "disclose.months", "disclose.contacts"):
        for language in ("en", "zh-CN"):
            assert Catalogue.load(language).say(Problem(key, least=10).statement)


WAIT = '[drivers]\nwait = { column = "wait", level = "interval", unit = "s" }\n'


@pytest.fixture(scope="module")
def waits(answers: pd.DataFrame) -> pd.DataFrame:
    return answers.assign(wait=np.random.default_rng(7).integers(1, 90, len(answers)).astype(float))


def test_a_pair_shows_no_more_of_a_dimension_than_lost_points_do(
    warehouse_of: MakeWarehouse, waits: pd.DataFrame
) -> None:
    """A member left out by one analysis and shown by another would be known, and with the total the small one too."""
    asked, hidden = warehouse_of(waits, SECRET + WAIT), 0
    for city in CITIES:
        selection = Selection(filters=(Filter("city", (city,)),))
        try:
            shown = {channel for (channel,) in known(contribution(asked, selection, by=["channel"]))}
            paired = pair(asked, selection, x="channel", y="score")
        except NothingToShow:
            hidden += 1
            continue
        hidden += len(set(sizes(waits[waits["city"] == city], "channel")) - {(c,) for c in shown})
        assert set(paired.table["member"]) <= shown, city
    assert hidden
    cells = known(contribution(asked, Selection(), by=["channel", "city"]))
    shares = pair(asked, Selection(), x="channel", y="city").table
    seen = shares[shares["n"] > 0]
    assert len(seen) and set(zip(seen["x_member"], seen["y_member"], strict=True)) <= set(cells)


def test_a_pair_of_numbers_shows_no_single_contact(warehouse_of: MakeWarehouse, waits: pd.DataFrame) -> None:
    assert len(pair(warehouse_of(waits, MODEL + WAIT), Selection(), x="wait", y="score").parts["scatter"])
    found = pair(warehouse_of(waits, SECRET + WAIT), Selection(), x="wait", y="score")
    assert found.parts["scatter"].empty and len(found.table)


def test_the_few_without_a_driver_are_not_the_total_less_the_others(
    warehouse_of: MakeWarehouse, waits: pd.DataFrame
) -> None:
    for few, is_shown in ((0, True), (5, False), (LEAST, True)):
        asked = warehouse_of(waits.assign(wait=waits["wait"].where(np.arange(len(waits)) >= few)), SECRET + WAIT)
        for ask in (
            lambda asked=asked: dose(asked, Selection(), driver="wait"),
            lambda asked=asked: pair(asked, Selection(), x="wait", y="score"),
        ):
            if is_shown:
                assert len(ask().table)
            else:
                with pytest.raises(NothingToShow) as problem:
                    ask()
                assert problem.value.statement.key == "disclose.too_few"


def test_a_search_among_many_dimensions_is_judged_by_those_of_its_segments(
    warehouse_of: MakeWarehouse, waits: pd.DataFrame
) -> None:
    """The table of all dimensions together would take minutes, whatever the time limit."""
    rng, names = np.random.default_rng(9), [f"d{i}" for i in range(16)]
    wide = waits.assign(**{name: rng.choice(["a", "b"], len(waits)) for name in names})
    asked = warehouse_of(wide, SECRET + "".join(f'{name} = {{ column = "{name}" }}\n' for name in names))
    months = Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
    start = time.monotonic()
    found = segments(asked, Selection(period=months[0], baseline=months[1]))
    assert time.monotonic() - start < 20
    assert "fax" not in repr(found.table) + repr(dict(found.parts))
