"""Where are points lost?"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from data_access.selection import Filter
from data_access.workshop.records import Pin
from pages.words.columns import LOST, METRIC, Column
from pages.words.options import BY, Number, member_of
from pages.words.presentation import Presentation

SEGMENT, ALL = "segment", "all"  # the segment that is open on the page, in its link


def opened(pin: Pin) -> tuple[Filter, ...]:
    """The segment that was open beside the table."""
    code = parse_qs(urlsplit(pin.link).query).get(SEGMENT, [ALL])[0]
    by = pin.options.get("by", ())
    return (Filter(by[0], (member_of(code),)),) if len(by) == 1 and code != ALL else ()


PRESENTATION = Presentation(
    method="contribution",
    answers="lost points by --by; with --target also what each segment would bring at the target",
    options=(
        BY,
        Number(
            name="target",
            link="target",
            flag="--target",
            help="contribution: value every segment is measured against",
        ),
    ),
    view=(SEGMENT,),
    columns=(
        Column("contribution", "share", bar=True),
        Column("share", "share"),
        Column("index", "factor"),
        Column("cumulative", "share"),
        Column("lost_points", LOST),
        Column("n", "count"),
        Column("score", METRIC, count="n", kept=True),
        Column("target_gain", "factor_change", "intermediate"),
        Column("low", METRIC, "intermediate"),
        Column("high", METRIC, "intermediate"),
        Column("contribution_low", "share", "intermediate"),
        Column("contribution_high", "share", "intermediate"),
    ),
    headline=("contribution", "share", "index", "score"),
    can_be_lifted=True,
    start=opened,
)
