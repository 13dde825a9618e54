"""Every analysis from the command line: the same numbers as on the screen.

    python -m analysis METHOD --source SOURCE [--model FILE.toml] [--metric NAME] [--from D --to D]
           [--baseline-from D --baseline-to D] [--where DIM=VALUE ...] [--by DIM[,DIM]]
           [--lang en|zh-CN] [--format json|csv|text]

SOURCE is a SQLAlchemy URL, or the path of a CSV, XLSX, Parquet, DuckDB or SQLite file; without it the sample is used.
Without --model a draft is used. Periods are half-open [from, to); without dates: all data. Values of one dimension
are joined by OR, dimensions by AND. Rates are 0..100, shares and contributions 0..1. In CSV, text that a spreadsheet
would run as a formula has an apostrophe in front; JSON holds values as --where takes them. An entry point: it may use
the words of `pages.words`.

{methods}

Exit 0 done, 2 usage or bad input, 3 the source cannot be reached.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from analysis.methods import analysis_of
from analysis.result import Result
from data_access.columns import cut_meant, name_meant
from data_access.selection import Filter, Period, Selection
from data_access.semantics import SemanticModel, near
from data_access.settings import Settings
from data_access.sources import open_source
from data_access.statement import BadInput, Problem, Unreachable
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Limits, Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.methods import presentation_of, presentations
from pages.words.names import Names, labels_of
from pages.words.options import Cut, Option, option_meant
from pages.words.presentation import Presentation
from pages.words.writers import WRITERS

SAMPLE_MODEL = Path(__file__).resolve().parents[1] / "sample_data" / "semantic.toml"


class Parser(argparse.ArgumentParser):
    """A mistake on the command line is one line on standard error and exit code 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one analysis and print its answer; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    asked = _parser().parse_args(arguments)
    words = Catalogue.load(asked.lang)
    try:
        warehouse = _opened(asked)
        result = _answer(asked, warehouse)
        sys.stdout.write(WRITERS[asked.format](result, words.with_names(_names(warehouse, words))))
    except Problem as problem:
        print(" ".join(words.say(problem.statement).split()), file=sys.stderr)
        return 3 if isinstance(problem, Unreachable) else 2
    except BrokenPipeError:  # the reader of a pipe has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    commands = [shown for shown in presentations() if shown.answers]
    names = [shown.method for shown in commands]
    parser = Parser(
        prog="python -m analysis",
        description=_description(commands),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("method", metavar="METHOD", choices=names, help=", ".join(names))
    parser.add_argument("--source", help="SQLAlchemy URL or path of a file; default: the sample")
    parser.add_argument("--model", type=Path, metavar="FILE.toml", help="semantic model of the source")
    parser.add_argument("--metric", default=None, help="default: the first metric of the model")
    for name in ("from", "to", "baseline-from", "baseline-to"):
        parser.add_argument(f"--{name}", type=_day, metavar="D", help="a date like 2026-10-01")
    parser.add_argument("--where", action="append", default=[], metavar="DIM=VALUE", help="may be repeated")
    _add_flags(parser, commands)
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    parser.add_argument("--format", choices=tuple(WRITERS), default="json")
    return parser


def _description(commands: Sequence[Presentation]) -> str:
    """What the help says, with a line or a few for each method."""
    lines = ["METHOD        answers"]
    for shown in commands:
        lines += textwrap.wrap(f"{shown.method:<14}{shown.answers}", 118, subsequent_indent=" " * 14,
                               break_on_hyphens=False, break_long_words=False)  # fmt: skip
    return str(__doc__).replace("{methods}", "\n".join(lines))


def _add_flags(parser: argparse.ArgumentParser, commands: Sequence[Presentation]) -> None:
    """Each flag once, by the first method that has it; those of a group of methods under a heading of their own."""
    places: dict[str, argparse._ActionsContainer] = {"": parser}
    known: set[str] = set()
    for shown in commands:
        if shown.group not in places:
            heading = Catalogue.load("en").show([c.method for c in commands if c.group == shown.group], "names")
            places[shown.group] = parser.add_argument_group(heading)
        for option in (option for option in shown.options if option.flag and option.flag not in known):
            known.add(option.flag)
            places[shown.group].add_argument(
                option.flag, type=option.reader, default=option.usual, metavar=option.metavar, help=option.help
            )


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-10-01") from None


def _names(warehouse: Warehouse, words: Catalogue) -> Names:
    """Codes of the sample and the taxonomy in words, as on the screen."""
    return Names(warehouse.model, load_taxonomy(), words, labels_of(warehouse.companion("labels"), words.language))


def _answer(asked: argparse.Namespace, warehouse: Warehouse) -> Result:
    shown, selection = presentation_of(asked.method), _selection(asked, warehouse)
    given = (option for option in shown.options if option.flag or option.always)
    options = {option.name: _named(_given(asked, option), option, warehouse.model) for option in given}
    if shown.path:
        selection, options[shown.path.name] = replace(selection, filters=()), _steps(asked, warehouse)
    return analysis_of(asked.method)(warehouse, selection, **options)


def _given(asked: argparse.Namespace, option: Option) -> Any:
    return getattr(asked, option.flag.strip("-").replace("-", "_")) if option.flag else option.always


def _named(value: Any, option: Option, model: SemanticModel) -> Any:
    """Metrics, drivers and dimensions by their names in the model, whatever they are called."""
    if not option.of_model:
        return value
    find = cut_meant if isinstance(option, Cut) else name_meant
    return find(model, value) if isinstance(value, str) else tuple(find(model, name) for name in value)


def _opened(asked: argparse.Namespace) -> Warehouse:
    settings = Settings.from_environment()
    limits = Limits(settings.query_timeout_s, settings.row_cap)
    cache = settings.data_folder / "files"
    if asked.source:
        return open_source(asked.source, cache=cache, model=asked.model, limits=limits)
    from sample_data.make import ensure

    return open_source(f"duckdb:///{ensure()}", cache=cache, model=asked.model or SAMPLE_MODEL, limits=limits)


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
    merged: dict[str, Filter] = {}
    for part in (_filter(text, warehouse) for text in asked.where):
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
    if wanted not in known:
        wanted = _member_meant(value, name, warehouse)
    if wanted is None and value:
        raise BadInput("model.unknown_value", dimension=name, name=value, near=near(value, filter(None, known)))
    return Filter(name, (wanted,))


def _member_meant(value: str, dimension: str, warehouse: Warehouse) -> str | None:
    """The value of a dimension that the screen shows so in some language."""
    known = [member for member in warehouse.members(dimension) if member is not None]
    for language in LANGUAGES:
        names = _names(warehouse, Catalogue.load(language))
        if found := option_meant(value, known, lambda code, names=names: names(dimension, code)):  # type: ignore[misc]
            return found
    return None


if __name__ == "__main__":
    sys.exit(main())
