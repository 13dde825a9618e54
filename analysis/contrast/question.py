"""What exactly is contrasted with what? The question, with defaults filled in and mistakes named."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.cuts import check_side_by_side
from analysis.methods import QUESTIONS
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.semantics import Level, SemanticModel, near
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

TARGET = "target"
METHODS = (
    "welch_t", "clustered_t", "brunner_munzel", "mann_whitney", "two_proportions", "fisher", "welch_anova",
    "clustered_wald", "kruskal_wallis", "chi2", "cochran_armitage", "linear_by_linear", "paired_t", "wilcoxon",
    "mcnemar", "nps",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Question:
    """One contrast: the metric, the dimensions, what is compared with what, and the options the user chose."""

    selection: Selection
    metric: Metric
    kind: str
    by: tuple[str, ...] = ()
    method: str = ""
    threshold: float | None = None
    segment: tuple[str | None, ...] | None = None
    against: str = ""
    alike: tuple[str, ...] = ()
    complexity: str = ""
    ordered: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


def question_of(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    question: str = "",
    method: str = "",
    threshold: float | None = None,
    segment: Sequence[str | None] | None = None,
    against: str = "",
    alike: Sequence[str] = (),
    complexity: str = "",
) -> Question:
    """The question, checked against the model.

    Raises BadInput for dimensions whose segments overlap or follow from the rating, for a question that lacks its
    second sample, and for an unknown method, measure or kind; the message suggests the nearest name.
    """
    model = warehouse.model
    check_side_by_side(model, [*by, *alike])
    kind = question or _default_kind(selection, against, segment)
    _check(kind, method, by, selection=selection, against=against, threshold=threshold)
    given = {
        "question": question, "method": method, "threshold": threshold, "against": against, "complexity": complexity,
        "segment": tuple(segment) if segment is not None else None, "alike": tuple(alike),
    }  # fmt: skip
    if complexity:
        model.measure(complexity)
    return Question(
        selection=selection,
        metric=model.measure(selection.metric),
        kind=kind,
        by=tuple(by),
        method=method,
        threshold=threshold,
        segment=given["segment"],  # type: ignore[arg-type]
        against=against,
        alike=tuple(alike),
        complexity=complexity,
        ordered=order_of(warehouse.model, by),
        options={"by": tuple(by), **{k: v for k, v in given.items() if v not in ("", None, ())}},
    )


def _default_kind(selection: Selection, against: str, segment: Sequence[str | None] | None) -> str:
    if against:
        return "target" if against == TARGET or _is_number(against) else "benchmark"
    if segment is not None:
        return "rest"
    return "period" if selection.baseline else "groups"


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _check(
    kind: str, method: str, by: Sequence[str], *, selection: Selection, against: str, threshold: float | None
) -> None:
    if kind not in QUESTIONS:
        raise BadInput("contrast.unknown_question", name=kind, near=near(kind, QUESTIONS))
    if method and method not in METHODS:
        raise BadInput("contrast.unknown_method", name=method, near=near(method, METHODS))
    if kind in ("groups", "rest") and not by:
        raise BadInput("contrast.no_dimension")
    if kind == "period" and (selection.period is None or selection.baseline is None):
        raise BadInput("contrast.no_baseline")
    if (kind == "target" and not (against == TARGET or _is_number(against))) or (kind == "benchmark" and not against):
        raise BadInput(f"contrast.no_{kind}")
    if kind in ("target", "benchmark") and method:
        raise BadInput("contrast.method_not_here", name=method)  # the reference decides the test
    if threshold is not None and not threshold > 0:
        raise BadInput("contrast.bad_threshold", value=threshold)


def order_of(model: SemanticModel, by: Sequence[str]) -> tuple[str, ...]:
    """The members of a single ordered dimension, lowest first; none where order means nothing."""
    if len(by) != 1:
        return ()
    dimension = model.dimension(by[0])
    return dimension.order if dimension.level is Level.ORDINAL and not dimension.built_in else ()
