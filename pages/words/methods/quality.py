"""How accurate is the service?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import METRIC, TEXT, Column, codes
from pages.words.options import BY, Number
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Rows
from pages.words.service_words import MEASURES, SHARED, called, codes_or_as_stands, days, figures, intervals, segments

if TYPE_CHECKING:
    import pandas as pd

RATES = ("critical_accuracy", "noncritical_accuracy", "qa_coverage")


def _as_stands(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Codes of agents, which have no words; nothing for nobody."""
    return [value if isinstance(value, str) else "" for value in table[name]]


PRESENTATION = Presentation(
    method="quality",
    page="service",
    answers="of the checks of table `quality`: critical and non-critical accuracy from those drawn by chance, "
    "weighted; coverage against --quota; whether --goal can be shown; kappa of table `calibration`; checks beside "
    "the survey of the same contact; errors that all make alike, or one agent; a row per --by",
    group="service",
    options=(
        BY,
        Number(
            name="goal",
            flag="--goal",
            above=0,
            below=100,
            help="quality: the critical accuracy asked for, per cent; 99.9",
        ),
        Number(
            name="quota",
            flag="--quota",
            above=0,
            most=100,
            help="quality: per cent of the handled contacts to be checked; 2",
        ),
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
        "beside": (
            Column("cell", TEXT, write=codes("quality.cell")),
            Column("contacts", "count", kept=True),
            Column("share", "share", kept=True),
            Column("low", "share"),
            Column("high", "share"),
            Column("of_result", "share"),
            Column("meaning", TEXT, write=codes("quality.meaning")),
        ),
        "results": (
            Column("result", TEXT, write=codes("quality.result")),
            Column("contacts", "count"),
            Column("score", METRIC, count="n", kept=True),
            Column("low", METRIC),
            Column("high", METRIC),
        ),
        "passed": (
            Column("segment", TEXT, write=segments),
            Column("contacts", "count"),
            Column("bad_rate", "share", count="n", kept=True),
            Column("low", "share"),
            Column("high", "share"),
        ),
        "shared": (
            Column("error", TEXT, write=called("qa_error")),
            *SHARED,
            Column("verdict", TEXT, write=codes("quality.verdict")),
            Column("share", "share", "intermediate"),
            Column("p_adjusted", "p", "intermediate"),
            Column("top", TEXT, "intermediate", write=_as_stands),
            Column("top_n", "count", "intermediate"),
            Column("top_checks", "count", "intermediate"),
            Column("top_p", "p", "intermediate"),
            Column("z", "number", "advanced"),
        ),
        "trend": (
            Column("start", TEXT, write=days),
            Column("picked", "count"),
            *(Column(name, "share", kept=True) for name in RATES),
        ),
    },
    statistics={
        **dict.fromkeys(("evaluations", "handled", "checked", "targeted", "worth", "needed", "short"), "count"),
        **dict.fromkeys(("both", "bad_n", "failed_n"), "count"),
        **{
            f"beside_{name}{end}": "share"
            for name in ("bad_passed", "failed_content", "alike")
            for end in ("", "_low", "_high")
        },
        **{f"beside_kappa{end}": "factor" for end in ("", "_low", "_high")},
        "quota": "share",
        **figures(*RATES),
        **dict.fromkeys(("plain", "plain_before", "plain_change", "goal", "least"), "share"),
    },
    beside=every_part,
)
