"""Check a semantic model against its source: a line for each finding, exit 2 where the model does not fit."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data_access.addresses import is_database
from data_access.commands import one_line, reading
from data_access.files.load import load_file
from data_access.files.options import options_from, options_said
from data_access.files.sniff import NAMED, Kind
from data_access.model_file import read_model
from pages.words.catalogue import Catalogue


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", required=True)
    parser.add_argument("--model", required=True, type=Path, metavar="FILE.toml")
    reading.arguments(parser)


def run(asked: argparse.Namespace, catalogue: Catalogue) -> int:
    model = read_model(asked.model)
    source: str | Path = asked.source
    if not is_database(asked.source):
        name = asked.table or (None if NAMED.get(Path(asked.source).suffix) is Kind.DUCKDB else model.table)
        said = {**model.reading, **options_said(reading.options(asked))}
        source = load_file(Path(asked.source), cache=reading.cache(), table=name, options=options_from(said)).database
    from data_access.files.fit import check_fit
    from data_access.warehouse.connection import Limits
    from data_access.warehouse.source import make_engine

    findings = check_fit(make_engine(source, Limits()), model)
    lines = [(finding.fatal, one_line(catalogue.say(finding.statement))) for finding in findings]
    for _, line in lines:
        print(line)
    fatal = next((line for is_fatal, line in lines if is_fatal), None)
    if fatal is not None:  # the report is whole without it
        print(fatal, file=sys.stderr)
    return 0 if fatal is None else 2
