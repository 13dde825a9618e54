"""What are the values on a slide called? Kept with it, so that it reads the same once the data are away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import pandas as pd

from analysis.review.kept import KEPT
from data_access.metrics import Metric
from data_access.semantics import Dimension, SemanticModel
from data_access.workshop.meeting_records import MeetingSlide

NAMES = (
    "names"  # among what is kept: (dimension, value, English, Chinese), "" the dimension of a dimension's own name
)
REASON = "$reason"  # in place of a dimension: its name is one of reasons, whose members the taxonomy may know
Named = tuple[str, str, str, str]


@dataclass(frozen=True)
class Data:
    """The data that a slide speaks of: its model, and the words that the data have for their own codes."""

    model: SemanticModel
    labels: pd.DataFrame | None = None


def with_names(slide: MeetingSlide, data: Data) -> MeetingSlide:
    """The slide with the names of all that stands on it."""
    said = {text for name in ("options", "statements", "rows", "parts", "statistics", "selection")
            for text in _texts(getattr(slide, name))}  # fmt: skip
    names = (*_of_model(data.model, said), *_of_values(data.labels, said))
    kept = {**slide.options.get(KEPT, {}), NAMES: names}
    return replace(slide, options={**slide.options, KEPT: kept})


def _of_model(model: SemanticModel, said: set[str]) -> tuple[Named, ...]:
    own: dict[str, Dimension | Metric] = {
        **model.metrics,
        **{name: cut for name, cut in model.cuts.items() if not cut.built_in},
    }
    reasons = ((REASON, name, "", "") for name in sorted(model.reasons) if name in said)
    return (*reasons, *(("", name, one.labels.get("en"), one.labels.get("zh-CN"))
                 for name, one in sorted(own.items()) if name in said))  # fmt: skip


def _of_values(labels: pd.DataFrame | None, said: set[str]) -> tuple[Named, ...]:
    if labels is None or not {"dimension", "value", "en", "zh"} <= set(labels.columns):
        return ()
    rows = labels[["dimension", "value", "en", "zh"]].astype(object).where(labels[["en", "zh"]].notna().all(axis=1))
    found = ((str(d), str(v), str(en), str(zh)) for d, v, en, zh in rows.dropna().itertuples(index=False))
    return tuple(sorted(row for row in found if row[0] in said and row[1] in said))


def _texts(value: Any) -> Iterator[str]:
    """Every text in it, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield str(name)
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
