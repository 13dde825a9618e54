"""Every analysis from the command line: the same numbers as on the screen.

    python -m analysis METHOD --source SOURCE [--model FILE.toml] [--metric NAME] [--from D --to D]
           [--baseline-from D --baseline-to D] [--where DIM=VALUE ...] [--by DIM[,DIM]]
           [--lang en|zh-CN] [--format json|csv|text]

SOURCE is a SQLAlchemy URL, or the path of a CSV, XLSX, Parquet, DuckDB or SQLite file; without it the sample is used.
Without --model a draft is used. Periods are half-open [from, to); without dates: all data. Values of one dimension
are joined by OR, dimensions by AND. Rates are 0..100, shares and contributions 0..1. In CSV, text that a spreadsheet
would run as a formula has an apostrophe in front; JSON holds values as --where takes them. An entry point: it may use
the words of `pages.words`.

METHOD        answers
overview      score, interval, response rate, change to the baseline; a row per touchpoint
contribution  lost points by --by; with --target also what each segment would bring at the target
change        rate and mix effect of each segment between baseline and period
contrast      is it really different: groups of --by, one --segment with the rest (--question rest), a baseline and a
              period, or either --against a benchmark, `target` or a number; --threshold is the least that matters,
              --alike DIM[,DIM] holds the mix alike, --effort MEASURE weighs it, --test chooses another test
association   which columns go together, by the coefficient that fits each pair: --columns NAME[,NAME], the members of
              --of DIM as the unit, or a --preset of the model
pair          one pair of columns closely: --x NAME --y NAME, within the members of --within DIM, by month, and with
              --given NAME[,NAME] held fixed; --of and --preset as in association
drivers       what goes with the metric and how strongly, together: --columns DRIVER[,DIM], beside --hold DRIVER[,DIM]
dose          how the metric answers to more of one --driver, and where its knee is
segments      the few conjunctions of up to --depth dimensions (of --by, else of all) that explain the change
trace         how much of the loss each step of a path keeps; the steps are the --where in their order, values of one
              dimension one step: --where business=3G --where reason=wait

Exit 0 done, 2 usage or bad input, 3 the source cannot be reached.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

from analysis.association import association
from analysis.change import change
from analysis.contrast import contrast
from analysis.contrast.question import QUESTIONS
from analysis.contribution import contribution
from analysis.drivers.dose import dose
from analysis.drivers.importance import drivers
from analysis.overview import overview
from analysis.pair import pair
from analysis.result import Result
from analysis.segments import segments
from analysis.trace import trace
from data_access.selection import Filter, Period, Selection
from data_access.semantics import near
from data_access.settings import Settings
from data_access.sources import open_source
from data_access.statement import BadInput, Problem, Unreachable
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Limits, Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.names import Names, labels_of
from pages.words.writers.headless import WRITERS

METHODS = ("overview", "contribution", "change", "contrast", "association", "pair", "drivers", "dose", "segments",
           "trace")  # fmt: skip
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
    parser = Parser(
        prog="python -m analysis", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("method", metavar="METHOD", choices=METHODS, help=", ".join(METHODS))
    parser.add_argument("--source", help="SQLAlchemy URL or path of a file; default: the sample")
    parser.add_argument("--model", type=Path, metavar="FILE.toml", help="semantic model of the source")
    parser.add_argument("--metric", default=None, help="default: the first metric of the model")
    for name in ("from", "to", "baseline-from", "baseline-to"):
        parser.add_argument(f"--{name}", type=_day, metavar="D", help="a date like 2026-10-01")
    parser.add_argument("--where", action="append", default=[], metavar="DIM=VALUE", help="may be repeated")
    parser.add_argument("--by", default="", metavar="DIM[,DIM]", help="dimensions to cut by")
    parser.add_argument("--target", type=float, help="contribution: value every segment is measured against")
    contrasting = parser.add_argument_group("contrast")
    contrasting.add_argument("--question", default="", help=", ".join(QUESTIONS))
    contrasting.add_argument("--against", default="", metavar="SOURCE", help="a benchmark, `target` or a number")
    contrasting.add_argument("--segment", metavar="VALUE[,VALUE]", help="the group contrasted with the rest")
    contrasting.add_argument("--threshold", type=float, help="smallest difference that matters")
    contrasting.add_argument("--test", default="", help="a test other than the advised one")
    contrasting.add_argument("--alike", default="", metavar="DIM[,DIM]", help="dimensions whose mix is held alike")
    contrasting.add_argument("--effort", default="", metavar="MEASURE", help="weigh the mix by this measure")
    relating = parser.add_argument_group("association, pair, drivers and dose")
    relating.add_argument("--columns", default="", metavar="NAME[,NAME]", help="metrics, drivers and dimensions")
    relating.add_argument("--of", default="", metavar="DIM", help="members that are the unit")
    relating.add_argument("--preset", default="", metavar="NAME", help="columns and filters named in the model")
    for side in ("x", "y"):
        relating.add_argument(f"--{side}", default="", metavar="NAME", help="pair: a metric, driver or dimension")
    relating.add_argument("--within", default="", metavar="DIM", help="pair: the dimension to look within")
    relating.add_argument("--given", default="", metavar="NAME[,NAME]", help="pair: what is held fixed")
    relating.add_argument("--hold", default="", metavar="NAME[,NAME]", help="what is held fixed")
    relating.add_argument("--lines", default="mean", help="drivers: lines of the map, mean or target")
    relating.add_argument("--driver", default="", metavar="NAME", help="the driver of a dose-response")
    searching = parser.add_argument_group("segments")
    searching.add_argument("--depth", type=int, default=3, help="most conditions of a segment")
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    parser.add_argument("--format", choices=tuple(WRITERS), default="json")
    return parser


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-10-01") from None


def _names(warehouse: Warehouse, words: Catalogue) -> Names:
    """Codes of the sample and the taxonomy in words, as on the screen."""
    return Names(warehouse.model, load_taxonomy(), words, labels_of(warehouse.companion("labels"), words.language))


def _answer(asked: argparse.Namespace, warehouse: Warehouse) -> Result:
    by = _names_in(asked.by)
    selection = _selection(asked, warehouse)
    if asked.method == "contrast":
        return _contrast(asked, warehouse, selection, by)
    if asked.method == "association":
        columns = _names_in(asked.columns)
        return association(warehouse, selection, columns=columns, of=asked.of, preset=asked.preset)
    if asked.method == "pair":
        given = _names_in(asked.given)
        return pair(warehouse, selection, x=asked.x, y=asked.y, within=asked.within, given=given, of=asked.of,
                    preset=asked.preset)  # fmt: skip
    if asked.method == "drivers":
        columns, hold = _names_in(asked.columns), _names_in(asked.hold)
        return drivers(warehouse, selection, columns=columns, hold=hold, lines=asked.lines, deep=True)
    if asked.method == "dose":
        return dose(warehouse, selection, driver=asked.driver)
    if asked.method == "segments":
        return segments(warehouse, selection, by=by, depth=asked.depth)
    if asked.method == "trace":
        return trace(warehouse, replace(selection, filters=()), path=_steps(asked, warehouse))
    if asked.method == "contribution":
        return contribution(warehouse, selection, by=by, target=asked.target)
    return {"overview": overview, "change": change}[asked.method](warehouse, selection, by=by)


def _names_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (name.strip() for name in text.split(",")))))


def _contrast(asked: argparse.Namespace, warehouse: Warehouse, selection: Selection, by: Sequence[str]) -> Result:
    segment = tuple(value or None for value in asked.segment.split(",")) if asked.segment is not None else None
    return contrast(
        warehouse, selection, by=by, question=asked.question, method=asked.test, threshold=asked.threshold,
        segment=segment, against=asked.against, alike=_names_in(asked.alike), complexity=asked.effort,
    )  # fmt: skip


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
    metric = asked.metric or next(iter(warehouse.model.metrics))
    period = _period(given, "from", "to", warehouse)
    baseline = _period(given, "baseline_from", "baseline_to", warehouse)
    if baseline is not None and period is None:
        raise BadInput("command.baseline_alone")
    (warehouse.model.measure if asked.method == "contrast" else warehouse.model.metric)(metric)
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
    """DIM=VALUE; an empty value is a blank cell. A value that the data do not have is named with the nearest one."""
    name, sign, value = text.partition("=")
    if not sign:
        raise BadInput("command.bad_where", text=text)
    warehouse.model.dimension(name)
    wanted = value or None
    known = warehouse.members(name)
    if wanted not in known:
        raise BadInput("model.unknown_value", dimension=name, name=value, near=near(value, filter(None, known)))
    return Filter(name, (wanted,))


if __name__ == "__main__":
    sys.exit(main())
