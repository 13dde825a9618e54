"""What is told of signals: what people said of them, limits that begin anew, mix, and segments that come and go."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.monitor.watch import monitor
from analysis.result import Result
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Warehouse
from data_access.workshop.monitor_records import Judgement, Rebase, SignalFeedback

from ..conftest import MakeWarehouse

MODEL = """
time = { column = "at" }
score = { column = "score", scale = [0, 100], satisfied_from = 90, dissatisfied_to = 60 }
[dimensions]
unit = { column = "unit" }
kind = { column = "kind" }
"""
START, BASE, LAST, A_DAY = date(2026, 3, 1), 91, 120, 30
BASELINE = Period(START, START + timedelta(days=BASE))
EVIL = "[pay](http://a.example) <@u1> @all"
FELL = START + timedelta(days=105)


def answers(seed: int = 7) -> pd.DataFrame:
    """One unit falls by 15, one has other customers at last: more of the kind that scores 60."""
    rng = np.random.default_rng(seed)
    frames = [_of_unit(rng, day, unit) for day in range(LAST) for unit in ("mixed", "calm", "gone", "late", EVIL)]
    return pd.concat(frames, ignore_index=True)


def _of_unit(rng: np.random.Generator, day: int, unit: str) -> pd.DataFrame:
    n = 0 if (unit == "gone" and day >= LAST - 8) or (unit == "late" and day < LAST - 10) else A_DAY
    hard = rng.random(n) < (0.7 if unit == "mixed" and day >= 105 else 0.2)
    level = np.where(hard, 60.0, 90.0) - (15.0 if unit == EVIL and day >= 105 else 0.0)
    score = np.clip(np.round(level + rng.normal(0, 8, n)), 0, 100)
    at, kind = pd.Timestamp(START) + timedelta(days=day, hours=9), np.where(hard, "hard", "plain")
    return pd.DataFrame({"at": at, "score": score, "unit": unit, "kind": kind})


@pytest.fixture(scope="module")
def opened(warehouse_of: MakeWarehouse) -> Warehouse:
    return warehouse_of(answers(), MODEL)


def seen(opened: Warehouse, *, judged: Sequence[SignalFeedback] = (), **more: Any) -> Result:
    by = more.pop("by", ("unit", "kind"))
    return monitor(opened, Selection("score"), by=by, baseline=BASELINE, judged=judged, **more)


def state_of(result: Result, unit: str) -> str | None:
    rows = result.table[[segment == (("unit", unit),) for segment in result.table["segment"]]]
    return None if rows.empty else str(rows["state"].iloc[0])


def said(judgement: Judgement, **more: Any) -> SignalFeedback:
    given = {"segment": (Filter("unit", (EVIL,)),), "direction": "down", "since": FELL, **more}
    return SignalFeedback(dataset="d", metric="score", judgement=judgement, **given)


def test_a_fall_is_told_and_a_mix_is_told_as_mix(opened: Warehouse) -> None:
    found = seen(opened)
    assert state_of(found, EVIL) == "open"
    mine = found.table[[segment == (("unit", EVIL),) for segment in found.table["segment"]]].iloc[0]
    assert mine["since"] == FELL.isoformat() and mine["change"] == pytest.approx(-15, abs=2)
    assert mine["change_low"] < -15 < mine["change_high"]
    mixed = found.parts["folded"]
    mixed = mixed[[segment == (("unit", "mixed"),) for segment in mixed["segment"]]].iloc[0]
    assert (mixed["kind"], mixed["dimension"]) == ("mix", "kind")
    assert state_of(found, "mixed") is None and state_of(found, "calm") is None


def test_a_segment_that_is_gone_or_new_is_no_fall(opened: Warehouse) -> None:
    found = seen(opened)
    states = {dict(segment).get("unit"): state for segment, state in
              zip(found.parts["watched"]["segment"], found.parts["watched"]["state"], strict=True)}  # fmt: skip
    assert (states["gone"], states["late"], states["calm"], states[EVIL]) == ("gone", "appeared", "watched", "signal")
    assert state_of(found, "gone") is None and state_of(found, "late") is None
    assert {"monitor.gone", "monitor.appeared"} <= {statement.key for statement in found.findings}


@pytest.mark.parametrize("judgement", [Judgement.REAL, Judgement.KNOWN, Judgement.NOISE])
def test_what_was_said_of_a_signal_stays_with_it(opened: Warehouse, judgement: Judgement) -> None:
    assert state_of(seen(opened, judged=[said(judgement)]), EVIL) == judgement
    assert state_of(seen(opened, judged=[said(judgement, direction="up")]), EVIL) == "open"


def test_noise_takes_more_evidence_each_time(opened: Warehouse) -> None:
    often = [said(Judgement.NOISE)] * 40
    assert state_of(seen(opened, judged=often), EVIL) is None
    assert state_of(seen(opened, judged=[said(Judgement.REAL)] * 40), EVIL) == "real"


def test_what_is_known_is_new_again_when_it_falls_further(warehouse_of: MakeWarehouse) -> None:
    further = answers()
    late = (further["unit"] == EVIL) & (further["at"] >= pd.Timestamp(START) + timedelta(days=113))
    further.loc[late, "score"] = np.maximum(further.loc[late, "score"] - 20, 0)
    known = said(Judgement.KNOWN, since=FELL, created_at=pd.Timestamp(FELL + timedelta(days=6)).to_pydatetime())
    assert state_of(seen(warehouse_of(further, MODEL), judged=[known]), EVIL) == "new"


def test_limits_begin_anew(opened: Warehouse) -> None:
    anew = Rebase(dataset="d", metric="score", segment=(Filter("unit", (EVIL,)),), at=FELL, reason="new tariff")
    assert state_of(seen(opened, rebased=[anew]), EVIL) is None
    assert state_of(seen(opened, rebased=[anew]), "calm") is None


def test_nothing_new_is_asked_for_another_last_day(opened: Warehouse) -> None:
    early = seen(opened, as_of=FELL - timedelta(days=1))
    assert state_of(early, EVIL) is None and early.statistics["last"] == FELL - timedelta(days=1)
    assert state_of(seen(opened), EVIL) == "open"


def test_the_message_of_a_group_robot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, model = tmp_path / "answers.csv", tmp_path / "model.toml"
    answers().to_csv(path, index=False)
    model.write_text('table = "answers"\n' + MODEL, encoding="utf-8")
    asked = ["monitor", "--source", str(path), "--model", str(model), "--watch-from", "2026-03-01,2026-05-31"]
    assert main([*asked, "--webhook"]) == 4
    body = json.loads(capsys.readouterr().out)
    text = body["markdown"]["text"]
    assert body["msgtype"] == "markdown" and text.startswith(f"### {body['markdown']['title']}")
    assert "［pay］" in text and not any(sign in text for sign in ("[pay]", "http:", "<@", "@all", "@u1"))
    assert main(["overview", "--source", str(path), "--model", str(model), "--webhook"]) == 2
