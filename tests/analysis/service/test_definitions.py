"""One measure under each of its definitions: values by hand, ranks against libraries, what holds under all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind_from_stats
from statsmodels.stats.multitest import multipletests

from analysis.service.ranking.defined import own_definition
from analysis.service.ranking.definitions import definitions
from analysis.service.ranking.under_each import Figures, Under, of_each, order_of
from data_access.labels import Labels
from data_access.metric_kinds import Rate, Unit
from data_access.metrics import Metric
from data_access.model_file import parse_model
from data_access.selection import Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse, open_warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.proof import Figure

from ..test_pinned import is_kept_as_it_was
from .conftest import CONTACTS, MODEL, Beside
from .test_access import calls

RATE = Metric("rate", "x", Labels("rate"), Rate())


def test_what_holds_under_every_formula(beside: Beside) -> None:
    """One tier waits little whatever is counted; of the other half give up at once, which only some formulas hold
    against it: their order depends on the choice.
    """
    quick = calls((90, "answered", 5.0, 1.0), (10, "answered", 60.0, 1.0)).assign(tier="vip")
    gone = calls((95, "answered", 5.0, 1.0), (5, "answered", 60.0, 1.0), (100, "abandoned", 3.0, None))
    table = pd.concat([quick, gone], ignore_index=True)
    table["customer_id"] = [f"k{i}" for i in range(len(table))]
    found = definitions(beside(calls=table), Selection("score"), measure="service_level", by=("tier",))
    each = found.parts["each"].set_index(["definition", "segment"])
    assert each.loc[("level:offered:queue", ("basic",)), "value"] == pytest.approx(100 * 95 / 200)
    assert each.loc[("level:credited:queue", ("basic",)), "value"] == pytest.approx(100 * 195 / 200)
    assert each.loc[("level:offered:queue", ("basic",)), "verdict"] == "worse"
    rows = found.table.set_index("segment")
    assert rows.loc[[("basic",)], "holds"].tolist() == ["some"]
    assert rows.loc[[("basic",)], ["rank_least", "rank_most"]].to_numpy().tolist() == [[1, 2]]
    assert (found.statistics["definitions"], found.statistics["pairs"], found.statistics["turned"]) == (10, 1, 1)
    wholes = found.parts["wholes"].set_index("definition")["value"]
    assert wholes["level:answered:queue"] == pytest.approx(100 * 185 / 200)


def test_satisfaction_is_counted_in_each_way_from_the_same_answers(beside: Beside) -> None:
    scores = {"t1": [10] * 6 + [8] * 4 + [3] * 2, "t2": [9] * 5 + [7] * 7}
    rows = pd.DataFrame(
        [(team, score) for team, all_of in scores.items() for score in all_of], columns=["team", "score"]
    )
    contacts = rows.assign(contact_id=[f"c{i}" for i in range(24)], customer_id="a", touchpoint="phone", tier="vip",
                           contacted_at=CONTACTS["contacted_at"].iloc[0])  # fmt: skip
    found = definitions(beside(contacts), Selection("score"), measure="score", by=("team",))
    values = found.parts["each"].pivot(index="definition", columns="segment", values="value")
    expected = {"box:top:9": (50.0, 500 / 12), "box:top:8": (1000 / 12, 500 / 12), "box:mean": (98 / 1.2, 94 / 1.2),
                "box:bottom:6": (200 / 12, 0.0), "box:net": (400 / 12, 500 / 12)}  # fmt: skip
    assert list(dict.fromkeys(found.parts["each"]["definition"])) == list(expected)
    for name, (first, second) in expected.items():
        assert values.loc[name].tolist() == pytest.approx([first, second]), name
    assert found.statistics["turned"] == 1  # t1 has more tens, and all the threes


def test_a_secret_group_is_in_no_table_and_customers_are_not_followed(beside: Beside) -> None:
    n = 60
    contacts = pd.DataFrame({"contact_id": range(n), "customer_id": range(n), "score": [9, 4, 10, 7] * 15,
                             "touchpoint": "phone", "tier": "vip", "contacted_at": CONTACTS["contacted_at"].iloc[0],
                             "team": ["t1"] * 27 + ["t2"] * 30 + ["t3"] * 3})  # fmt: skip
    secret = "disclose_from = 10\n" + MODEL.replace("[dimensions]", "[repeats]\n[dimensions]")
    warehouse = open_warehouse(beside(contacts).address, parse_model(secret))
    found = definitions(warehouse, Selection("score"), measure="score", by=("team",))
    named = {*found.table["segment"], *found.parts["each"]["segment"]}
    assert ("t3",) not in named and named <= {("t1",), ("t2",)}
    with pytest.raises(BadInput, match=r"fcr\.secret"):
        definitions(warehouse, Selection("score"), measure="fcr_48", by=("team",))


def test_every_measure_goes_by_one_of_its_definitions(sample: Warehouse) -> None:
    for measure, expected in (("service_level", "level:answered:ring"), ("satisfied", "box:top:9"),
                              ("dissatisfied", "box:bottom:6"), ("score", "box:mean"), ("fcr_24", "first:any:24"),
                              ("fcr_48_same", "first:same:48")):  # fmt: skip
        own = own_definition(sample.model.metrics.get(measure), formula="answered", clock="ring")
        assert own == expected
        found = definitions(sample, Selection("score"), measure=measure, by=("region",))
        assert own in set(found.parts["wholes"]["definition"])


def test_each_measure_of_the_sample(sample: Warehouse) -> None:
    """Complaints are below the rest however satisfaction is counted; nothing is called an NPS."""
    found = definitions(sample, Selection("score"), measure="satisfied", by=("touchpoint",))
    is_kept_as_it_was("definitions", found)
    row = found.table.set_index("segment").loc[[("complaint",)]].to_dict("records")[0]
    assert (row["verdict"], row["holds"]) == ("worse", "all")
    sides = found.table["verdict"].value_counts()  # who is above and who is below the rest are in one order, too
    assert found.statistics["certain"] >= sides["worse"] * sides["better"] > 0
    assert (found.table["best"] <= found.table["rank_least"]).all()
    assert (found.table["rank_most"] <= found.table["worst"]).all()
    said = [Catalogue.load(language).say(s) for language in LANGUAGES for s in found.findings]
    assert not any("NPS" in text or "净推荐" in text for text in said)
    with pytest.raises(BadInput, match=r"definitions\.one"):
        definitions(sample, Selection("score"), measure="mention")


def cells(rng: np.random.Generator, rates: np.ndarray, n: int) -> pd.DataFrame:
    kept = rng.binomial(n, rates).astype(float)
    return pd.DataFrame({"s": range(len(rates)), "n": float(n), "w": float(n), "v": float(n), "wx": 100 * kept,
                         "vx": 100 * kept, "vxx": 1e4 * kept})  # fmt: skip


def test_ranks_verdicts_and_order_against_libraries() -> None:
    """Seven teams: Welch of each pair by scipy, Holm within a team by statsmodels."""
    k, n = 7, 400
    rows = cells(np.random.default_rng(5), np.linspace(0.6, 0.85, k), n)
    segments = [(f"t{i}",) for i in range(k)]
    table = Under.of_cells("one", rows, k, RATE).table(segments)
    mean = rows["wx"].to_numpy() / n
    sd = np.sqrt(mean * (100 - mean) * n / (n - 1))
    for i in range(k):
        others = [j for j in range(k) if j != i]
        p = [ttest_ind_from_stats(mean[i], sd[i], n, mean[j], sd[j], n, equal_var=False).pvalue for j in others]
        sure = multipletests(p, method="holm")[0]
        better = sum(s and mean[j] > mean[i] for s, j in zip(sure, others, strict=True))
        worse = sum(s and mean[j] < mean[i] for s, j in zip(sure, others, strict=True))
        assert table.loc[i, ["rank_best", "rank_worst"]].tolist() == [1 + better, k - worse]
        assert table.loc[i, "rest"] == pytest.approx(mean[others].mean())
    assert set(table["verdict"]) == {"worse", "none", "better"} and table["rank"].tolist() != list(range(1, k + 1))


def under(name: str, *values: float) -> Under:
    """Segments of these values, each with an error of 1 and as good as no uncertainty about that."""
    value, one = np.array(values), np.ones(len(values))
    figures = Figures(n=1e9 * one, value=value, low=value - 1.96, high=value + 1.96, error=one, df=1e9 * one)
    return Under(name=name, unit=Unit.RATE, better="high", own=figures, rest=figures, whole=figures)


def test_pairs_that_keep_their_order_and_the_one_that_turns_most() -> None:
    """By hand: z is the difference over the root of 2; p of the weaker definition, times 3 and 2 for three pairs.

    a-c: z 2.83, p 0.0047, times three 0.014; a-b: z 2.12, p 0.034, times two 0.068; b-c: z 0.35 and 0.71.
    """
    segments, first = [("a",), ("b",), ("c",)], under("x", 90, 80.5, 80)
    order = order_of([(segments, [first, under("y", 83, 80, 79)])])
    assert (order.pairs, order.certain, order.turned, order.most) == (3, 1, 0, None)
    order = order_of([(segments, [first, under("y", 84, 79, 80)])])  # z 3.54 and 2.83: both are
    assert (order.pairs, order.certain, order.turned) == (3, 2, 1)
    assert order.most == (("b",), ("c",), "x", "y")
    turned = under("z", 80, 80.5, 90)  # a and c change places, each time for sure
    other = [segments[2], segments[1], segments[0]], [under("y", 80, 80.5, 90)]  # as x, the other way round
    assert order_of([(segments, [first, turned])]).certain == 0
    assert order_of([(segments, [first]), other]).certain == 2


def test_a_rank_where_all_answers_are_alike() -> None:
    """Nobody is dissatisfied: the error is 0, and still the rank is not certain."""
    rows = cells(np.random.default_rng(0), np.array([1.0, 0.95, 0.5]), 40)
    table = of_each([Under.of_cells("one", rows, 3, RATE)], [("a",), ("b",), (None,)])
    assert table.loc[0, ["rank", "rank_best", "rank_worst"]].tolist() == [1, 1, 2]
    assert np.isnan(table.loc[2, "rank"])


@pytest.mark.prove
@pytest.mark.parametrize("spread", [0.0, 0.01, 0.05])
def test_the_plausible_ranks_hold_the_true_one(spread: float, figure: Figure) -> None:
    """Twelve teams of 300 answers: in 95 % of the cases at least, also where nothing differs and any rank is true."""
    rng, k, hits, tries = np.random.default_rng(11), 12, 0, 400
    segments = [(f"t{i}",) for i in range(k)]
    for _ in range(tries):
        truth = np.clip(0.8 + spread * rng.standard_normal(k), 0.05, 0.95)
        table = Under.of_cells("one", cells(rng, truth, 300), k, RATE).table(segments)
        ahead, level = ((truth[None, :] > truth[:, None]).sum(axis=1), (truth[None, :] >= truth[:, None]).sum(axis=1))
        hits += int(((table["rank_best"] <= ahead + 1) & (table["rank_worst"] >= level)).sum())
    assert figure("rank covered", hits / (k * tries)) > 0.95 - 3 * np.sqrt(0.05 * 0.95 / tries)
