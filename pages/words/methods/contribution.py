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
    """The segment that was open beside the table; nothing where the pin is of what lies inside it."""
    code = parse_qs(urlsplit(pin.link).query).get(SEGMENT, [ALL])[0]
    by, member = pin.options.get("by", ()), member_of(code)
    inside = any(part.dimension not in by and part.values == (member,) for part in pin.selection.filters)
    return (Filter(by[0], (member,)),) if len(by) == 1 and code != ALL and not inside else ()


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
