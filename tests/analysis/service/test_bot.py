"""The bot by hand: every count has its own population, returns come from the contacts, nodes from the paths."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.service.board.board import service, service_measure
from analysis.service.board.families import first_cut
from analysis.service.bot.bot import bot
from analysis.service.bot.review import HOLLOW
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse, open_warehouse
from data_access.warehouse.dialects.duckdb import to_read
from pages.words.catalogue import Catalogue
from sample_data import make

from ..test_pinned import WORDS, is_kept_as_it_was
from .conftest import SAMPLE_MODEL, Beside

CHINESE = Catalogue.load("zh-CN")
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
START = pd.Timestamp("2026-10-05 09:00")
PATHS = {"done": "greet>intent>done", "left": "greet>intent>repeat>intent>repeat", "over": "greet>intent>handover"}


def hour(number: float) -> pd.Timestamp:
    return START + pd.Timedelta(hours=number)


@pytest.fixture(scope="module")
def talks(beside: Beside) -> Warehouse:
    """Nine sessions of known and unknown customers; contacts without a session are with agents."""
    contacts = pd.DataFrame(
        [
            ("b1", "ann", 0, "bot", "bill", None, 9),  # done, nobody comes back: resolved
            ("b2", "bob", 1, "bot", "bill", None, None),  # done, but with an agent about the same after 20 hours
            ("a2", "bob", 21, "phone", "bill", "t1", 4),
            ("b3", "cid", 2, "bot", "bill", None, 3),  # done, rated badly
            (
                "b4",
                "dan",
                3,
                "bot",
                "bill",
                None,
                None,
            ),  # done, with an agent about another matter: returned, resolved
            ("a4", "dan", 30, "phone", "fault", "t1", 8),
            (
                "b5",
                "eve",
                4,
                "bot",
                "bill",
                None,
                None,
            ),  # silent: not resolved; back after 49 hours
            ("a5", "eve", 53, "phone", "bill", "t1", 7),
            ("b6", "fay", 5, "bot", "bill", None, 8),  # left, but rated: not silent
            ("b7", "gus", 6, "bot", "bill", "t2", 9),  # handed over with what was said
            ("b8", None, 7, "bot", "bill", "t2", 5),  # nobody knows the customer
            ("b9", "ann", 199, "bot", "bill", None, None),  # too young
            ("z", "zoe", 200, "phone", "bill", "t1", 9),
        ],
        columns=["contact_id", "customer_id", "hours", "touchpoint", "tier", "team", "score"],
    )
    contacts = contacts.assign(contacted_at=[hour(h) for h in contacts.pop("hours")])
    contacts["context_passed"] = [1 if c == "b7" else 0 if c == "b8" else None for c in contacts["contact_id"]]
    contacts["handover_wait_s"] = [8 if c == "b7" else 61 if c == "b8" else None for c in contacts["contact_id"]]
    ways = ["done"] * 4 + ["left"] * 2 + ["over"] * 2 + ["done"]
    sessions = contacts[contacts["contact_id"].str.startswith("b")][["contact_id", "contacted_at"]].reset_index(
        drop=True
    )
    sessions = sessions.rename(columns={"contacted_at": "started_at"}).assign(
        scenario="plan",
        recognised=[1, 1, 1, 1, 0, 0, 1, 0, 1],
        fallbacks=[0, 0, 1, 0, 2, 2, 0, 1, 0],
        path=[PATHS[way] for way in ways],
        last_node=[PATHS[way].rsplit(">", 1)[1] for way in ways],
        outcome=["contained"] * 5 + ["dropped"] + ["handed_over"] * 2 + ["contained"],
    )
    return beside(contacts, question="tier", agent="team", bot=sessions)


def test_each_count_has_its_own_population(talks: Warehouse) -> None:
    found = bot(talks, Selection("score")).statistics
    assert (found["sessions"], found["contacts"]) == (9, 13)
    assert (found["recognised"], found["heard"], found["unanswered"], found["asked"]) == (6, 9, 4, 9)
    assert (found["contained"], found["handed_over"], found["dropped"]) == (7, 2, 1)  # who left saw no agent either
    assert found["silent"] == 1  # e: neither done, nor rated, nor with an agent
    assert found["ripe"] == 7  # without b8, whom nobody knows, and b9
    assert (found["unknown"], found["loaded_late"], found["young"]) == (1, 0, 1)
    assert found["returned"] == 2  # bob and dan, but not eve: 49 hours
    assert found["resolved"] == 2  # ann, dan; not bob (agent), cid (rated), eve (silent), fay (left), gus (agent)
    assert (found["rated"], found["satisfied"]) == (5, 2)
    assert (found["briefed"], found["told"]) == (1, 2)


def test_the_board_and_a_measure_say_the_same(talks: Warehouse) -> None:
    rows = service(talks, Selection("score")).table.set_index("measure")
    assert rows.loc["bot_containment", ["count", "n", "family"]].tolist() == [7, 9, "bot"]
    assert pd.isna(rows.loc["bot_containment", "value"])  # fewer than ten
    found = service_measure(talks, Selection("score"), measure="automation_share", by=("touchpoint",)).statistics
    assert (found["count"], found["n"]) == (7, 13)


def test_nodes_of_the_flow(talks: Warehouse) -> None:
    nodes = bot(talks, Selection("score")).parts["flow"].set_index("node")
    assert list(nodes.index) == ["greet", "intent", "repeat", "done"]  # once each, in the order they are come to
    assert nodes["n"].tolist() == [9, 9, 2, 5]
    assert nodes.loc["repeat", ["exits", "transfers"]].tolist() == [2, 0]
    assert nodes.loc["intent", ["exits", "transfers"]].tolist() == [0, 2]  # the node before the hand-over
    assert nodes.loc["done", "exits"] == 0  # who is done has not left


def test_hand_overs_by_wait_and_context(talks: Warehouse) -> None:
    parts = bot(talks, Selection("score")).parts
    groups = parts["handover"].set_index("group")["sessions"].to_dict()
    assert groups == {"wait_0": 1, "wait_3": 1, "context_0": 1, "context_1": 1}


def test_without_sessions_without_a_table_or_without_ids(talks: Warehouse, beside: Beside) -> None:
    with pytest.raises(NothingToShow):
        bot(talks, Selection("score", Period(date(2020, 1, 1), date(2021, 1, 1))))
    with pytest.raises(BadInput, match=r"bot\.no_scenarios"):
        bot(talks, Selection("score"), scenario="plans")
    with pytest.raises(BadInput, match=r"service\.no_table\.bot"):
        bot(beside(), Selection("score"))
    sessions = pd.DataFrame({"contact_id": ["c1"], "started_at": [START]})
    with pytest.raises(BadInput, match="no_column"):
        bot(beside(bot=sessions), Selection("score"))


def test_the_sample_says_all_of_it(sample: Warehouse) -> None:
    found = bot(sample, Selection("score", OCTOBER, OCTOBER.previous()), by=("scenario",))
    is_kept_as_it_was("bot", found)
    measures = found.parts["measures"].set_index("measure")
    assert measures["low"].ge(0).all() and measures["high"].le(1).all()
    assert measures.loc["bot_containment", "value"] + measures.loc["bot_transfer", "value"] == pytest.approx(1)
    assert measures.loc["bot_resolution", "value"] < measures.loc["bot_containment", "value"]
    assert found.table["n"].sum() == found.statistics["sessions"]
    assert len(bot(sample, Selection("fcr_48", OCTOBER)).parts["flow"])  # a metric that no table holds
    with pytest.raises(BadInput, match=r"bot\.unknown_scenario") as problem:
        bot(sample, Selection("score", OCTOBER), scenario="nope")
    assert problem.value.statement.values["near"]
    only = bot(sample, Selection("score", OCTOBER, filters=(Filter("scenario", ("roaming",)),)))
    assert only.options["scenario"] == "roaming" and only.parts["flow"]["reach"].iloc[0] == 1


def by_pandas(path: Path, by: str) -> pd.DataFrame:
    """Counts of October by a column, from the tables themselves, pair by pair of contacts of a customer."""
    with to_read(path) as db:
        contacts, sessions = (db.execute(f"SELECT * FROM {name}").df() for name in ("contacts", "bot_sessions"))
    hours = pd.Timedelta(hours=48)
    late = contacts["loaded_at"] - contacts["contacted_at"] > pd.Timedelta(hours=30)
    usable = contacts[~late][["contact_id", "customer_id", "contacted_at", "sub_type", "agent"]]
    pairs = usable.merge(usable, on="customer_id", suffixes=("", "_other"))
    gap = pairs["contacted_at_other"] - pairs["contacted_at"]
    again = pairs[(gap > pd.Timedelta(0)) & (gap <= hours)]
    to_agent = again[(again["sub_type"] == again["sub_type_other"]) & again["agent_other"].notna()]
    rows = sessions.merge(
        contacts.drop(columns=list(set(sessions) - {"contact_id"}), errors="ignore"), on="contact_id"
    )
    rows = rows[(rows["started_at"] >= "2026-10-01") & (rows["started_at"] < "2026-11-01")]
    rated = rows["score"].notna() & (rows["exempted"] == 0)
    matured = contacts["loaded_at"].max() - pd.Timedelta(hours=48 + 30)
    ripe = (rows["started_at"] <= matured) & rows["contact_id"].isin(usable["contact_id"])
    helped, bad = rows["contact_id"].isin(to_agent["contact_id"]), rated & (rows["score"] <= 6)
    silent = (rows["outcome"] != "handed_over") & (rows["last_node"] != "done") & ~rated
    stayed = (rows["outcome"] == "contained") & ~silent
    late = rows["contact_id"].isin(contacts[late]["contact_id"])
    found = rows.assign(
        sessions=1, silent=silent, loaded_late=late, handed_over=rows["outcome"] == "handed_over", ripe=ripe,
        returned=ripe & rows["contact_id"].isin(again["contact_id"]), resolved=ripe & stayed & ~helped & ~bad,
        satisfied=rated & (rows["score"] >= 9),
    )  # fmt: skip
    return found.groupby(by, observed=True)[list(COUNTED)].sum().astype(float)


COUNTED = ("sessions", "handed_over", "ripe", "returned", "resolved", "silent", "satisfied", "loaded_late")


def test_the_counts_are_those_of_plain_pandas(sample: Warehouse, sample_of: Callable[..., Path]) -> None:
    found = bot(sample, Selection("score", OCTOBER), by=("scenario",)).table
    ours = found.assign(scenario=[segment[0] for segment in found["segment"]]).set_index("scenario")[list(COUNTED)]
    theirs = by_pandas(sample_of(contacts=60_000), "scenario")
    theirs.index = theirs.index.astype(str)
    pd.testing.assert_frame_equal(ours.sort_index(), theirs.sort_index(), check_names=False, check_index_type=False)


def test_the_flow_is_that_of_plain_pandas(sample: Warehouse, sample_of: Callable[..., Path]) -> None:
    with to_read(sample_of(contacts=60_000)) as db:
        paths = db.execute("SELECT path, outcome FROM bot_sessions WHERE scenario = 'roaming' AND "
                           "started_at >= '2026-10-01' AND started_at < '2026-11-01'").df()  # fmt: skip
    nodes = bot(sample, Selection("score", OCTOBER), scenario="roaming").parts["flow"].set_index("node")
    for node in nodes.index:
        there = paths[paths["path"].str.split(">").map(lambda way, node=node: node in way)]
        assert nodes.loc[node, "n"] == len(there) and nodes.loc[node, "reach"] == len(there) / len(paths)
    assert nodes["transfers"].sum() == (paths["outcome"] == "handed_over").sum()
    assert nodes["exits"].sum() == ((paths["outcome"] != "handed_over") & ~paths["path"].str.endswith("done")).sum()


@pytest.mark.prove
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_scenario_that_contains_more_and_resolves_less_is_found(tmp_path: Path, seed: int) -> None:
    """On fresh samples, and no other is accused; first-contact resolution and `bot_repeat` see the same returns."""
    path = make.build(tmp_path, contacts=200_000, seed=seed)
    with closing(open_warehouse(path, read_model(SAMPLE_MODEL))) as warehouse:
        found = bot(warehouse, Selection("score", OCTOBER))
        fcr = service_measure(warehouse, Selection("score", OCTOBER, OCTOBER.previous()), measure="fcr_48",
                              by=("scenario",)).table  # fmt: skip
    review = found.parts["review"]
    assert (
        review[review["verdict"] == HOLLOW]["scenario"].tolist() == ["password_reset"] == [found.options["scenario"]]
    )
    said = next(statement for statement in found.findings if statement.key == "bot.hollow")
    assert "contained more, resolved less" in WORDS.say(said) and "拦截更多，解决更少" in CHINESE.say(said)
    worst = fcr.loc[fcr["change"].idxmin()]
    assert worst["segment"] == ("password_reset",) and worst["p"] < 0.05
    with to_read(path) as db:
        of_table = db.execute("SELECT scenario::VARCHAR AS s, avg(bot_repeat) AS v FROM contacts WHERE "
                              "contacted_at >= '2026-10-01' AND contacted_at < '2026-10-28' "
                              "GROUP BY 1").df()  # fmt: skip
    column = of_table.dropna().set_index("s")["v"]
    now = Selection("score", Period(date(2026, 10, 1), date(2026, 10, 28)))
    with closing(open_warehouse(path, read_model(SAMPLE_MODEL))) as warehouse:
        measure = service_measure(warehouse, now, measure="bot_return", by=("scenario",)).table
    for segment, score in zip(measure["segment"], measure["score"], strict=True):
        assert score / 100 == pytest.approx(column[segment[0]], abs=0.02)  # which counts late rows as well


def test_bots_and_complaints_are_cut_by_what_tells_something_of_them(sample: Warehouse) -> None:
    cuts = {
        name: first_cut(sample, name) for name in ("bot_containment", "handover_context", "late_rate", "busy_rate")
    }
    assert list(cuts.values()) == ["scenario", "scenario", "sub_type", "touchpoint"]
