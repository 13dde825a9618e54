"""Which rollups pay? Views are chosen greedily, as Harinarayan, Rajaraman and Ullman (1996) choose those of a cube.

The cost of a question is the rows that are read for it: those of the smallest view that answers it, else all
contacts. Each step takes the view that saves the most rows over all questions per row it needs itself, until the
budget is spent or nothing is worth its while.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from data_access.rollups.sizes import sizes
from data_access.semantics import SemanticModel
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.rollup_view import Needs, View, answers, main_metric

WORTH = 0.002  # of the rows that all questions read without rollups: less is not worth a view
LEAST_SAVED = 2.0  # a view with more than half as many rows as there are contacts is none
SHARE = 5  # of the contacts, one in so many rows unless a budget is given
SEARCH = 4.0  # a search asks for cells more than once, and of the most dimensions
MOST_SINGLE = 16  # dimensions of which all pairs are questions


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a page asks, and how often beside others."""

    needs: Needs
    grain: str
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A view, about how many rows it will have, and how many rows the questions need not read with it."""

    view: View
    rows: float
    saved: float


def propose(contacts: Contacts, *, budget: int | None = None, since: str = "") -> tuple[list[Proposal], int]:
    """Views in the order of their worth, and the most rows that they may have together."""
    model = contacts.model
    drawn = sizes(contacts, [*_cut_by(model), *model.reasons])
    asked = questions(model, halves=contacts.has_halves())
    views = {view: drawn.rows(view) for view in candidates(asked, since)}
    fit = {view: rows for view, rows in views.items() if rows * LEAST_SAVED <= drawn.of}
    most = budget or max(drawn.of // SHARE, 1)
    chosen = chosen_of(model, fit, asked, drawn.of, most)
    named = [replace(p, view=replace(p.view, name=f"r{i:02d}")) for i, p in enumerate(chosen, start=1)]
    return named, most


def chosen_of(
    model: SemanticModel, fit: dict[View, float], asked: Sequence[Question], contacts: float, budget: float
) -> list[Proposal]:
    """The greedy choice among views of known sizes."""
    able = {view: [i for i, q in enumerate(asked) if _can(view, q, model)] for view in fit}
    costs, chosen, left = [float(contacts)] * len(asked), list[Proposal](), float(budget)
    least = WORTH * contacts * sum(q.weight for q in asked)
    while True:
        saved = {
            view: sum(asked[i].weight * max(costs[i] - rows, 0.0) for i in able[view])
            for view, rows in fit.items()
            if rows <= left
        }
        worth = {view: gain for view, gain in saved.items() if gain >= least}
        if not worth:
            return chosen
        best = max(worth, key=lambda view: (worth[view] / max(fit[view], 1.0), view.dimensions))
        chosen.append(Proposal(view=best, rows=fit[best], saved=saved[best]))
        left -= fit[best]
        for i in able[best]:
            costs[i] = min(costs[i], fit[best])


def _can(view: View, question: Question, model: SemanticModel) -> bool:
    return answers(view, question.needs, model) and _grain_serves(view.grain, question.grain)


def _grain_serves(grain: str, least: str) -> bool:
    """A search asks for whole months, all others for days; a finer grain serves too."""
    order = ("", "month", "day", "hour")
    return order.index(grain) >= order.index(least)


def questions(model: SemanticModel, *, halves: bool) -> list[Question]:
    """What pages ask of a model: each dimension, any two (one cut, one filter), hours and reasons, and the search."""
    cuts, day = _cut_by(model), "day" if model.time else ""
    pairs = list(combinations(cuts[:MOST_SINGLE], 2))
    sets = [(), *((cut,) for cut in cuts), *pairs, *((r,) for r in model.reasons)]
    sets += [(reason, cut) for reason in model.reasons for cut in cuts]
    asked = [_asked(model, one, day) for one in sets]
    if model.time:
        asked += [_asked(model, one, "hour", ("hour",)) for one in ((), *((cut,) for cut in cuts))]
    whole = [name for name in cuts if not model.dimension(name).overlaps]
    needs = Needs(metrics=_main(model), dimensions=frozenset(whole), halved=halves)
    return [*asked, Question(needs=needs, grain="month" if model.time else "", weight=SEARCH)]


def candidates(asked: Sequence[Question], since: str) -> Iterable[View]:
    """Views of the dimensions of one question or of two that share some of them, with values or as sums alone."""
    for question in asked:
        dimensions = tuple(sorted(d for d in question.needs.dimensions if d != "hour"))
        for grain in _grains(question.grain):
            yield View(name="", grain=grain, dimensions=dimensions, valued=question.needs.valued,
                       halved=question.needs.halved, since=since)  # fmt: skip
    named = sorted({d for q in asked for d in q.needs.dimensions if q.needs.valued and d != "hour"})
    cluster = set.intersection(*(set(q.needs.dimensions) for q in asked if q.needs.valued))
    for three in combinations([name for name in named if name not in cluster][:MOST_SINGLE], 3):
        for grain in _grains(asked[0].grain):
            yield View(name="", grain=grain, dimensions=tuple(sorted({*three, *cluster})), valued=True, since=since)


def _asked(model: SemanticModel, cuts: Sequence[str], grain: str, timed: Sequence[str] = ()) -> Question:
    clusters = [model.cluster] if model.cluster else []
    dimensions = frozenset([*cuts, *clusters, *timed])
    main = _main(model)
    return Question(needs=Needs(metrics=main, dimensions=dimensions, valued=bool(main)), grain=grain)


def _grains(grain: str) -> tuple[str, ...]:
    return ("month", "day") if grain == "month" else (grain,)


def _main(model: SemanticModel) -> tuple[str, ...]:
    main = main_metric(model)
    return (main.name,) if main else ()


def _cut_by(model: SemanticModel) -> list[str]:
    return list(model.dimensions)
