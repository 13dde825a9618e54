"""Which customers were likely dissatisfied and never answered?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words import risk_words
from pages.words.catalogue import Catalogue
from pages.words.columns import TEXT, Column
from pages.words.options import Filters, Number, Whole
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Named

if TYPE_CHECKING:
    import pandas as pd


class Contacts(Named):
    """Contacts by their masked ids."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [str(code) for code in result.table["contact_id"]]


def _days(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [words.show(day, "date") if day else "" for day in table[name]]


def _reasons(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [risk_words.reasons(codes, words) for codes in table[name]]


def _kept_in(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [risk_words.kept_in(code, words) for code in table[name]]


def _signs(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [risk_words.sign(code, words) for code in table[name]]


PRESENTATION = Presentation(
    method="risk",
    answers="customers of the last --last-days who did not answer, by how likely they are dissatisfied, with "
    "reasons: a calibrated model learned from earlier answers and tested on the last ones; auc with interval, brier "
    "beside that of the base rate, calibration (slope); no list where it is no better; --cost, --value, --capacity "
    "say for whom",
    group="risk",
    options=(
        Whole(name="days", link="last_days", flag="--last-days", metavar="N", usual=7, above=0, most=92,
              help="days whose customers are judged, the last whose returns are known; 7"),
        Whole(name="capacity", link="capacity", flag="--capacity", metavar="N", usual=50, above=0, most=100_000,
              help="customers that can be contacted a day; 50"),
        Number(name="cost", link="cost", flag="--cost", metavar="X", usual=1.0, above=0, help="of one contact; 1"),
        Number(name="value", link="worth", flag="--value", metavar="X", usual=5.0, above=0,
               help="of contacting a dissatisfied customer, in the unit of --cost; 5"),
        Filters(name="protect", flag="--protect", help="members that are never held out; may be repeated"),
    ),
    rows=Contacts("risk.contact"),
    columns=(
        Column("time", TEXT, write=_days),
        Column("probability", "share", kept=True),
        Column("reasons", TEXT, write=_reasons, long=True),
        Column("kept_in", TEXT, write=_kept_in),
    ),
    headline=("probability",),
    parts={
        "calibration": (
            Column("predicted", "share"),
            Column("observed", "share"),
            Column("low", "share", "intermediate"),
            Column("high", "share", "intermediate"),
            Column("n", "count"),
        ),
        "gains": (
            Column("part", "share"),
            Column("caught", "share"),
            Column("customers", "count"),
            Column("expected", "count"),
        ),
        "signs": (Column("sign", TEXT, write=_signs), Column("strength", "factor")),
        "balance": (
            Column("sign", TEXT, write=_signs),
            Column("before", "factor"),
            Column("after", "factor"),
        ),
    },
    statistics={
        **dict.fromkeys(("positives", "learned", "set_right", "unheard", "judged", "outside", "elsewhere", "again",
                         "chosen", "hits", "missed", "effective", "days", "capacity"), "count"),
        **dict.fromkeys(("base_rate", "said_rate", "threshold", "expected_rate", "weighed_rate"), "share"),
        **dict.fromkeys(("auc", "auc_low", "auc_high", "calibration", "calibration_intercept"), "factor"),
        "worth": "number",
        **dict.fromkeys(("first_day", "last_day", "tested_from"), "date"),
    },
    codes={"verdict": "risk.verdict"},
    beside=every_part,
)  # fmt: skip
