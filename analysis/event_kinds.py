"""What is an event called in a sentence? Its kind, where the house knows it."""

from __future__ import annotations

KINDS = ("rule_change", "release", "outage", "campaign")


def kind_of(kind: str | None) -> str:
    """The text of a kind of event; of an unknown one, that of events as such."""
    return f"suspects.kind.{kind if kind in KINDS else 'other'}"
