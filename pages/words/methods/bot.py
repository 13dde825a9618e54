"""How well does the bot serve?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from data_access.selection import Filter
from data_access.workshop.records import Pin
from pages.words.catalogue import Catalogue
from pages.words.columns import METRIC, TEXT, Column, Write, codes
from pages.words.options import BY, Option
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Rows
from pages.words.service_words import MEASURES, called, days, figures, intervals, measure_name

if TYPE_CHECKING:
    import pandas as pd

RATES = (
    "bot_containment", "bot_resolution", "bot_return", "bot_transfer", "bot_recognition", "bot_no_answer",
    "bot_silence", "bot_satisfied", "handover_context", "automation_share",
)  # fmt: skip
COUNTS = (
    "sessions", "heard", "recognised", "asked", "unanswered", "handed_over", "contained", "dropped", "silent", "ripe",
    "returned", "resolved", "rated", "satisfied", "told", "briefed", "unripe",
    "young", "unknown", "loaded_late",
)  # fmt: skip
VOLUME = "bot_sessions"
INDENT = "\u2003"
COMPARED = ("containment", "returns", "resolution")


def indicators(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Indicators below each other as in a tree."""
    shown = (words.text("bot.volume") if one == VOLUME else measure_name(one, words) for one in table[name])
    return [INDENT * depth + text for depth, text in zip(table["depth"], shown, strict=True)]


def formulas(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Formulas with the numbers put in."""
    rows = table.to_dict("records")
    keys = ("bot.volume_formula" if row["measure"] == VOLUME else f"service.formula.{row['measure']}" for row in rows)
    return [words.text(key, **row) for key, row in zip(keys, rows, strict=True)]


def yes_or_no(place: str) -> Write:
    """Writes 1 and 0 in words."""

    def write(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
        return [words.text(f"bot.{place}_{int(value)}") for value in table[name]]

    return write


def at_scenario(pin: Pin) -> tuple[Filter, ...]:
    """A trace begins at the scenario whose flow was looked at."""
    scenario = pin.options.get("scenario")
    return (Filter("scenario", (scenario,)),) if isinstance(scenario, str) else ()


def _before_and_after() -> tuple[Column, ...]:
    found = [Column("n_before", "count", "intermediate"), Column("n_after", "count", "intermediate")]
    for name in COMPARED:
        found += [Column(f"{name}_before", "share"), Column(f"{name}_after", "share")]
        found += [Column(f"{name}_{end}", "share", "advanced") for end in ("low", "high")]
        found += [Column(f"{name}_n", "count", "advanced"), Column(f"{name}_p", "p", "intermediate")]
    return tuple(found)


SCORED = (
    Column("n", "count"),
    Column("score", METRIC, count="n", kept=True),
    Column("low", METRIC),
    Column("high", METRIC),
)
PRESENTATION = Presentation(
    method="bot",
    page="service",
    answers="of the sessions of table `bot`: recognition, containment, verified resolution, returns, transfers; "
    "the indicator tree with formulas, transfers and versions by scenario, the nodes of the flow of --scenario, "
    "hand-overs; a row per segment of --by",
    group="service",
    options=(
        BY,
        Option(name="scenario", link="flow", flag="--scenario", help="bot: whose flow is shown", usual=None),
    ),
    rows=Rows(),
    columns=(
        Column("n", "count"),
        *(Column(name, "share", count="n", kept=True) for name in RATES[:4]),
        *(Column(name, "share", "intermediate", count="n") for name in RATES[4:]),
        *(Column(c.name, c.spec, "advanced") for c in intervals(*RATES)),
        Column("ripe", "count", "intermediate"),
        Column("contacts", "count", "intermediate"),
    ),
    headline=("n", *RATES[:4]),
    parts={
        "measures": MEASURES,
        "tree": (
            Column("measure", TEXT, write=indicators),
            Column("formula", TEXT, write=formulas),
            Column("value", "share", kept=True),
            Column("low", "share", "intermediate"),
            Column("high", "share", "intermediate"),
            Column("change", "share"),
            Column("state", TEXT, write=codes("service.state")),
            Column("p_adjusted", "p", "intermediate"),
        ),
        "review": (
            Column("scenario", TEXT, write=called("scenario")),
            Column("owner", TEXT, write=called("bot_owner")),
            Column("n", "count"),
            Column("transfer", "rate", count="n", kept=True),
            Column("transfer_low", "rate", "intermediate"),
            Column("transfer_high", "rate", "intermediate"),
            Column("transfer_before", "rate"),
            Column("change", "pp_change"),
            Column("p_adjusted", "p", "intermediate"),
            Column("satisfied", "share"),
            Column("rated", "count", "intermediate"),
        ),
        "versions": (
            Column("version", TEXT, write=called("flow_version")),
            Column("since", TEXT, write=days),
            Column("verdict", TEXT, write=codes("bot.verdict")),
            Column("days", "count", "intermediate"),
            *_before_and_after(),
        ),
        "flow": (
            Column("node", TEXT, write=called("bot_node")),
            Column("n", "count"),
            Column("reach", "share", kept=True),
            Column("exit", "share", kept=True),
            Column("exit_low", "share", "intermediate"),
            Column("exit_high", "share", "intermediate"),
            Column("transfer", "share", kept=True),
            Column("transfer_low", "share", "intermediate"),
            Column("transfer_high", "share", "intermediate"),
            Column("score", METRIC, kept=True),
            Column("low", METRIC, "intermediate"),
            Column("high", METRIC, "intermediate"),
            Column("answers", "count"),
        ),
        "flow_versions": (
            Column("node", TEXT, write=called("bot_node")),
            Column("rate", TEXT, write=codes("bot.rate")),
            Column("before", "share", kept=True),
            Column("after", "share", kept=True),
            Column("change", "share"),
            Column("low", "share"),
            Column("high", "share"),
            Column("n_before", "count"),
            Column("n", "count"),
            Column("p_adjusted", "p"),
        ),
        "handover": (
            Column("group", TEXT, write=codes("bot.group")),
            Column("sessions", "count"),
            Column("share", "share"),
            *SCORED,
        ),
        "legs": (
            Column("understood", TEXT, write=yes_or_no("understood")),
            Column("solved", TEXT, write=yes_or_no("solved")),
            Column("sessions", "count"),
            Column("share", "share"),
            *SCORED,
        ),
        "trend": (
            Column("start", TEXT, write=days),
            Column("sessions", "count"),
            *(Column(name, "share", kept=True) for name in RATES),
        ),
    },
    statistics={**dict.fromkeys(COUNTS, "count"), **figures(*RATES)},
    beside=every_part,
    start=at_scenario,
)
