"""First contacts and who came back: the fixture to the digit, and any contacts against plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.model_file import parse_model
from data_access.repeats import Repeats
from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.warehouse import Warehouse, open_warehouse
from data_access.warehouse.customer_gaps import CLASSES
from tests.data_access.warehouse import f2

START = datetime(2026, 10, 1)
MODEL = """
table = "contacts"
customer_id = "customer"
question = "topic"
time = { column = "at", loaded = "loaded" }
score = { column = "score", scale = [1, 10] }
[repeats]
on_time = 10
survey = "solved"
not_applicable = { topic = ["visit"] }
[metrics]
solved = { column = "solved" }
[dimensions]
topic = { column = "topic" }
team = { column = "team" }
"""
HOURS = (2.0, 24.0, 48.0)
COUNTS = ("contacts", *CLASSES, "kept0", "kept1", "kept2", "asked", "said_yes", "yes_kept", "no_kept")


def stored(rows: pd.DataFrame, path: Path) -> Path:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.register("frame", rows)
        connection.execute("CREATE TABLE contacts AS SELECT * FROM frame")
    return path


def contacts(rows: Iterable[tuple[int, int, str | None, str | None, int, int | None]]) -> pd.DataFrame:
    """Minutes, hours to loading, customer, topic, team and what the customer said."""
    listed = [
        (START + timedelta(minutes=m), START + timedelta(minutes=m, hours=h), c, t, f"t{team}", said, 5)
        for m, h, c, t, team, said in rows
    ]
    frame = pd.DataFrame(listed, columns=["at", "loaded", "customer", "topic", "team", "solved", "score"])
    kinds = {
        "at": "datetime64[us]",
        "loaded": "datetime64[us]",
        "customer": object,
        "topic": object,
        "solved": "Int8",
    }
    return frame.astype(kinds)


def expected(frame: pd.DataFrame, *, same: bool, on_time: float = 10.0) -> pd.DataFrame:
    """The class of each contact, and after how many hours its customer came again (inf: never). By pairs."""
    at = frame["at"]
    late = (frame["loaded"] - at) > pd.Timedelta(hours=on_time)
    start, end = at.min() + pd.Timedelta(hours=48), frame["loaded"].max() - pd.Timedelta(hours=48 + on_time)
    known = frame["customer"].notna() & (frame["customer"] != "")
    keys = ["customer", "topic"] if same else ["customer"]
    usable = frame[known & ~late].assign(row=lambda f: f.index)
    pairs = usable.merge(usable, on=keys, suffixes=("", "_other"))
    gap = (pairs["at_other"] - pairs["at"]).dt.total_seconds() / 3600
    after = gap[gap > 0].groupby(pairs["row"]).min().reindex(frame.index).fillna(np.inf)
    before = (-gap[gap < 0]).groupby(pairs["row"]).min().reindex(frame.index).fillna(np.inf)
    kind = np.select(
        [late, ~known, frame["topic"].isna() & same, at < start, at > end, frame["topic"] == "visit", before <= 48],
        CLASSES[:-1], "first",
    )  # fmt: skip
    return frame.assign(kind=kind, after=after)


def sums(judged: pd.DataFrame) -> dict[str, float]:
    first = judged["kind"] == "first"
    yes, no = (first & (judged["solved"] == said).fillna(False) for said in (1, 0))
    kept = [first & (judged["after"] > hours) for hours in HOURS]
    return {
        "contacts": len(judged),
        **{name: int((judged["kind"] == name).sum()) for name in CLASSES},
        **{f"kept{i}": int(k.sum()) for i, k in enumerate(kept)},
        "asked": int((yes | no).sum()), "said_yes": int(yes.sum()),
        "yes_kept": int((yes & kept[2]).sum()), "no_kept": int((no & kept[2]).sum()),
    }  # fmt: skip


def agrees(warehouse: Warehouse, frame: pd.DataFrame, period: Period | None = None) -> None:
    """By team and in all, any and same question, as sums, days and metrics."""
    inside = slice(None) if period is None else (frame["at"] >= str(period.start)) & (frame["at"] < str(period.end))
    for same in (False, True):
        judged = expected(frame, same=same)[inside]
        found = warehouse.first_contacts(warehouse.model.repeats, ["team"], period, (), same=same)
        for team, own in judged.groupby("team"):
            row = found.rows[found.rows["team"] == team].iloc[0]
            assert {name: row[name] for name in COUNTS} == sums(own), (same, team)
        assert {name: found.days[name].sum() for name in COUNTS} == sums(judged)
        for place, hours in enumerate(HOURS if not same else HOURS[2:]):
            name = f"fcr_{hours:g}{'_same' * same}"
            cells = warehouse.cells(name, [], period, ()).rows
            both = (cells["n"].sum(), cells["wx"].sum())
            wanted = sums(judged)
            assert both == (wanted["first"], wanted[f"kept{place if not same else 2}"]), name


minutes = st.integers(0, 12 * 24 * 60).map(lambda m: m - m % 60) | st.integers(0, 12 * 24 * 60)
drawn = st.tuples(
    minutes, st.sampled_from((0, 3, 10, 11, 100)), st.sampled_from(("a", "b", "c", "", None)),
    st.sampled_from(("bill", "net", "visit", None)), st.integers(0, 2), st.sampled_from((0, 1, None)),
)  # fmt: skip


@pytest.mark.prove
@settings(max_examples=40, deadline=None)
@given(rows=st.lists(drawn, min_size=1, max_size=60), doubled=st.integers(0, 5))
def test_any_contacts_against_pairs(
    rows: list[tuple[int, int, str | None, str | None, int, int | None]], doubled: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    """Hours on the dot, contacts of one moment, rows twice, late rows, blanks: all as the definition says."""
    frame = contacts([*rows, *rows[:doubled]])
    path = stored(frame, tmp_path_factory.mktemp("first") / "c.duckdb")
    with closing(open_warehouse(path, parse_model(MODEL))) as warehouse:
        agrees(warehouse, frame)
        found = warehouse.first_contacts(Repeats((0.5, 1.0, 7.0, 48.0)), [], None, ()).days.sum(numeric_only=True)
        assert found["first"] >= found["kept0"] >= found["kept1"] >= found["kept2"] >= found["kept3"]


def test_contacts_of_one_moment_twice_late_and_blank(tmp_path: Path) -> None:
    """A daily part of the above: 48 hours on the dot, and three contacts at once."""
    day = 24 * 60
    rows = [(0, 0, "z", "bill", 0, None), (3 * day, 0, "a", "bill", 0, 1), (5 * day, 0, "a", "net", 1, 0),
            (5 * day + 1, 0, "a", "net", 1, 1), (3 * day, 0, "b", "bill", 0, 1), (3 * day, 0, "b", "bill", 1, 0),
            (3 * day, 0, "b", "net", 1, 0), (3 * day + 120, 0, "b", "bill", 0, 1), (4 * day, 0, "c", "visit", 2, 1),
            (4 * day + 5, 11, "c", "bill", 2, 1), (4 * day, 0, "", "bill", 2, None), (4 * day, 0, None, None, 2, 1),
            (5 * day, 0, "d", None, 0, None), (14 * day, 0, "d", "bill", 0, None)]  # fmt: skip
    frame = contacts(rows)
    with closing(open_warehouse(stored(frame, tmp_path / "c.duckdb"), parse_model(MODEL))) as warehouse:
        agrees(warehouse, frame)


def test_rows_that_come_late_change_no_judged_day(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    drawn = zip(rng.integers(0, 20_000, 900), rng.integers(0, 10, 900), rng.integers(0, 200, 900), strict=True)
    frame = contacts([(int(m), int(h), f"u{c}", "bill", 0, None) for m, h, c in drawn])
    cut = frame["at"].max() - pd.Timedelta(days=5)
    later = contacts([(int(m), int((20_100 - m) / 60) + 1, f"u{m % 200}", "bill", 0, None)
                      for m in rng.integers(0, 15_000, 300)])  # fmt: skip
    early = frame[frame["loaded"] <= cut]
    found = []
    for name, rows_now in (("early", early), ("all", frame), ("late", pd.concat([frame, later], ignore_index=True))):
        with closing(open_warehouse(stored(rows_now, tmp_path / f"{name}.duckdb"), parse_model(MODEL))) as warehouse:
            seen = warehouse.first_contacts(warehouse.model.repeats, [], None, ())
            found.append((seen.days.set_index("day"), seen.judged.end))
    matured = [day for day in found[0][0].index if datetime.combine(day, datetime.max.time()) <= found[0][1]]
    columns = ["first", "kept0", "kept1", "kept2"]
    for days, _ in found[1:]:
        pd.testing.assert_frame_equal(days.loc[matured, columns], found[0][0].loc[matured, columns])
    assert len(matured) > 3 and found[2][0]["late"].sum() > 200


def test_the_fixture_to_the_digit(tmp_path: Path) -> None:
    frame = pd.read_csv(f2.FIXTURE, parse_dates=["contacted_at", "extracted_at"])
    model = parse_model(f2.MODEL.replace('"data"', '"contacts"'))
    with closing(open_warehouse(stored(frame, tmp_path / "f2.duckdb"), model)) as warehouse:
        for issue, (n, rates) in f2.KNOWN.items():
            found = warehouse.first_contacts(warehouse.model.repeats, [], None, (), same=issue == "same")
            row = found.rows.iloc[0]
            assert row["first"] == n
            assert [round(100 * row[f"kept{i}"] / n, 4) for i in range(3)] == rates
        day = found.days.set_index("day").loc[date(2026, 10, 14)]
        assert day["first"] == 0 and day["immature"] == day["contacts"]
        cells = warehouse.cells("fcr_48_same", [], None, ()).rows.iloc[0]
        assert round(100 * cells["wx"] / cells["n"], 4) == f2.KNOWN["same"][1][2]


def test_on_every_engine(opened: Callable[..., Warehouse], truth: pd.DataFrame) -> None:
    """The same customers, wherever they are kept; a period reads the days around it as well."""
    known = truth.assign(customer=truth["customer_id"], at=pd.to_datetime(truth["contacted_at"]), topic="bill",
                         loaded=pd.to_datetime(truth["loaded_at"]), solved=pd.NA)  # fmt: skip
    short = Repeats((2.0, 24.0, 48.0), on_time=24.0 * 62.5)  # the oldest rows are loaded just too late
    judged = expected(known, same=False, on_time=short.on_time)
    period, filters = Period(date(2026, 9, 1), date(2026, 9, 20)), [Filter("vip", ("true", None))]
    inside = judged[(judged["at"] < "2026-09-20") & (judged["vip"] != False)]  # noqa: E712
    found = opened("").first_contacts(short, [], period, filters)
    row = found.rows.iloc[0]
    assert {name: row[name] for name in ("contacts", *CLASSES)} == {
        "contacts": len(inside), **{name: int((inside["kind"] == name).sum()) for name in CLASSES}
    }  # fmt: skip
    kept = [int(((inside["kind"] == "first") & (inside["after"] > hours)).sum()) for hours in HOURS]
    assert [row[f"kept{i}"] for i in range(3)] == kept


def test_what_cannot_be_followed_is_said(opened: Callable[..., Warehouse]) -> None:
    with pytest.raises(BadInput, match=r"repeats\.no_question"):
        opened("").first_contacts(Repeats(), [], None, (), same=True)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("windows = []", r"model\.bad_windows"),
        ("windows = [0, 2]", r"model\.bad_windows"),
        ('windows = ["2"]', r"model\.bad_windows"),
        ("on_time = -1", r"model\.bad_windows"),
        ('survey = "solve"', r"model\.no_preset_column.*solved"),
        ('not_applicable = { topik = ["a"] }', r"model\.no_preset_dimension.*topic"),
        ("window = [2]", r"model\.unknown_key"),
    ],
)
def test_a_model_that_cannot_be(line: str, message: str) -> None:
    plain = MODEL.replace("on_time = 10\n", "").replace('survey = "solved"\n', "")
    plain = plain.replace('not_applicable = { topic = ["visit"] }\n', f"{line}\n")
    with pytest.raises(BadInput, match=message):
        parse_model(plain)


@pytest.mark.prove
def test_a_hundred_thousand_contacts_against_pairs(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    n = 100_000
    minutes, hours = rng.integers(0, 30 * 24 * 60, n), rng.choice((0, 2, 9, 30), n, p=(0.5, 0.3, 0.19, 0.01))
    frame = contacts(
        zip(minutes.tolist(), hours.tolist(), (None if c < 900 else f"u{c}" for c in rng.integers(0, 30_000, n)),
            rng.choice(np.array(["bill", "net", "visit", None], dtype=object), n), (n % 5 for n in range(n)),
            rng.choice(np.array([0, 1, None], dtype=object), n), strict=True)
    )  # fmt: skip
    with closing(open_warehouse(stored(frame, tmp_path / "c.duckdb"), parse_model(MODEL))) as warehouse:
        agrees(warehouse, frame)
        agrees(warehouse, frame, Period(date(2026, 10, 8), date(2026, 10, 15)))
