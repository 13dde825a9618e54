"""To whom a part of the data is open reads, to the last byte, what a warehouse physically cut to it would say."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from analysis.association import association
from analysis.change import change
from analysis.contrast import contrast
from analysis.contribution import contribution
from analysis.diagnosis import attainable, gaps_and_causes
from analysis.drivers.dose import dose
from analysis.drivers.importance import drivers
from analysis.effect.effect import effect
from analysis.effect.reachability import reachability
from analysis.effect.recurrence import recurrence
from analysis.leading_cause import leading_cause
from analysis.methods import METHODS, analysis_of
from analysis.overview import overview
from analysis.pair import pair
from analysis.result import Result
from analysis.risk.recovery import recovery
from analysis.segments import segments
from analysis.service.access.access import access
from analysis.service.board.board import service, service_measure
from analysis.service.bot.bot import bot
from analysis.service.complaints import complaints
from analysis.service.fcr.fcr import fcr
from analysis.service.people.people import people
from analysis.service.quality.quality import quality
from analysis.service.ranking.definitions import definitions
from analysis.service.ranking.peers import peers
from analysis.suspects import suspects
from analysis.trace import before_after, heat_map, next_steps, step_values, timeline, trace
from analysis.trail import contacts
from analysis.worth_knowing import worth_knowing
from data_access.model_file import parse_model, read_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import Problem
from data_access.warehouse import Warehouse, open_warehouse
from data_access.warehouse.dialects.duckdb import to_read
from pages.words.catalogue import Catalogue
from pages.words.tables import exported
from pages.words.writers import spreadsheet
from pages.words.writers.json_text import as_contract, plain

from ..cut import cut

MODEL = Path(__file__).resolve().parents[2] / "sample_data" / "semantic.toml"
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
ASKED = Selection("score", OCTOBER, OCTOBER.previous())
WORDS = Catalogue.load("en")
STEP = (Filter("business", ("mobile_4g",)),)

Analyse = Callable[[Warehouse, Selection], Result]
CUT: Mapping[str, Analyse] = {
    "overview": overview,
    "contribution": partial(contribution, by=("team",)),
    "reasons": partial(contribution, by=("reason",)),
    "change": partial(change, by=("region",)),
    "groups": partial(contrast, question="groups", by=("team",)),
    "rest": partial(contrast, question="rest", by=("business",)),
    "benchmark": partial(contrast, question="benchmark", by=("business",), against="group"),
    "target": partial(contrast, question="target", by=("business",), against="target"),
    "dose": partial(dose, driver="wait"),
    "trace": partial(trace, path=STEP),
    "next steps": partial(next_steps, path=STEP),
    "step values": partial(step_values, path=STEP, dimension="region"),
    "heat map": partial(heat_map, path=STEP),
    "timeline": partial(timeline, path=STEP),
    "before after": partial(before_after, path=STEP, on=date(2026, 10, 9)),
    "contacts": partial(contacts, path=STEP),
    "reachability": lambda warehouse, selection: reachability(
        warehouse,
        replace(selection, period=None, baseline=None),
        unit="team",
        treated=[str(team) for team in warehouse.members("team")[:3]],
        start=date(2026, 10, 20),
    ),
    "recurrence": partial(
        recurrence,
        path=STEP,
        before=Period(date(2026, 8, 1), date(2026, 9, 1)),
        closed=Period(date(2026, 9, 1), date(2026, 10, 1)),
        since=OCTOBER,
    ),
    "effect": lambda warehouse, selection: effect(
        warehouse,
        replace(selection, period=None, baseline=None, filters=(Filter("business", ("mobile_4g",)),)),
        control=(Filter("business", ("broadband",)),),
        start=date(2026, 9, 1),
        cluster="team",
    ),
    "association": association,
    "pair": partial(pair, x="wait", y="score"),
    "drivers": drivers,
    "segments": segments,
    "leading cause": leading_cause,
    "suspects": partial(suspects, path=STEP),
    "causes": partial(gaps_and_causes, path=STEP),
    "worth knowing": worth_knowing,
    "access": partial(access, by=("touchpoint",)),
    "complaints": partial(complaints, by=("business",)),
    "quality": partial(quality, by=("team",)),
    "bot": partial(bot, by=("touchpoint",)),
    "people": people,
    "service": service,
    "definitions": partial(definitions, measure="satisfied", by=("team",)),
    "levels": partial(definitions, measure="service_level", by=("touchpoint",)),
    "peers": partial(peers, measure="mention", by=("business",)),
    "attainable": partial(attainable, path=STEP, target=5.0),
    "fcr": partial(fcr, by=("team",)),
    "recovery": partial(recovery, contacted=("t-0000000001",), held_out=("t-0000000002",)),
    "fcr of a question": partial(fcr, by=("business",), issue="same"),
    "fcr as a metric": lambda warehouse, selection: overview(warehouse, replace(selection, metric="fcr_48")),
    **{
        f"measure {name}": partial(service_measure, measure=name, by=("touchpoint",))
        for name in ("service_level", "escalation_rate", "critical_accuracy", "fcr_2")
    },
}


def _name(analyse: Analyse) -> str:
    return str(getattr(getattr(analyse, "func", analyse), "__name__", ""))


def _as_it_is(method: str) -> Analyse:
    """A method that needs no more than a selection, or a measure."""
    needed = {"measure": "fcr_48"} if "measure" in signature(analysis_of(method)).parameters else {}
    return partial(analysis_of(method), **needed)


ANALYSES = CUT | {name: _as_it_is(name) for name in METHODS if name not in (*map(_name, CUT.values()), *CUT)}


def random_scope(sample: Path, seed: int) -> tuple[Filter, ...]:
    """One or two dimensions, with some of their members each; a blank cell is one."""
    draw = random.Random(seed)
    with to_read(sample) as db:
        parts = []
        for name in sorted(draw.sample(["region", "team", "business", "touchpoint", "tier"], draw.choice((1, 2)))):
            found = db.execute(f"SELECT DISTINCT {name}::VARCHAR AS m FROM contacts ORDER BY m NULLS LAST").fetchall()
            members = [member for (member,) in found]
            parts.append(Filter(name, tuple(draw.sample(members, draw.randint(1, -(-len(members) // 2))))))
    return tuple(parts)


@pytest.fixture
def both(
    sample_of: Callable[..., Path], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Warehouse, Warehouse]]:
    """The sample within a random scope, and the sample cut to it."""
    sample = sample_of(contacts=60_000)
    scope, model = random_scope(sample, request.param), read_model(MODEL)
    opened = [open_warehouse(path, model) for path in (sample, cut(sample, scope, tmp_path / "cut.duckdb"))]
    yield opened[0].within(scope), opened[1].within(scope)
    for warehouse in opened:
        warehouse.close()


def read(warehouse: Warehouse, analyse: Analyse, selection: Selection) -> dict[str, Any]:
    """All that a person can read of an answer, or of the sentence in its place, and of its exports."""
    try:
        result = analyse(warehouse, selection)
    except Problem as problem:
        return {"problem": WORDS.say(problem.statement)}
    told = {"said": [WORDS.say(s) for s in (*result.findings, *result.caveats)], "version": result.data_version}
    if result.method in METHODS:
        told |= as_contract(result, WORDS) | {"csv": _cells(spreadsheet.to_csv(exported(result, WORDS)))}
    frames = {"table": result.table, **result.parts}
    told |= {"statistics": plain(result.statistics), "sql": result.sql}
    told |= {name: plain(frame.to_dict("records")) for name, frame in frames.items()}
    return json.loads(json.dumps(told, default=str))


def _cells(table: bytes) -> list[list[str | float]]:
    """The cells of a CSV; numbers as such, for the last digit is that of the order they were added up in."""
    rows = csv.reader(io.StringIO(table.decode()))
    return [[float(cell) if re.fullmatch(r"-?\d+\.\d+", cell) else cell for cell in row] for row in rows]


def same(one: Any, other: Any, at: str = "") -> None:
    """To the byte; of numbers that were added up in another order, to the twelfth digit."""
    if isinstance(one, dict) and isinstance(other, dict):
        assert list(one) == list(other), at
        for name in one:
            same(one[name], other[name], f"{at}.{name}")
    elif isinstance(one, list) and isinstance(other, list):
        assert len(one) == len(other), at
        for place, (a, b) in enumerate(zip(one, other, strict=True)):
            same(a, b, f"{at}[{place}]")
    elif isinstance(one, float) and isinstance(other, float):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9), at
    else:
        assert one == other, at


@pytest.mark.prove
@pytest.mark.parametrize("both", range(1, 13), indirect=True)
def test_every_analysis_reads_as_over_data_cut_to_the_scope(both: tuple[Warehouse, Warehouse]) -> None:
    selection = ASKED.within(both[0].scope)
    for name, analyse in ANALYSES.items():
        same(*(read(warehouse, analyse, selection) for warehouse in both), name)


@pytest.mark.parametrize("both", [2], indirect=True)
def test_members_days_version_and_answers_are_those_of_the_scope(both: tuple[Warehouse, Warehouse]) -> None:
    scoped, cut_to = both
    selection = ASKED.within(scoped.scope)
    for name in ("reasons", "timeline"):
        same(*(read(warehouse, ANALYSES[name], selection) for warehouse in both), name)
    assert scoped.version() == cut_to.version() and scoped.extent() == cut_to.extent()
    for name in (*scoped.model.dimensions, *scoped.model.reasons):
        assert scoped.members(name) == cut_to.members(name), name
    for role in scoped.model.tables:
        one, other = (_lines(warehouse.companion(role)) for warehouse in both)
        assert one == other and one, role


def test_the_version_of_a_file_is_that_of_the_part(tmp_path: Path) -> None:
    """Whatever changes elsewhere; a cell that changes here makes another."""
    model = parse_model(
        'table = "t"\nscore = { column = "score", scale = [1, 5] }\n[dimensions]\ng = { column = "g" }\n'
    )
    north, versions = (Filter("g", ("north",)),), []
    for number, rows in enumerate(("(1, 'north'), (2, 'south')", "(3, 'south'), (1, 'north')", "(4, 'north')")):
        path = tmp_path / f"{number}.duckdb"
        with duckdb.connect(str(path)) as db:
            db.execute(f"CREATE TABLE t AS SELECT * FROM (VALUES {rows}) AS v(score, g)")
        opened = open_warehouse(path, model, content_hash=f"whole{number}")
        assert opened.version() == f"whole{number}"
        versions.append(opened.within(north).version())
        opened.close()
    assert versions[0] == versions[1] != versions[2] and not versions[0].startswith("whole")


def _lines(table: pd.DataFrame | None) -> list[str]:
    assert table is not None
    return sorted(map(str, table.astype(object).fillna("").to_numpy().tolist()))
