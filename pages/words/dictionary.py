"""What does every metric and every method mean? Derived from the model and the presentations, with texts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.methods import METHODS
from data_access.metrics import Metric
from data_access.semantics import SemanticModel
from pages.words.catalogue import LANGUAGES, Catalogue, texts
from pages.words.dictionary_examples import EXAMPLES, Example
from pages.words.methods import presentation_of
from pages.words.service_words import measure_name

METRIC, METHOD = "metric", "method"
LONE_LETTER = re.compile(r"(?<![a-z0-9])([a-z])\s+(?=[\u4e00-\u9fff])")
# which example shows how a method computes, and for which levels of measurement it is
SHOWN_BY = {
    "overview": "points", "contribution": "loss", "change": "split", "contrast": "welch", "association": "ranks",
    "pair": "ranks", "drivers": "drivers", "dose": "dose", "segments": "split", "worth_knowing": "welch",
    "leading_cause": "split", "suspects": "did", "trace": "loss", "before_after": "welch", "effect": "did",
    "reachability": "power", "recurrence": "welch", "service": "share", "service_measure": "share",
    "peers": "shrunken", "definitions": "points", "access": "share", "fcr": "fcr", "complaints": "share",
    "quality": "share", "bot": "share", "people": "loss", "control_chart": "limits", "monitor": "limits",
    "data_health": "share", "daily_report": "share", "risk": "cost", "recovery": "held_out",
}  # fmt: skip
LEVELS = {
    "association": "any", "pair": "any", "contrast": "answers", "dose": "interval", "drivers": "numbers",
    "risk": "numbers", "data_health": "any", **dict.fromkeys(
        ("service", "service_measure", "access", "fcr", "complaints", "quality", "bot", "daily_report", "recovery"),
        "share"),
}  # fmt: skip
STANDARDS = frozenset(
    {"service", "service_measure", "access", "fcr", "complaints", "quality", "bot", "people", "peers"}
)
MEASURE_PLACE = "service.formula."
TINY = {"count": 8, "n": 10, "value": 0.8, "cases": 10, "worth": 8}  # what the measures' own formulas are shown with


@dataclass(frozen=True)
class Entry:
    """A term in one language; `page` and `asked` say where it is used, `also` what it is called besides."""

    term: str
    part: str
    name: str
    formula: str
    also: str
    example: Example | None = None
    traps: str = ""
    levels: str = "share"
    standards: bool = False
    page: str = ""
    asked: str = ""


def entries(words: Catalogue, model: SemanticModel | None = None) -> tuple[Entry, ...]:
    """All of them: the metrics of the model, those of the service, and every method."""
    metrics = model.metrics.values() if model else ()
    own = [of_metric(metric, words) for metric in metrics]
    measures = [of_measure(name, words) for name in measures_known() if not model or name not in model.metrics]
    return (*own, *measures, *(of_method(name, words) for name in METHODS))


def measures_known() -> Sequence[str]:
    return [key.removeprefix(MEASURE_PLACE) for key in texts("en") if key.startswith(MEASURE_PLACE)]


def of_method(name: str, words: Catalogue) -> Entry:
    place, shown = f"dictionary.method.{name}", presentation_of(name)
    return Entry(
        term=name, part=METHOD, name=words.text(f"page.{name}"), formula=words.text(f"{place}.formula"),
        also=" ".join((words.text(f"{place}.also"), *_in_all((f"page.{name}", shown.question)))),
        example=EXAMPLES[SHOWN_BY[name]](), traps=words.text(f"{place}.traps"), levels=LEVELS.get(name, "score"),
        standards=name in STANDARDS, page=shown.shown_on,
    )  # fmt: skip


def of_metric(metric: Metric, words: Catalogue) -> Entry:
    """A metric of the model by the formula of its kind, with its column and limits."""
    place = f"dictionary.kind.{metric.kind.formula}"
    said = [words.text(f"{place}.formula"), *_limits(metric, words)]
    also = (words.text(f"{place}.also"), *metric.labels.all, "FCR 一解率 一次解决率" if metric.repeat else "")
    return Entry(
        term=metric.name, part=METRIC, name=metric.labels.get(words.language), formula=" · ".join(said),
        also=" ".join(also), example=EXAMPLES[_example_of(metric)](),
        traps=words.text("dictionary.method.fcr.traps" if metric.repeat else f"{place}.traps"),
        levels="share" if metric.unit.is_share else "answers", standards=bool(metric.repeat), page="overview",
        asked=metric.name,
    )  # fmt: skip


def _example_of(metric: Metric) -> str:
    if metric.repeat:
        return "fcr"
    own = metric.kind.formula
    return own if own in EXAMPLES else "share" if metric.unit.is_share else "points"


def _limits(metric: Metric, words: Catalogue) -> list[str]:
    limits = ((metric.at_least, "at_least"), (metric.at_most, "at_most"))
    said = [words.text(f"dictionary.{key}", value=value) for value, key in limits if value is not None]
    column = [] if metric.repeat else [words.text("dictionary.column", column=metric.column)]
    return [*said, *column, *([words.text("dictionary.better_low")] if metric.better == "low" else [])]


def of_measure(name: str, words: Catalogue) -> Entry:
    """A measure of the service: its formula is already one with numbers."""
    also = _in_all((f"service.measure.{name}",))
    return Entry(
        term=name, part=METRIC, name=measure_name(name, words), formula=words.text(f"{MEASURE_PLACE}{name}", **TINY),
        also=" ".join(also), example=EXAMPLES["share"](), traps=words.text("dictionary.method.service_measure.traps"),
        standards=True, page="service",
    )  # fmt: skip


def _in_all(keys: Iterable[str]) -> list[str]:
    """What something is called in every language, so that it is found in each."""
    return [texts(language)[key] for key in keys for language in LANGUAGES]


def found(known: Sequence[Entry], text: str) -> list[Entry]:
    """The entries that hold every word of a text; those whose name does come first.

    A Chinese text has no blanks: it is found as a whole, and a single letter belongs to it ("p 值").
    """
    wanted = LONE_LETTER.sub(r"\1", text.casefold()).split()
    held = [entry for entry in known if all(word in _searched(entry) for word in wanted)]
    return sorted(held, key=lambda entry: not all(word in _called(entry) for word in wanted))


def _called(entry: Entry) -> str:
    return f"{entry.term} {entry.name} {entry.also}".casefold()


def _searched(entry: Entry) -> str:
    return f"{_called(entry)} {entry.formula}".casefold()
