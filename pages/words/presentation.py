"""What is said of one analysis? Everything that must know it by its name is derived from its Presentation. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from analysis.result import Result
from data_access.selection import Filter
from data_access.workshop.records import Pin
from pages.words.columns import Column
from pages.words.options import Option, Path
from pages.words.rows import Rows

STATISTICS: Mapping[str, str] = MappingProxyType({  # how a figure is written that many analyses have
    **dict.fromkeys(("score", "low", "high", "baseline_score", "baseline_low", "baseline_high"), "metric"),
    **dict.fromkeys(("change", "change_low", "change_high"), "metric_change"),
    **dict.fromkeys(("n", "baseline_n", "contacts", "clusters", "family"), "count"),
    "lost_points": "metric_size", "p": "p",
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Presentation:
    """One analysis as people and machines meet it.

    method: its name in `analysis.methods`; its texts are named after it: `METHOD.question`, `page.METHOD`,
    `columns.METHOD.COLUMN`. page: the page that shows it, another analysis' where it is a part of that.
    columns: of its table. headline: those a pin shows. rows: what the rows are called.
    parts: the columns of its further tables, in the order of sheets.
    options: what it can be asked for; view: what the link of its page holds besides.
    answers: what it answers, for the help of the command line; empty where it is no command. group: analyses of one
    group have their flags under one heading there.
    measure: the link's parameter for a driver in the metric's place, where the analysis takes one.
    can_be_lifted: whether each row has a share and lost points of its own, so that a plan can raise it to a target.
    statistics, codes: how a figure is written, and where the words of one that is a code stand.
    start: the steps a trace begins with when a pin of this is its data problem, besides the pin's filters.
    beside: what the headless contract has beside the table. status: the exit status of its command, 0 without.
    """

    method: str
    columns: Sequence[Column]
    headline: Sequence[str]
    page: str = ""
    rows: Rows = field(default_factory=Rows)
    parts: Mapping[str, Sequence[Column]] = field(default_factory=dict)
    options: Sequence[Option] = ()
    view: Sequence[str] = ()
    answers: str = ""
    group: str = ""
    measure: str = ""
    can_be_lifted: bool = False
    statistics: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    start: Callable[[Pin], tuple[Filter, ...]] | None = None
    beside: Callable[[Result], Mapping[str, Any]] | None = None
    status: Callable[[Result], int] | None = None

    @property
    def shown_on(self) -> str:
        """The page that shows it."""
        return self.page or self.method

    @property
    def question(self) -> str:
        """The text of its question."""
        return f"{self.method}.question"

    @property
    def links(self) -> tuple[str, ...]:
        """The parameters of its page's link."""
        return (*(option.link for option in self.options if option.link), *self.view, *filter(None, [self.measure]))

    @property
    def path(self) -> Path | None:
        """The option that is a path, where it has one."""
        return next((option for option in self.options if isinstance(option, Path)), None)

    def spec(self, statistic: str) -> str:
        """How a figure is written."""
        return self.statistics.get(statistic) or STATISTICS.get(statistic, "exact")


def every_part(result: Result) -> dict[str, Any]:
    """All further tables by name, as they are."""
    return {"parts": {name: part.to_dict("records") for name, part in result.parts.items()}}
