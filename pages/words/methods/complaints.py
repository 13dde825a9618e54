"""What becomes of complaints?"""

from __future__ import annotations

from pages.words.columns import METRIC, TEXT, Column, codes
from pages.words.options import BY
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Rows
from pages.words.service_words import MEASURES, called, days, figures, intervals

RATES = ("escalation_rate", "late_rate", "reopened_rate", "recurrence_rate")
COUNTS = ("cases", "escalated", "closed", "reopened", "due", "late", "ripe", "recurred", "unripe")
DAYS = (
    Column("start", TEXT, write=days),
    Column("cases", "count"),
    Column("contacts", "count"),
    Column("rate", "raw", kept=True),
    Column("least", "raw"),
    Column("most", "raw"),
    Column("verdict", TEXT, write=codes("complaints.day")),
)

PRESENTATION = Presentation(
    method="complaints",
    page="service",
    answers="of the complaints of table `complaints`: escalated with exact interval and per 10,000 contacts, "
    "closed late, opened again, made again about the same; a row per segment of --by",
    group="service",
    options=(BY,),
    rows=Rows(),
    columns=(
        Column("n", "count"),
        *(Column(name, "share", count="n", kept=True) for name in RATES),
        Column("hours", "raw"),
        *intervals(*RATES),
        Column("due", "count", "intermediate"),
        Column("closed", "count", "intermediate"),
        Column("ripe", "count", "intermediate"),
    ),
    headline=("n", *RATES),
    parts={
        "measures": MEASURES,
        "escalation": (
            Column("hours", "count"),
            Column("share", "share", kept=True),
            Column("low", "share"),
            Column("high", "share"),
            Column("n", "count"),
        ),
        "course": (
            Column("hours", "number"),
            Column("share", "share", kept=True),
            Column("low", "share"),
            Column("high", "share"),
            Column("n", "count"),
        ),
        "outcomes": (
            Column("outcome", TEXT, write=called("outcome")),
            Column("cases", "count"),
            Column("share", "share"),
            Column("n", "count"),
            Column("score", METRIC, count="n", kept=True),
            Column("low", METRIC),
            Column("high", METRIC),
        ),
        "trend": (
            Column("start", TEXT, write=days),
            Column("cases", "count"),
            *(Column(name, "share", kept=True) for name in RATES),
        ),
        "days": DAYS,
        "unusual": DAYS,
    },
    statistics={
        "days": "count",
        "unusual": "count",
        "sigma_z": "factor",
        **dict.fromkeys(COUNTS, "count"),
        **figures(*RATES),
        **dict.fromkeys(("lasted", "hours", "per_10000", "per_10000_low", "per_10000_high"), "raw"),
    },
    beside=every_part,
)
