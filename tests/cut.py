"""A sample warehouse physically cut to a scope: whatever lies outside of it was never there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from data_access.selection import Filter

OF_CONTACTS = ("complaints", "qa_evaluations", "calibration", "bot_sessions")
NAMING = ("targets", "service_targets", "benchmarks", "labels")  # members, by columns `dimension` and `value`
DIMENSIONS = ("touchpoint", "channel", "business", "sub_type", "region", "tier", "team", "agent_skill", "scenario",
              "flow_version", "bot_owner")  # fmt: skip


def cut(sample: Path, scope: Sequence[Filter], made: Path) -> Path:
    """The sample without the contacts outside of the scope, and without what is known of others alone."""
    tables = {"contacts": _within(scope)}
    tables |= dict.fromkeys(OF_CONTACTS, "contact_id IN (SELECT contact_id FROM contacts)")
    tables["calls"] = f"{_blank('contact_id')} OR contact_id IN (SELECT contact_id FROM contacts)"
    tables["calls"] = f"({tables['calls']}) AND customer_id IN (SELECT customer_id FROM contacts)"
    tables |= {"agent_months": "agent IN (SELECT agent FROM contacts)", "reason_power": "true"}
    tables |= {
        "events": " AND ".join(f"({_blank(d)} OR {_occurs(d, d)})" for d in ("business", "scenario", "region"))
    }
    tables |= dict.fromkeys(NAMING, _named())
    with duckdb.connect(str(made)) as db:
        db.execute(f"ATTACH '{sample}' AS whole (READ_ONLY)")
        for name, condition in tables.items():
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM whole.{name} WHERE {condition}")
    return made


def _within(scope: Sequence[Filter]) -> str:
    parts = []
    for part in scope:
        names = ", ".join(f"'{value}'" for value in part.values if value is not None)
        blank = f" OR {_blank(part.dimension)}" if None in part.values else ""
        parts.append(f"({part.dimension}::VARCHAR IN ({names or 'NULL'}){blank})")
    return " AND ".join(parts)


def _blank(column: str) -> str:
    return f"coalesce({column}::VARCHAR, '') = ''"


def _occurs(dimension: str, column: str) -> str:
    return f"{column}::VARCHAR IN (SELECT {dimension}::VARCHAR FROM contacts)"


def _named() -> str:
    """Rows whose member occurs, or that name none of a dimension of the contacts."""
    outside = [f"(dimension = '{d}' AND NOT {_blank('value')} AND NOT {_occurs(d, 'value')})" for d in DIMENSIONS]
    return f"NOT coalesce({' OR '.join(outside)}, false)"
