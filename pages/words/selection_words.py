"""Which part of the data is asked about, in words: metric, period against baseline, filters, version. Pure."""

from __future__ import annotations

from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.semantics import SemanticModel
from pages.words.catalogue import Catalogue


def line(words: Catalogue, plain: Catalogue, model: SemanticModel, selection: Selection, version: str) -> str:
    """All of it on one line. words: what the line is written with; plain: the same without escapes, for names."""
    parts = [words.text("line.metric", metric=metric_name(plain, selection.metric),
                        formula=_formula(model.measure(selection.metric), words))]  # fmt: skip
    if selection.baseline:
        parts.append(words.text("line.against", period=selection.period, baseline=selection.baseline))
    else:
        parts.append(words.show(selection.period, "period"))
    parts += filters(words, plain, selection)
    parts += [words.text("line.version", version=version)] if version else []
    return " · ".join(parts)


def filters(words: Catalogue, plain: Catalogue, selection: Selection) -> list[str]:
    """Each filter with its values by name."""
    found = []
    for part in selection.filters:
        values = [plain.show(value, "name", dimension=part.dimension) for value in part.values]
        found.append(words.text("line.filter", name=metric_name(plain, part.dimension), values=", ".join(values)))
    return found


def metric_name(plain: Catalogue, name: str) -> str:
    """What a metric, driver or dimension is called."""
    return plain.show({"dimension": name}, "name")


def unit_in_words(unit: str, words: Catalogue) -> str:
    """A column's own unit: seconds for s, as it stands where it has no words."""
    key = f"formula.in_{unit}"
    return words.text(key) if words.has(key) else unit


def _formula(metric: Metric, words: Catalogue) -> str:
    """How the metric is made from the answers, in a word or two."""
    if metric.kind.measure:
        return words.text("formula.raw_in", unit=unit_in_words(metric.kind.measure, words))
    return words.text(f"formula.{metric.kind.formula}")
