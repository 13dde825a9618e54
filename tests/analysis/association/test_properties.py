"""What holds of any two columns: bounds, symmetry; and what may not matter: names, order of rows, how they lie."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.association.pairwise import PairCoefficient
from data_access.semantics import Level
from tests.proof import examples

from .frames import codes_of, numbers, of_pair

LEVELS = {"number": Level.INTERVAL, "few": Level.INTERVAL, "yes": Level.INTERVAL, "order": Level.ORDINAL,
          "names": Level.NOMINAL, "two": Level.NOMINAL}  # fmt: skip
PAIRS = list(combinations_with_replacement(LEVELS, 2))
DIRECTED = ("pearson", "phi", "point_biserial", "spearman", "tau_b")
seeds = st.integers(0, 10_000)
designs = st.sampled_from(["rows", "clusters", "frequency", "survey", "clusters and survey"])


def drawn(seed: int, kinds: tuple[str, str]) -> pd.DataFrame:
    """Two columns of a common cause or of none, with blanks; a team and a weight a row."""
    rng = np.random.default_rng(seed)
    n, common = int(rng.integers(20, 120)), rng.choice([0.0, 1.0, 3.0])
    team, cause = rng.integers(0, 9, n), rng.normal(size=n)
    frame = pd.DataFrame({"team": team, "w": rng.integers(1, 4, n)})
    for name, kind in zip("xy", kinds, strict=True):
        z = common * cause + rng.normal(size=n) + 0.5 * rng.normal(size=9)[team]
        made = {
            "number": z.round(2), "few": z.round(), "yes": (z > 0).astype(float), "order": np.digitize(z, [-1, 0, 2]),
            "names": np.array(list("pqrs"))[np.digitize(z, [-1, 0, 2])], "two": np.where(z > 0, "b", "a"),
        }[kind]  # fmt: skip
        frame[name] = pd.Series(made).mask(rng.random(n) < 0.15)
    return frame


def found_of(frame: pd.DataFrame, kinds: tuple[str, str], design: str, order: str = "xy") -> PairCoefficient:
    levels = {name: LEVELS[kinds["xy".index(name)]] for name in order}
    how: dict[str, Any] = {"cluster": frame["team"]} if "clusters" in design else {}
    for weighting in ("frequency", "survey"):
        if weighting in design:
            how |= {"weight": frame["w"], "weighting": weighting}
    return of_pair(codes_of(frame, levels, **how))


def same(a: PairCoefficient, b: PairCoefficient) -> None:
    assert numbers(a) == pytest.approx(numbers(b), rel=1e-7, abs=1e-9, nan_ok=True)
    assert (a.association.name, a.reason, a.strength) == (b.association.name, b.reason, b.strength)


@given(seeds, st.sampled_from(PAIRS), designs)
@examples(120)
def test_bounds(seed: int, kinds: tuple[str, str], design: str) -> None:
    frame = drawn(seed, kinds)
    found = found_of(frame, kinds, design)
    a, known = found.association, frame[["x", "y"]].notna().all(axis=1)
    assert a.n == (frame["w"][known].sum() if design == "frequency" else known.sum())
    assert 0 <= found.n_effective <= a.n * (1 + 1e-12)
    if np.isnan(a.value):
        assert found.reason in ("constant", "none_together") and np.isnan(a.p) and found.strength == ""
        return
    assert (-1 if a.name in DIRECTED else 0) <= a.value <= 1
    assert 0 <= a.p <= 1
    assert np.isnan(a.low) or a.low - 1e-9 <= a.value <= a.high + 1e-9
    assert found.strength in ("negligible", "small", "medium", "large")


@given(seeds, st.sampled_from(PAIRS), designs)
@examples(80)
def test_swapping_x_and_y(seed: int, kinds: tuple[str, str], design: str) -> None:
    frame = drawn(seed, kinds)
    there, back = (found_of(frame, kinds, design, order) for order in ("xy", "yx"))
    same(there, back)
    turned = {"nested": "nests", "nests": "nested"}
    assert back.link == turned.get(there.link, there.link)


@given(seeds, st.sampled_from(PAIRS), designs)
@examples(60)
def test_the_order_of_rows_and_the_names_of_teams(seed: int, kinds: tuple[str, str], design: str) -> None:
    frame = drawn(seed, kinds)
    mixed = frame.sample(frac=1, random_state=seed).assign(team=lambda r: 8 - r["team"])
    same(found_of(frame, kinds, design), found_of(mixed, kinds, design))


@given(seeds, st.sampled_from([pair for pair in PAIRS if {"names", "two"} & set(pair)]), designs)
@examples(60)
def test_the_names_of_members(seed: int, kinds: tuple[str, str], design: str) -> None:
    """Other words in another order: only the sign of what has two members may turn."""
    frame = drawn(seed, kinds)
    words = {"p": "z", "q": "k", "r": "a", "s": "m", "a": "y", "b": "x"}
    renamed = frame.assign(**{
        name: frame[name].map(words) for name, kind in zip("xy", kinds, strict=True) if kind in ("names", "two")
    })  # fmt: skip
    a, b = found_of(frame, kinds, design), found_of(renamed, kinds, design)
    if np.isnan(a.association.value) or np.sign(a.association.value) == np.sign(b.association.value):
        same(a, b)
    else:
        assert "two" in kinds
        assert numbers(a)[3:] == pytest.approx(numbers(b)[3:], rel=1e-7)
        assert [-v for v in numbers(a)[:3]] == pytest.approx(
            [numbers(b)[i] for i in (0, 2, 1)], rel=1e-7, nan_ok=True
        )


@given(seeds, st.sampled_from(PAIRS), st.booleans())
@examples(60)
def test_a_frequency_is_so_many_rows(seed: int, kinds: tuple[str, str], clusters: bool) -> None:
    frame = drawn(seed, kinds)
    rows = frame.loc[frame.index.repeat(frame["w"])].assign(w=1)
    design = "clusters and frequency" if clusters else "frequency"
    whole = found_of(frame, kinds, design)
    same(whole, found_of(rows, kinds, design))
    same(whole, found_of(rows, kinds, "clusters" if clusters else "rows"))


@given(seeds, st.sampled_from(["number", "few", "order"]), designs)
@examples(40)
def test_another_scale_turns_no_more_than_the_sign(seed: int, kind: str, design: str) -> None:
    frame = drawn(seed, (kind, "number"))
    a = found_of(frame, (kind, "number"), design)
    b = found_of(frame.assign(x=7 - 3 * frame["x"].astype(float)), (kind, "number"), design)
    wanted = numbers(a)
    assert [-b.association.value, -b.association.high, -b.association.low] == pytest.approx(wanted[:3], nan_ok=True)
    assert numbers(b)[3:] == pytest.approx(wanted[3:], nan_ok=True)
