"""Every analysis of the sample answers on every engine what it answers on DuckDB, number for number."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from numbers import Number
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.effect.reachability import reachability
from analysis.result import Result
from data_access.model_file import read_model
from data_access.statement import Problem, Statement
from data_access.warehouse import Limits, Warehouse, open_warehouse
from data_access.warehouse.dialects import DIALECTS
from tests.analysis.test_scope import ANALYSES, ASKED, MODEL
from tests.proof import Figure

from . import OTHERS, Filled
from .duckdb import tables_of

pytestmark = pytest.mark.engines
CONTACTS = 20_000
PATIENT = Limits(seconds=600)
CLOSE = 1e-9
Answers = Mapping[str, dict[str, Any]]
TREATED = {"unit": "team", "treated": ("team_01", "team_02", "team_03"), "start": date(2026, 10, 20)}
ASKED_OF = {
    **ANALYSES,
    "reachability": lambda w, s: reachability(w, replace(s, period=None, baseline=None), **TREATED),
}


@pytest.fixture(scope="module", autouse=True)
def _alike_by_chance() -> Iterator[None]:
    """Which half a contact falls into is up to the hash of an engine: here it is by its place in the order of ids."""
    with pytest.MonkeyPatch.context() as patched:
        for kind in {type(dialect) for dialect in DIALECTS.values()}:
            patched.setattr(kind, "bucket", lambda self, identity: None)
        yield


@pytest.fixture(scope="module")
def sample(sample_of: Callable[..., Path]) -> Path:
    return sample_of(contacts=CONTACTS)


@pytest.fixture(scope="module")
def known(sample: Path) -> Answers:
    """What DuckDB answers."""
    with closing(open_warehouse(sample, read_model(MODEL), limits=PATIENT)) as warehouse:
        return answers(warehouse)[0]


def answers(warehouse: Warehouse) -> tuple[Answers, dict[str, float]]:
    """All that each analysis answers, and the seconds that it took."""
    found, seconds = {}, {}
    for name, analyse in ASKED_OF.items():
        started = time.perf_counter()
        try:
            found[name] = _parts(analyse(warehouse, ASKED))
        except Problem as problem:
            found[name] = {"problem": problem.statement}
        seconds[name] = time.perf_counter() - started
    return found, seconds


def _parts(result: Result) -> dict[str, Any]:
    return {"findings": result.findings, "caveats": result.caveats, "statistics": result.statistics,
            "how": result.how, "table": result.table, **result.parts}  # fmt: skip


@pytest.mark.parametrize("engine", OTHERS)
def test_every_analysis_answers_as_on_duckdb(
    engine: str, sample: Path, known: Answers, filled_on: Filled, figure: Figure
) -> None:
    source = filled_on(engine, tables_of(sample))
    with closing(open_warehouse(source, read_model(MODEL), limits=PATIENT)) as warehouse:
        got, seconds = answers(warehouse)
    figure(
        f"{engine}: analyses, seconds in all, of the slowest",
        (len(got), sum(seconds.values()), max(seconds.values())),
    )
    assert sum("problem" in found for found in known.values()) <= 1  # nearly all have an answer to compare
    found = [where for name in known for where in differences(known[name], got[name], name)]
    assert not found, "\n".join(found[:40])


def differences(one: Any, other: Any, where: str) -> list[str]:
    """The places where two answers are not the same, numbers to nine digits."""
    if isinstance(one, pd.DataFrame):
        one, other = (_columns(frame) for frame in (one, other))
    if isinstance(one, Statement):
        one, other = ({"key": said.key, **said.values} for said in (one, other))
    if hasattr(one, "__dataclass_fields__"):
        one, other = vars(one), vars(other)
    if isinstance(one, Mapping):
        if set(one) != set(other):
            return [f"{where}: {sorted(map(str, set(one) ^ set(other)))}"]
        return [place for key in one for place in differences(one[key], other[key], f"{where}.{key}")]
    if isinstance(one, Sequence | np.ndarray) and not isinstance(one, str):
        if len(one) != len(other):
            return [f"{where}: {len(one)} and {len(other)}"]
        return [p for i, both in enumerate(zip(one, other, strict=True)) for p in differences(*both, f"{where}[{i}]")]
    return [] if _same(one, other) else [f"{where}: {one!r} and {other!r}"]


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Rows of one rank stand in the order of their members: of an ENUM on one engine, of the alphabet on another."""
    rows = sorted(frame.to_dict("records"), key=lambda row: [_place(value) for value in row.values()])
    return {str(column): [row[column] for row in rows] for column in frame}


def _place(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Number) and isinstance(other, Number):
        a, b = float(one), float(other)  # type: ignore[arg-type]
        return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE)
    if one is None or one is pd.NaT or other is None or other is pd.NaT:
        return pd.isna(one) and pd.isna(other)
    if isinstance(one, date | datetime):
        return pd.Timestamp(one) == pd.Timestamp(other)
    return type(one) is type(other) and bool(one == other)
