"""Importance against R, all orders of entry, draws one by one, and planted truths."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.regression import CrossProducts, by_cluster, ols, together
from analysis.stats.relative_importance import Blocks, importance, importance_intervals, johnson, lmg
from tests.analysis.stats.golden import Case, data
from tests.proof import Figure

NAMES = ("a", "b", "c", "d", "e")
EACH = {name: [name] for name in NAMES}
TWO = {"pair": ["c", "a"], "b": ["b"], "rest": ["d", "e"]}


def of_rows(x: np.ndarray, y: np.ndarray, names: tuple[str, ...] = NAMES) -> CrossProducts:
    return CrossProducts.of(names, x, np.ones(len(y)), y, y**2)


def rows(seed: int, n: int = 150) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (n, 5)) @ rng.normal(0, 1, (5, 5)) + rng.normal(0, 3, 5)
    return x, x @ rng.normal(0, 1, 5) + rng.normal(0, 3, n)


def swiss() -> tuple[Case, CrossProducts, Blocks]:
    case, table = Case("lmg_johnson_swiss"), data("swiss")
    names = tuple(case.inputs["x"])
    cp = of_rows(table[list(names)].to_numpy(), table["Fertility"].to_numpy(), names)
    return case, cp, {name: [name] for name in names}


def test_swiss_against_r() -> None:
    case, cp, blocks = swiss()
    got, weights = importance(cp, blocks), johnson(cp, blocks)
    assert (got.method, weights.method, got.held) == ("lmg", "johnson", 0)
    assert got.r2 == case.near("R2")
    for key, values in (("lmg", got.value), ("first", got.first), ("last", got.last), ("johnson", weights.value)):
        assert dict(zip(got.names, values, strict=True)) == case.near(key)
    assert dict(zip(got.names, weights.value, strict=True)) == case.near("genizi")
    pratt = got.standardised * np.sqrt(got.first) * np.sign(ols(cp).standardised[1:])
    assert np.abs(pratt) == pytest.approx(np.abs(list(case.expected["pratt"].values())), rel=1e-8)
    assert got.share == pytest.approx(got.value / case.expected["R2"], rel=1e-8)


def by_orders(cp: CrossProducts, blocks: Blocks, hold: tuple[str, ...]) -> np.ndarray:
    """LMG as it is told: the gain of each block in each order of entry, averaged."""
    names, found = list(blocks), np.zeros(len(blocks))
    orders = list(itertools.permutations(names))
    for order in orders:
        entered, before = list(hold), ols(cp.only(hold)).r2
        for name in order:
            entered += blocks[name]
            now = ols(cp.only(entered)).r2
            found[names.index(name)] += (now - before) / len(orders)
            before = now
    return found


@pytest.mark.parametrize("hold", [(), ("b",), ("e", "b")])
@pytest.mark.parametrize("blocks", [{"ca": ["c", "a"], "d": ["d"]}, {"d": ["d"], "a": ["a"], "c": ["c"]}])
def test_lmg_against_all_orders(blocks: Blocks, hold: tuple[str, ...]) -> None:
    for seed in range(5):
        cp = of_rows(*rows(seed))
        got = lmg(cp, blocks, hold=hold)
        every = [*hold, *(c for columns in blocks.values() for c in columns)]
        assert got.value == pytest.approx(by_orders(cp, blocks, hold), rel=1e-8)
        assert (got.r2, got.held) == pytest.approx((ols(cp.only(every)).r2, ols(cp.only(hold)).r2), rel=1e-9)
        for k, columns in enumerate(blocks.values()):
            rest = [name for name in every if name not in columns]
            assert got.first[k] == pytest.approx(ols(cp.only([*hold, *columns])).r2 - got.held, rel=1e-7)
            assert got.last[k] == pytest.approx(got.r2 - ols(cp.only(rest)).r2, rel=1e-7)
            assert np.isnan(got.standardised[k]) == (len(columns) > 1)


@given(seed=st.integers(0, 10_000), held=st.booleans())
def test_parts_add_up_and_are_never_below_zero(seed: int, held: bool) -> None:
    cp = of_rows(*rows(seed))
    blocks = {name: [name] for name in NAMES[held:]}
    for method in (lmg, johnson):
        got = method(cp, blocks, hold=NAMES[:held])
        assert got.value.sum() == pytest.approx(got.r2 - got.held, rel=1e-7, abs=1e-9)
        assert got.share.sum() == pytest.approx(1) and np.all(got.value > -1e-9)


@given(seed=st.integers(0, 10_000), order=st.permutations(range(5)), scale=st.floats(1e-3, 1e3))
def test_order_and_units_do_not_matter(seed: int, order: list[int], scale: float) -> None:
    x, y = rows(seed)
    turned = of_rows(-x[:, order] * scale + 4, 10 * y - 3, tuple(NAMES[i] for i in order))
    for method in (lmg, johnson):
        before, after = (method(cp, {n: [n] for n in cp.names}) for cp in (of_rows(x, y), turned))
        assert after.value == pytest.approx(before.value[order], rel=1e-4, abs=1e-7)


@given(seed=st.integers(0, 10_000))
def test_blocks_are_their_spaces(seed: int) -> None:
    """Any other columns that span the same block leave LMG alone: another reference category, say."""
    x, y = rows(seed)
    mixed = x.copy()
    mixed[:, [2, 0]] = x[:, [2, 0]] @ [[1, 2], [0.5, -1]]
    before, after = lmg(of_rows(x, y), TWO), lmg(of_rows(mixed, y), TWO)
    assert after.value == pytest.approx(before.value, rel=1e-5, abs=1e-8)


def test_all_dummies_of_a_factor_are_welcome() -> None:
    rng = np.random.default_rng(3)
    code, wait = rng.integers(0, 4, 300), rng.normal(0, 1, 300)
    dummies, y = (code[:, None] == np.arange(4)).astype(float), code % 3 + wait + rng.normal(0, 2, 300)
    names = ("wait", "p", "q", "r", "s")
    cp = of_rows(np.column_stack([wait + code, dummies]), y, names)
    full = {"wait": ["wait"], "channel": list(names[1:])}
    for left_out in names[1:]:
        lean = {"wait": ["wait"], "channel": [n for n in names[1:] if n != left_out]}
        assert lmg(cp, full).value == pytest.approx(lmg(cp, lean).value, rel=1e-9)
    got = johnson(cp, full)
    assert got.value.sum() == pytest.approx(got.r2, rel=1e-9)
    again = johnson(cp.only(["s", "q", "wait", "p", "r"]), full)
    assert again.value == pytest.approx(got.value, rel=1e-8)


def test_copies_share_what_they_explain() -> None:
    x, y = rows(4)
    x[:, 1] = 5 - 2 * x[:, 0]
    x[:, 2] = 7.0
    for method in (lmg, johnson):
        got = method(of_rows(x, y), EACH)
        assert got.value[0] == pytest.approx(got.value[1], rel=1e-6) and got.value[0] > 0.001
        assert got.value[2] == pytest.approx(0, abs=1e-12)
    assert lmg(of_rows(x, y), EACH).last[:3] == pytest.approx(0, abs=1e-9)


def test_beyond_fifteen_blocks() -> None:
    rng = np.random.default_rng(5)
    names = tuple(f"x{i}" for i in range(16))
    x = rng.normal(0, 1, (400, 16)) + rng.normal(0, 1, (400, 1))
    cp, blocks = of_rows(x, x[:, 3] * 3 + rng.normal(0, 4, 400), names), {n: [n] for n in names}
    assert importance(cp, blocks).method == "johnson" and importance(cp, blocks).value.argmax() == 3
    with pytest.raises(ValueError, match="16 blocks"):
        lmg(cp, blocks)
    fifteen = {n: [n] for n in names[:15]}
    both = importance(cp, fifteen), johnson(cp, fifteen)
    assert both[0].method == "lmg"
    assert both[0].value == pytest.approx(both[1].value, abs=0.06)
    assert both[0].value.sum() == pytest.approx(both[0].r2, rel=1e-9)


def clusters(seed: int, g: int, noise: float = 3.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    code = np.repeat(np.arange(g), rng.integers(5, 25, g))
    x = rng.normal(0, 1, (len(code), 5)) + 0.7 * rng.normal(0, 1, (len(code), 1))
    level = rng.normal(0, 1, g)[code]
    return x, 2 * x[:, 0] + 1 * x[:, 1] + level + rng.normal(0, noise, len(code)), code


def parts_of(x: np.ndarray, y: np.ndarray, code: np.ndarray) -> list[CrossProducts]:
    return by_cluster(code, NAMES, x, np.ones(len(y)), y, y**2)


@pytest.mark.parametrize("method", ["lmg", "johnson"])
def test_bootstrap_against_draws_one_by_one(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = parts_of(*clusters(6, 12))
    if method == "johnson":
        monkeypatch.setattr("analysis.stats.relative_importance.MOST_BLOCKS", 2)
    got = importance_intervals(parts, TWO, draws=40, confidence=0.9, seed=7)
    times = np.random.default_rng(7).multinomial(12, np.full(12, 1 / 12), 40)
    drawn = [together(p for p, k in zip(parts, row, strict=True) for _ in range(k)) for row in times]
    found = [{"lmg": lmg, "johnson": johnson}[method](cp, TWO) for cp in drawn]
    value, share = np.array([f.value for f in found]), np.array([f.share for f in found])
    assert got.low == pytest.approx(np.quantile(value, 0.05, axis=0), rel=1e-9)
    assert got.high == pytest.approx(np.quantile(value, 0.95, axis=0), rel=1e-9)
    assert got.share_low == pytest.approx(np.quantile(share, 0.05, axis=0), rel=1e-9)
    assert got.share_high == pytest.approx(np.quantile(share, 0.95, axis=0), rel=1e-9)
    assert got.top == pytest.approx([np.mean(value.argmax(axis=1) == k) for k in range(3)])
    assert (got.clusters, got.draws, got.top.sum()) == (12, 40, pytest.approx(1))


def test_bootstrap_repeats_and_holds() -> None:
    parts, blocks = parts_of(*clusters(8, 30)), {"a": ["a"], "c": ["c"]}
    one, two = (importance_intervals(parts, blocks, hold=["b"], seed=3) for _ in range(2))
    assert np.array_equal(one.low, two.low) and np.array_equal(one.top, two.top)
    point = importance(together(parts), blocks, hold=["b"])
    assert np.all((one.low < point.value) & (point.value < one.high + 0.01))
    assert one.top[0] == 1


def test_too_little_to_tell() -> None:
    x, y, code = clusters(9, 5)
    alone = importance_intervals(parts_of(x, y, np.zeros(len(y))), EACH)
    assert alone.clusters == 1 and np.all(np.isnan(alone.low)) and np.all(np.isnan(alone.top))
    flat = importance(of_rows(x, np.full(len(y), 8.0)), EACH)
    assert np.isnan(flat.r2) and np.all(np.isnan(flat.value)) and np.all(np.isnan(flat.share))
    assert np.all(np.isnan(importance_intervals(parts_of(x, np.full(len(y), 8.0), code), EACH).low))
    none = importance(of_rows(x, y), {})
    assert len(none.value) == 0 and none.r2 == 0
    assert importance_intervals(parts_of(x, y, code), {}).draws == 0


@pytest.mark.prove
def test_intervals_cover_a_planted_share(figure: Figure) -> None:
    """Two overlapping drivers of five: the share of the larger, known from a million answers, is inside 95 %."""
    x, y, _ = clusters(10, 40_000)
    truth = importance(of_rows(x, y), EACH).share[0]
    runs = [importance_intervals(parts_of(*clusters(seed, 50)), EACH, draws=300) for seed in range(300)]
    inside = np.mean([r.share_low[0] <= truth <= r.share_high[0] for r in runs])
    assert 0.90 <= figure("covered", inside) <= 0.98
