"""What loses more than it should? Every member of a dimension against the others, like for like.

A run of days or hours is one member as well. `gap` is the loss per answer beyond that of the others with the same
strata (see `case_mix`), `cost` what it takes off the whole, `p` of the test that there is no gap; `plain_gap` and
`plain_p` are what an eye sees that compares the members as they are, their answers taken as independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import Segment, coded, totals
from analysis.stats.intervals import Array, welch
from analysis.stats.patience import step_by_step
from analysis.step_names import COUNTED
from analysis.trace.cluster_variance import SUMS, mean_and_error
from analysis.trace.members import p_against_rest
from analysis.trace.runs import best_run, runs_tried
from analysis.worth_knowing.case_mix import columns_of, like_for_like
from data_access.metrics import Metric

Cells = Mapping[str, Array]  # columns by name
COLUMNS = [
    "dimension", "value", "n", "others", "share", "lost_share", "score", "usual", "gap", "cost", "p", "tried",
    "plain_gap", "plain_p", "strata",
]  # fmt: skip


def levels(frames: Mapping[str, pd.DataFrame], strata: Mapping[str, Sequence[str]], metric: Metric) -> pd.DataFrame:
    """A row for each member of each dimension, with COLUMNS.

    frames: losses by dimension and its strata. tried: how many members or runs of the dimension were tested.
    """
    rows = [row for name in step_by_step(frames) for row in _of_dimension(name, frames[name], strata[name], metric)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_dimension(name: str, frame: pd.DataFrame, strata: Sequence[str], metric: Metric) -> Iterator[dict[str, Any]]:
    """The members of one dimension; a blank one is nobody to compare others with."""
    whole = {column: float(frame[column].sum()) for column in ("w", "lost")}
    known = frame[[segment != (None,) for segment in frame["segment"]]]
    if known["segment"].nunique() < 2:
        return
    segments, (known,) = coded(known)
    alike, used = like_for_like(known, strata)
    members = _sides(segments, columns_of(known), alike, whole, metric)
    tried = len(members)
    if name in COUNTED and all(str(value).isdigit() for (value,) in members["segment"]):
        run = _run(members, whole)
        chosen = [(value in run,) for (value,) in known["segment"]]
        segments, (known,) = coded(known.assign(segment=chosen))
        own = columns_of(known)
        members, tried = _sides(segments, own, {**alike, "s": own["s"]}, whole, metric), runs_tried(tried)
        members = members[[inside for (inside,) in members["segment"]]].assign(value=[run])
    else:
        members = members.assign(value=members["segment"])
    columns = {str(column): values.tolist() for column, values in members.items() if column != "segment"}
    for row in zip(*columns.values(), strict=True):
        yield {"dimension": name, "tried": tried, "strata": tuple(used), **dict(zip(columns, row, strict=True))}


def _run(members: pd.DataFrame, whole: Mapping[str, float]) -> Segment:
    """The days or hours one after another that lose most beyond what is usual."""
    share = members["share"].to_numpy() / members["share"].sum()
    kept = share + members["cost"].to_numpy() / max(whole["lost"] / whole["w"], 1e-12)
    return best_run([value for (value,) in members["segment"]], share, kept)


def _sides(
    segments: Sequence[Segment], known: Cells, alike: Cells, whole: Mapping[str, float], metric: Metric
) -> pd.DataFrame:
    """Each member beside the others; the cells have the numbers of their segments."""
    k = len(segments)
    own = {name: totals(known, name, k) for name in SUMS}
    lost = totals(alike, "lost", k)
    loss, gap = own["lost"] / own["w"], _gap(lost, totals(alike, "w", k), alike)
    columns = {
        "n": own["n"], "others": own["n"].sum() - own["n"], "share": own["w"] / whole["w"],
        "lost_share": own["lost"] / max(whole["lost"], 1e-12),
        "score": metric.best - metric.sign * loss, "usual": metric.best - metric.sign * (loss - gap), "gap": gap,
        "cost": lost / whole["w"], "p": p_against_rest(alike, alike, k),
        "plain_gap": _gap(own["lost"], own["w"], known), "plain_p": _plain_p(own, known),
    }  # fmt: skip
    return pd.DataFrame({"segment": pd.Series(segments, dtype=object), **columns})


def _gap(lost: Array, weight: Array, base: Cells) -> Array:
    """Mean loss inside less that outside."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = (float(base["lost"].sum()) - lost) / (float(base["w"].sum()) - weight)
        return np.asarray(lost / weight - rest)


def _plain_p(own: Mapping[str, Array], base: Cells) -> Array:
    rest = {name: float(base[name].sum()) - own[name] for name in SUMS}
    (mean0, error0), (mean1, error1) = mean_and_error(rest), mean_and_error(dict(own))
    return np.array([d.p for d in welch(mean0, error0, rest["n"], mean1, error1, own["n"])])
