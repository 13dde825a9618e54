"""Does who calls reach somebody, and how soon?"""

from __future__ import annotations

from pages.words.columns import TEXT, Column, codes, yes
from pages.words.options import BY, Number, Option
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Rows
from pages.words.service_words import MEASURES, days, figures, intervals

RATES = ("answer_rate", "caller_rate", "service_level", "days_met", "abandoned_rate", "busy_rate", "redial_rate")
COUNTS = (
    "attempts", "requests", "answered", "abandoned", "busy", "short", "in_queue", "in_ring", "left_queue",
    "left_ring", "known", "callers", "reached", "unanswered", "redialled", "unknown_callers",
)  # fmt: skip
FORMULA = Option(name="formula", link="formula", flag="--formula", usual="offered",
                 help="offered, credited, answered, without_early or short_credited")  # fmt: skip
DAY = 86_400  # seconds
CLOCK = Option(name="clock", link="clock", flag="--clock", usual="queue", help="queue, or ring: ringing included")


PRESENTATION = Presentation(
    method="access",
    page="service",
    answers="of the calls of table `calls`: answer rate per call and per caller, service level by one of five "
    "--formula and two --clock, share of days that met the target, busy lines, redials; a row per segment of --by",
    group="service",
    options=(
        BY,
        FORMULA,
        CLOCK,
        Number(
            name="seconds",
            flag="--seconds",
            above=0,
            most=DAY,
            help="within which to answer a call, instead of the targets",
        ),
    ),
    rows=Rows(),
    columns=(
        Column("n", "count"),
        *(Column(name, "share", count="n", kept=True) for name in RATES),
        Column("target", "share"),
        Column("state", TEXT, write=codes("service.state")),
        Column("loop", TEXT, write=yes),
        *intervals(*RATES),
        Column("attempts", "count", "intermediate"),
        Column("callers", "count", "intermediate"),
        Column("answer_rate_change", "share", "intermediate"),
        Column("caller_rate_change", "share", "intermediate"),
        Column("answer_rate_p", "p", "advanced"),
        Column("caller_rate_p", "p", "advanced"),
    ),
    headline=("n", "answer_rate", "caller_rate", "service_level"),
    parts={
        "measures": MEASURES,
        "formulas": (
            Column("formula", TEXT, write=codes("access.formula")),
            Column("clock", TEXT, write=codes("access.clock")),
            Column("value", "share", kept=True),
            Column("low", "share"),
            Column("high", "share"),
            Column("count", "count"),
            Column("n", "count"),
        ),
        "trend": (
            Column("start", TEXT, write=days),
            Column("requests", "count"),
            *(Column(name, "share", count="n", kept=True) for name in RATES),
        ),
    },
    statistics={
        **dict.fromkeys(COUNTS, "count"),
        **figures(*RATES),
        "target": "share",
    },
    beside=every_part,
)  # fmt: skip
