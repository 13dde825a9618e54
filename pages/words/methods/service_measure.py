"""How does one measure of the service stand, by any dimension?"""

from __future__ import annotations

from pages.words.methods.access import CLOCK, FORMULA
from pages.words.methods.overview import COLUMNS
from pages.words.options import BY, Option
from pages.words.presentation import Presentation
from pages.words.rows import Rows

MEASURE = Option(name="measure", link="what", flag="--measure",
                 help="its name on the board, such as service_level or a rate of the model; "
                 "default: one that the source has")  # fmt: skip
PRESENTATION = Presentation(
    method="service_measure",
    page="service",
    answers="one --measure of the board, in per cent, by the segments of --by",
    group="service",
    view=("days",),
    options=(
        MEASURE,
        BY,
        FORMULA,
        CLOCK,
    ),
    rows=Rows(),
    columns=COLUMNS,
    headline=("n", "score", "change"),
    statistics={"count": "count", "target": "metric", "open_from": ""},
)  # fmt: skip
