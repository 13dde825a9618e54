"""How accurate is the service?"""

from __future__ import annotations

from pages.words.columns import TEXT, Column
from pages.words.options import BY, Number
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Rows
from pages.words.service_words import MEASURES, called, codes_or_as_stands, days, figures, intervals

RATES = ("critical_accuracy", "noncritical_accuracy", "qa_coverage")

PRESENTATION = Presentation(
    method="quality",
    page="service",
    answers="of the checks of table `quality`: critical and non-critical accuracy from those drawn by chance, "
    "weighted; coverage against --quota; whether --goal can be shown; kappa of table `calibration`; a row per --by",
    group="service",
    options=(
        BY,
        Number(name="goal", flag="--goal", help="quality: the critical accuracy asked for, per cent; 99.9"),
        Number(name="quota", flag="--quota", help="quality: per cent of the handled contacts to be checked; 2"),
    ),
    rows=Rows(),
    columns=(
        Column("n", "count"),
        *(Column(name, "share", count="n", kept=True) for name in RATES),
        Column("plain_accuracy", "share", count="n"),
        Column("plain_noncritical", "share", count="n"),
        *intervals(*RATES),
        Column("evaluations", "count", "intermediate"),
        Column("handled", "count", "intermediate"),
    ),
    headline=("n", *RATES),
    parts={
        "measures": MEASURES,
        "agreement": (
            Column("kind", TEXT, write=codes_or_as_stands("quality.kind")),
            Column("question", TEXT, write=called("qa_question")),
            Column("n", "count"),
            Column("alike", "share"),
            Column("kappa", "factor", kept=True),
            Column("low", "factor"),
            Column("high", "factor"),
        ),
        "trend": (
            Column("start", TEXT, write=days),
            Column("picked", "count"),
            *(Column(name, "share", kept=True) for name in RATES),
        ),
    },
    statistics={
        **dict.fromkeys(("evaluations", "handled", "targeted", "worth", "needed"), "count"),
        **figures(*RATES),
        **dict.fromkeys(("plain", "plain_before", "plain_change", "goal", "least"), "share"),
    },
    beside=every_part,
)
