"""How do the contacts of a case become tables and a model? The sample's own tables, and the parts of the day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from sample_data import bots, calls, checks, companions, events, make, questions, staff_months, tables, words
from sample_data.case.calendar import calendar
from sample_data.case.centre import PARTS_OF_DAY, Columns, moment
from sample_data.case.planted import Planted
from sample_data.draws import Draws

Frames = dict[str, pd.DataFrame]
_PARTS = {
    "part_of_day": {
        "night": ("22:00 to 7:00", "22点至7点"),
        "morning": ("7:00 to 12:00", "7点至12点"),
        "midday": ("12:00 to 14:00", "12点至14点"),
        "afternoon": ("14:00 to 18:00", "14点至18点"),
        "evening": ("18:00 to 22:00", "18点至22点"),
    },
    "kind": {"staffing": ("Staffing", "人员调整")},
}
_DIMENSIONS = """\
part_of_day = { column = "part_of_day", level = "ordinal", \
order = ["night", "morning", "midday", "afternoon", "evening"], \
labels = { en = "Part of the day", "zh-CN" = "时段" } }

[drivers]
"""
_HEADER = "# A training case in the roles the analyses speak of; made by sample_data/case.\n"


def frames(draws: Draws, columns: Columns, plan: Planted) -> Frames:
    """All tables of a case whose contacts have been surveyed."""
    columns = columns | questions.asked(draws, columns)
    agent_months = staff_months.months(draws, columns)
    columns |= bots.sessions(draws, columns) | staff_months.checks(draws, columns)
    columns |= staff_months.of_contacts(columns, agent_months)
    contacts = tables.contact_frame(draws, columns)
    contacts["part_of_day"] = tables.enum(columns["part_of_day"], PARTS_OF_DAY)
    return {
        "contacts": contacts,
        "complaints": _until(companions.complaints(draws, contacts), plan),
        "qa_evaluations": checks.quality(draws, contacts, columns),
        "calibration": checks.calibration(draws, contacts, columns),
        "bot_sessions": companions.bot_sessions(contacts, columns),
        "agent_months": companions.agent_months(draws, agent_months, columns),
        "calls": calls.calls(draws, contacts, columns),
        "service_targets": calls.service_targets(),
        "benchmarks": companions.benchmarks(draws),
        "targets": companions.targets(),
        "events": calendar(plan),
        "reason_power": events.reason_power(),
        "labels": labels(),
    }


def labels() -> pd.DataFrame:
    """dimension, value, en, zh: those of the sample and of what a case has besides."""
    more = [(name, value, *texts) for name, values in _PARTS.items() for value, texts in values.items()]
    return pd.concat(
        [words.labels(), pd.DataFrame(more, columns=["dimension", "value", "en", "zh"])], ignore_index=True
    )


def model_text() -> str:
    """The sample's model with the parts of the day."""
    _, rest = Path(make.__file__).with_name("semantic.toml").read_text(encoding="utf-8").split("\n", 1)
    before, after = rest.split("\n[drivers]\n")
    return f"{_HEADER}{before}{_DIMENSIONS}{after}"


def store(path: Path, made: Frames) -> None:
    """One DuckDB file with the tables; it is whole or not there."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with duckdb.connect(str(part)) as connection:
        connection.execute("SET enable_progress_bar = false")
        for name, frame in made.items():
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
            connection.unregister("frame")
        connection.execute("CHECKPOINT")
    part.replace(path)


def _until(complaints: pd.DataFrame, plan: Planted) -> pd.DataFrame:
    """Nothing is known of what comes after the last day."""
    end: Any = moment(plan.span.end).astype("M8[us]")
    later = {name: complaints[name].where(complaints[name] < end) for name in ("closed_at", "escalated_at")}
    return complaints.assign(**later, level=np.where(later["escalated_at"].notna(), "escalated", "local"))
