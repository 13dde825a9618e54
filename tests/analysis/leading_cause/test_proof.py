"""On samples with causes of their own the segment is named and the event is a suspect; calm months name nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.leading_cause import leading_cause
from analysis.suspects import suspects
from data_access.model_file import read_model
from data_access.selection import Filter
from data_access.warehouse import Warehouse, open_warehouse
from sample_data import make
from sample_data.causes import CAUSES
from tests.proof import Figure

from .planting import Look, looks

MODEL = Path(__file__).resolve().parents[3] / "sample_data" / "semantic.toml"
SAME = 0.8  # of the answers of either: the same segment, however it is called
SEEDS = range(700, 710)
BINS = ((0.0, 0.4), (0.4, 0.8), (0.8, 9.0))  # points of the whole that the cause takes: points x share of answers


@dataclass(frozen=True)
class Seen:
    """What was said of a look."""

    look: Look
    said: bool  # any segment
    named: bool  # the planted one
    suspect: bool  # the event among the first two
    first: bool  # the event in the sentence
    in_time: bool  # the planted day among those that fit
    wrong: bool  # an event believed that had nothing to do with it

    @property
    def size(self) -> float:
        return self.look.points * self.look.share


def seen(look: Look) -> Seen:
    warehouse = open_warehouse(look.path, read_model(MODEL))
    said = leading_cause(warehouse, look.selection).statistics
    found = _steps(said["segment"])
    named = bool(found) and bool(look.segment) and _overlap(warehouse, look, found) >= SAME
    events = suspects(warehouse, look.selection, path=found) if found else None
    warehouse.close()
    ids = list(events.table["id"]) if events else []
    believed = set(events.table.loc[events.table["grade"].isin(("shown", "likely")), "id"]) if events else set()
    days = (said["broke_low"], said["broke_high"])
    return Seen(
        look, bool(found), named, named and look.event in ids[:2], named and said["event"] == look.event,
        named and (not days[0] or days[0] <= str(look.start) <= days[1]), bool(believed - {look.event}),
    )  # fmt: skip


def _steps(segment: dict[str, str | None]) -> tuple[Filter, ...]:
    return tuple(Filter(name, (member,)) for name, member in segment.items())


def _overlap(warehouse: Warehouse, look: Look, found: Sequence[Filter]) -> float:
    """Answers of both over answers of either."""
    planted = _steps(dict(look.segment))
    both = look.selection.within(planted).within(found).filters
    a, b, c = warehouse.answers("score", look.selection.period, [planted, found, both])
    return c / (a + b - c)


def rate(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else float("nan")


@pytest.mark.prove
def test_thirty_causes_and_ten_calm_months(tmp_path: Path, figure: Figure) -> None:
    every: list[Seen] = []
    for seed in SEEDS:
        quiet = make.build(tmp_path, contacts=460_000, without=list(CAUSES), seed=seed)
        for look in looks(quiet, tmp_path, seed=seed, months=range(6, 13, 2)):
            every.append(seen(look))
            look.path.unlink()
        quiet.unlink()
    planted, calm = ([one for one in every if bool(one.look.segment) is yes] for yes in (True, False))
    assert (len(planted), len(calm)) == (30, 10)
    for low, high in BINS:
        part = [one.named for one in planted if low <= one.size < high]
        figure(f"named, {low:g} to {high:g} points of the whole, of {len(part)}", rate(part))
    figure("the event in the sentence", rate([one.first for one in planted]))
    figure("the day within the interval, of those named", rate([one.in_time for one in planted if one.named]))
    figure("another event believed too", rate([one.wrong for one in planted]))
    assert figure("segment named, of 30", rate([one.named for one in planted])) >= 0.85
    assert figure("event among the first two, of 30", rate([one.suspect for one in planted])) >= 0.8
    assert figure("nothing beyond chance, of 10", rate([not one.said for one in calm])) >= 0.9


@pytest.mark.prove
def test_a_cause_and_a_calm_month(sample_of: Callable[..., Path], tmp_path: Path) -> None:
    quiet = sample_of(*CAUSES, contacts=100_000)
    for look in looks(quiet, tmp_path, seed=5, months=range(10, 13, 2), points=(17.0, 18.0), share=(0.1, 0.15)):
        one = seen(look)
        assert one.said == one.named == one.suspect == bool(look.segment) and not one.wrong
