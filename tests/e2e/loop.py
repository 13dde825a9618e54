"""Issues with plans over files that were brought, as they stand before a weekly review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.contribution import contribution
from data_access.access import Role, User
from data_access.files.draft import draft_model
from data_access.files.load import load_file
from data_access.library import Dataset, Library
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import open_warehouse
from data_access.workshop.codec import headline_rows
from data_access.workshop.records import Issue, IssueState, Pin, Plan, PlanState
from data_access.workshop.store import Store

FILES = Path(__file__).resolve().parents[1] / "analysis" / "effect"
PILOT, SMALL, REMINDER = "3G专家坐席+在线赔付授权", "3G专家坐席小范围试点", "收费提示短信"
AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))
ME = User("local", "local analyst", frozenset({Role.ANALYST}))
PILOT_START = date(2026, 9, 15)
TEAMS = tuple(f"treated_{k}" for k in range(1, 7)), tuple(f"control_{k}" for k in range(1, 7))
DIAGNOSIS = {"location_reason": "3G", "cause": "坐席无权当场赔付", "cause_type": "authority", "gap": "design",
             "power": "business_rule", "owner": "business_dept", "exception": "规则原文"}  # fmt: skip


def brought(data_folder: Path, file: Path, name: str) -> Dataset:
    """A file as the Data page keeps it, with its drafted model."""
    loaded = load_file(file, cache=data_folder / "files")
    return Library(data_folder / "imports", ME).add(
        loaded.content_hash, name=name, database=loaded.database, model=draft_model(loaded).text
    )


def issue_over(
    store: Store, dataset: Dataset, title: str, period: Period, *, by: str, path: Sequence[Filter] = ()
) -> Issue:
    """A diagnosed issue whose data problem is the lost points of a period."""
    warehouse = open_warehouse(str(dataset.database), read_model(dataset.model), content_hash=dataset.version)
    lost = contribution(warehouse, Selection("score", period), by=(by,))
    pin = Pin(method=lost.method, selection=lost.selection, data_version=lost.data_version,
              options={**lost.options, "data": dataset.id}, statements=lost.findings,
              statistics=dict(lost.statistics), rows=headline_rows(lost.table),
              link=f"http://127.0.0.1/contribution?data={dataset.id}")  # fmt: skip
    issue = store.begin(ME, title, pin, tuple(path))
    return store.save_issue(ME, replace(issue, **DIAGNOSIS, state=IssueState.DIAGNOSED))


def pilot(issue: Issue, action: str, check_on: date) -> Plan:
    """Six of twelve teams work in the new way."""
    return Plan(
        issue_id=issue.id, action=action, owner="business_dept", due=date(2026, 9, 30), target_metric="score",
        target_value=84.0, expected_lift=2.5, check_method="did", start=PILOT_START, check_on=check_on,
        baseline=Period(date(2026, 8, 1), PILOT_START), unit="team", treated=TEAMS[0], control=TEAMS[1],
    )  # fmt: skip


def piloted(store: Store, data_folder: Path) -> None:
    """The pilot at 1,200 and at 300 answers a cell, the first of them late."""
    for action, file in ((PILOT, "f3_remedy_1200"), (SMALL, "f3_remedy_300")):
        dataset = brought(data_folder, FILES / f"{file}.csv", action)
        issue = issue_over(store, dataset, f"{action}?", AUGUST, by="team")
        plan = store.save_plan(ME, pilot(issue, action, date(2026, 10, 13)))
        plan = moved(store, store.save_plan(ME, replace(plan, due=date(2026, 10, 15))), PlanState.DOING)
        if action == SMALL:
            store.save_plan(ME, replace(plan, due=date(2027, 12, 15)))


def reminded(store: Store, data_folder: Path) -> tuple[Issue, Plan]:
    """An issue with a closed plan whose reason is back."""
    dataset = brought(data_folder, reminders(data_folder / "reminders.csv"), "收费提示")
    span = Period(date.today() - timedelta(weeks=12), date.today() - timedelta(weeks=4))
    issue = issue_over(store, dataset, "收费争议", span, by="business",
                       path=(Filter("business", ("3G",)), Filter("reason", ("收费/增值业务",))))  # fmt: skip
    return issue, closed(store, issue, REMINDER)


def moved(store: Store, plan: Plan, *states: PlanState) -> Plan:
    """The plan as it went from state to state."""
    for state in states:
        plan = store.save_plan(ME, replace(plan, state=state))
    return plan


def reminders(place: Path) -> Path:
    """A file of 17 weeks: one reason is named less from the ninth week on, and as before in the last five."""
    rng, n = np.random.default_rng(5), 14_000
    day, score = rng.integers(0, 119, n), rng.integers(1, 11, n)
    named = np.where(
        rng.random(n) < np.array((0.20, 0.07, 0.16))[np.digitize(day, (56, 84))], "收费/增值业务", "等候/占线"
    )
    at = (
        pd.Timestamp(date.today() - timedelta(weeks=12))
        + pd.to_timedelta(day, "D")
        + pd.to_timedelta(rng.integers(8, 20, n), "h")
    )
    made = pd.DataFrame({
        "contact_id": [f"r{i:05d}" for i in range(n)], "contacted_at": at,
        "team": [f"t{i}" for i in rng.integers(0, 12, n)],
        "business": rng.choice(["3G", "4G"], n), "score": score, "reason": np.where(score < 10, named, None),
    })  # fmt: skip
    made.sort_values("contacted_at").to_csv(place, index=False)
    return place


def closed(store: Store, issue: Issue, action: str) -> Plan:
    """A plan that began eight weeks into the file and is closed today."""
    began = date.today() - timedelta(weeks=4)
    plan = store.save_plan(ME, Plan(
        issue_id=issue.id, action=action, owner="billing", due=began, target_metric="score", target_value=60.0,
        expected_lift=0.5, check_method="did", start=began, check_on=date.today(), unit="team",
        treated=("t0", "t1", "t2", "t3", "t4", "t5"), control=("t6", "t7", "t8", "t9", "t10", "t11"),
        closing="投诉已停",
    ))  # fmt: skip
    return moved(store, plan, PlanState.DOING, PlanState.DONE, PlanState.CLOSED)
