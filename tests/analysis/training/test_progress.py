"""How far a group is follows from its issue alone: stage by stage, with what the next one still lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from analysis.training.progress import progress
from data_access.selection import Filter, Selection
from data_access.training import Case, Words
from data_access.workshop.class_records import Group, Stage, TrainingClass
from data_access.workshop.records import CauseLevel, Issue, Pin, Plan, Why, WhyStatus
from data_access.workshop.tracing import Evidence, EvidenceKind, Trace

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = START + timedelta(minutes=30)
CLASS = TrainingClass(
    title="Monday", case=Case(code="c", title=Words("T", "T"), story=Words("S", "S")), stage=Stage.DATA_PROBLEM,
    updated_at=START,
)  # fmt: skip
GROUP = Group(class_id=CLASS.id, name="A", key="A")
PIN = Pin(method="contrast", selection=Selection("score"), data_version="1",
          statistics={"difference": -4.0, "n": 900},
          created_at=START + timedelta(minutes=10))  # fmt: skip
ISSUE = Issue(title="3G", origin=PIN.id, created_at=START, updated_at=START + timedelta(minutes=5))
BEGUN = Trace(issue=ISSUE, origin=PIN, pins=(PIN,))
LOCATED = replace(BEGUN, issue=replace(ISSUE, path=(Filter("network", ("3G",)),)))
WHYS = [Why(issue_id=ISSUE.id, statement=text, level=CauseLevel.DIRECT, status=WhyStatus.SUPPORTED) for text in "abc"]
CHAIN = (WHYS[0], replace(WHYS[1], parent_id=WHYS[0].id), replace(WHYS[2], parent_id=WHYS[1].id))
TRACED = replace(LOCATED, whys=CHAIN, issue=replace(LOCATED.issue, cause="Too few lines", cause_type="flow"))
PLAN = Plan(issue_id=ISSUE.id, action="More lines", owner="it", due=date(2026, 4, 1), target_metric="score",
            target_value=84.0, expected_lift=0.9, check_method="before_after")  # fmt: skip
ARTEFACT = replace(BEGUN, issue=replace(ISSUE, cause="Fewer calls of the old kind", cause_type="artefact"))


@pytest.mark.parametrize(
    "trace, at, missing",
    [
        (None, Stage.DATA_PROBLEM, ("pin",)),
        (Trace(issue=ISSUE), Stage.DATA_PROBLEM, ("pin",)),
        (replace(BEGUN, pins=(replace(PIN, statistics={"n": 9.0}),)), Stage.DATA_PROBLEM, ("difference",)),
        (replace(BEGUN, pins=(replace(PIN, statistics={"difference": None}),)), Stage.DATA_PROBLEM,
         ("difference", "n")),
        (BEGUN, Stage.WHERE, ("location",)),
        (LOCATED, Stage.WHY, ("levels", "evidence", "cause")),
        (replace(TRACED, whys=()), Stage.WHY, ("levels", "evidence")),
        (TRACED, Stage.SOLUTION, ("plan",)),
        (replace(TRACED, plans=(replace(PLAN, due=None, check_method=""),)), Stage.SOLUTION, ("due", "check_method")),
        (replace(TRACED, plans=(PLAN,)), Stage.SOLUTION, ()),
        (ARTEFACT, Stage.WHY, ("evidence",)),
        (replace(ARTEFACT, evidence=(Evidence(issue_id=ISSUE.id, kind=EvidenceKind.PIN),)), Stage.SOLUTION, ()),
    ],
)  # fmt: skip
def test_the_stage_and_what_it_lacks(trace: Trace | None, at: Stage, missing: tuple[str, ...]) -> None:
    found = progress(trace, GROUP, CLASS, NOW)
    assert (found.at, found.missing) == (at, missing)
    assert (at in found.passed) is (not missing)


def test_numbers_count_wherever_the_pin_has_them_and_one_whole_pin_is_enough() -> None:
    in_rows = replace(PIN, statistics={}, rows=({"segment": "3G", "difference": -4.0, "n": 900.0},))
    poor = replace(PIN, statistics={"difference": float("nan")}, rows=())
    assert progress(replace(BEGUN, pins=(poor, in_rows)), GROUP, CLASS, NOW).passed == (Stage.DATA_PROBLEM,)


def test_stuck_since_the_last_move_before_it_since_the_stage_and_not_once_handed_in() -> None:
    assert progress(BEGUN, GROUP, CLASS, NOW).last_move == PIN.created_at
    assert progress(BEGUN, GROUP, CLASS, NOW).stuck_s == 20 * 60
    assert progress(None, GROUP, CLASS, NOW).stuck_s == 30 * 60
    assert progress(BEGUN, replace(GROUP, submitted_at=NOW), CLASS, NOW).stuck_s == 0
    assert progress(None, GROUP, replace(CLASS, stage=None), NOW).stuck_s == 0
