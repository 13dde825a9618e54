"""Answers what was asked on the command line: opens the source, reads what was meant, runs the analysis, writes it.

Apart from `analysis.__main__`, so that its help need not wait for what an answer takes. It belongs to that entry
point: it may use the words of `pages.words`, and the sample.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from analysis.methods import analysis_of
from analysis.result import Result
from data_access.columns import cut_meant, name_meant
from data_access.selection import Filter, Period, Selection
from data_access.semantics import near
from data_access.settings import Settings
from data_access.sources import open_source
from data_access.statement import BadInput
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Limits, Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.methods import presentation_of, presentations
from pages.words.names import Names, labels_of
from pages.words.options import Cut, Filters, Option, option_meant
from pages.words.writers import writer
from pages.words.writers.robot_text import to_webhook

SAMPLE_MODEL = Path(__file__).resolve().parents[1] / "sample_data" / "semantic.toml"


def answer(asked: argparse.Namespace, words: Catalogue) -> str:
    """What was asked, in the format that was asked for. Raises Problem."""
    given, shown = _options(asked), presentation_of(asked.method)
    if asked.webhook and not shown.status:
        told = ", ".join(other.method for other in presentations() if other.status)
        raise BadInput("command.not_taken", flag="--webhook", method=shown.method, others=told)
    warehouse = opened(asked.source, asked.model)
    result = _answer(asked, given, warehouse)
    asked.status = shown.status(result) if shown.status else 0
    named = words.about(warehouse.model.measure(result.metric)).with_names(names_of(warehouse, words))
    return to_webhook(result, named) if asked.webhook else writer(asked.format)(result, named)


def names_of(warehouse: Warehouse, words: Catalogue) -> Names:
    """Codes of the sample and the taxonomy in words, as on the screen."""
    return Names(warehouse.model, load_taxonomy(), words, labels_of(warehouse.companion("labels"), words.language))


def _answer(asked: argparse.Namespace, given: Mapping[str, Any], warehouse: Warehouse) -> Result:
    shown, selection = presentation_of(asked.method), _selection(asked, warehouse)
    options = {option.name: _named(given[option.name], option, warehouse)
               for option in shown.options if option.name in given}  # fmt: skip
    if shown.path:
        selection, options[shown.path.name] = replace(selection, filters=()), _steps(asked, warehouse)
    return analysis_of(asked.method)(warehouse, selection, **options)


def _options(asked: argparse.Namespace) -> dict[str, Any]:
    """What the options of the method are, by name. Raises BadInput for one that it does not take."""
    shown = presentation_of(asked.method)
    own = {option.flag: option for option in shown.options if option.flag}
    takers: dict[str, list[str]] = {}
    for other in presentations():
        for option in other.options if other.answers else ():
            takers.setdefault(option.flag, []).append(other.method)
    for flag in filter(None, takers):
        if flag not in own and _typed(asked, flag) is not None:
            raise BadInput("command.not_taken", flag=flag, method=shown.method, others=", ".join(takers[flag]))
    found = {option.name: option.always for option in shown.options if option.always and not option.flag}
    texts = {option: _typed(asked, flag) for flag, option in own.items()}
    return found | {o.name: o.usual if text is None else o.read(text) for o, text in texts.items()}


def _typed(asked: argparse.Namespace, flag: str) -> Any:
    """The text behind a flag, of one that may be repeated all of them; None where it was not given."""
    text: Any = getattr(asked, flag.strip("-").replace("-", "_"))
    return text


def _named(value: Any, option: Option, warehouse: Warehouse) -> Any:
    """Metrics, drivers and dimensions by their names in the model, whatever they are called; members as --where."""
    if isinstance(option, Filters) and option.flag:
        return _filters(value, warehouse)
    if not option.of_model or not value:
        return value
    model = warehouse.model
    find = cut_meant if isinstance(option, Cut) else name_meant
    return find(model, value) if isinstance(value, str) else tuple(find(model, name) for name in value)


def opened(source: str | None, model: Path | None) -> Warehouse:
    """A source with its model, else the sample. Raises Problem."""
    settings = Settings.from_environment()
    limits = Limits(settings.query_timeout_s, settings.row_cap)
    cache = settings.data_folder / "files"
    if source:
        return open_source(source, cache=cache, model=model, limits=limits)
    from sample_data.make import ensure

    try:
        sample = ensure()
    except OSError as error:
        detail = error.strerror or str(error)
        raise BadInput("file.no_cache", path=str(settings.data_folder), detail=detail) from error
    return open_source(f"duckdb:///{sample}", cache=cache, model=model or SAMPLE_MODEL, limits=limits)


def _selection(asked: argparse.Namespace, warehouse: Warehouse) -> Selection:
    given = vars(asked)
    metric = name_meant(warehouse.model, asked.metric or next(iter(warehouse.model.metrics)))
    period = _period(given, "from", "to", warehouse)
    baseline = _period(given, "baseline_from", "baseline_to", warehouse)
    if baseline is not None and period is None:
        raise BadInput("command.baseline_alone")
    shown = presentation_of(asked.method)
    (warehouse.model.measure if shown.measure else warehouse.model.metric)(metric)
    return Selection(metric, period, baseline, tuple(sorted(_steps(asked, warehouse))))


def _steps(asked: argparse.Namespace, warehouse: Warehouse) -> tuple[Filter, ...]:
    """The --where in the order in which each dimension comes first, its values together."""
    return _filters(asked.where, warehouse)


def _filters(texts: Sequence[str], warehouse: Warehouse) -> tuple[Filter, ...]:
    merged: dict[str, Filter] = {}
    for part in (_filter(text, warehouse) for text in texts):
        known = merged.get(part.dimension)
        merged[part.dimension] = replace(part, values=(*known.values, *part.values)) if known else part
    return tuple(merged.values())


def _period(given: Mapping[str, date | None], start: str, end: str, warehouse: Warehouse) -> Period | None:
    """Both ends, or one of them and the end of the data on the other side."""
    first, last = given[start], given[end]
    if first is None and last is None:
        return None
    if warehouse.model.time is None:
        raise BadInput("model.no_time")
    if first is None or last is None:
        raise BadInput("command.half_period", given=_option(end if first else start))
    if last <= first:
        raise BadInput("command.empty_period", start=first, end=last)
    return Period(first, last)


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _filter(text: str, warehouse: Warehouse) -> Filter:
    """DIM=VALUE, by code or as on the screen; no value is a blank cell. An unknown one is named with the nearest."""
    name, sign, value = text.partition("=")
    if not sign:
        raise BadInput("command.bad_where", text=text)
    name, wanted = warehouse.model.dimension(cut_meant(warehouse.model, name)).name, value or None
    known = warehouse.members(name)
    if wanted is None and None not in known:
        raise BadInput("model.no_blank", dimension=name)
    if wanted not in known:
        wanted = _member_meant(value, name, warehouse)
    if wanted is None and value:
        raise BadInput("model.unknown_value", dimension=name, name=value, near=near(value, filter(None, known)))
    return Filter(name, (wanted,))


def _member_meant(value: str, dimension: str, warehouse: Warehouse) -> str | None:
    """The value of a dimension that the screen shows so in some language."""
    known = [member for member in warehouse.members(dimension) if member is not None]
    for language in LANGUAGES:
        names = names_of(warehouse, Catalogue.load(language))
        if found := option_meant(value, known, lambda code, names=names: names(dimension, code)):  # type: ignore[misc]
            return found
    return None
