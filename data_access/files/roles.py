"""The parts that columns can play, and what is known of a column in its part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from data_access.files.sensitive import Sensitive
from data_access.labels import Scalar
from data_access.semantics import Level, Missing


class Part(StrEnum):
    """The parts a column can play."""

    SCORE = "score"
    TIME = "time"
    LOADED = "loaded"
    EXTRACTED = "extracted"
    CONTACT_ID = "contact_id"
    CUSTOMER_ID = "customer_id"
    RESPONDED = "responded"
    EXCLUDED = "excluded"
    WEIGHT = "weight"
    METRIC = "metric"
    DIMENSION = "dimension"
    CHOICE = "choice"  # one column of a multi-select
    DRIVER = "driver"
    REASON = "reason"
    AGENT = "agent"  # who served: a dimension, and shown as a code wherever contacts stand one by one
    COMMENT = "comment"
    RECORDING = "recording"
    PERSONAL = "personal"
    IGNORED = "ignored"


@dataclass(frozen=True)
class ColumnRole:
    """A column and its part. `note` is the key of the text that says why; the fields below serve some parts only.

    order: values of an ordinal dimension. under: name of the dimension above. group, yes, no: of a multi-select.
    split: of a reason or a dimension. not_stated: of a reason. values: (worst, best) of a metric; survey: whether
    customers were asked for it. sensitive: what a personal column gives away. label: what the file says of the column
    beyond its name. option, question: an answer of a multi-select, and what it answers. kind: of a weight.
    codes: values of a driver or dimension that stand for no answer. of: columns that it says again, where it is left
    out for that. unit: of a driver.
    """

    column: str
    part: Part
    name: str
    note: str = ""
    level: Level = Level.NOMINAL
    missing: Missing = Missing.UNKNOWN
    codes: tuple[Scalar, ...] = ()
    order: tuple[str, ...] = ()
    under: str = ""
    group: str = ""
    yes: tuple[Scalar, ...] = ()
    no: tuple[Scalar, ...] = ()
    split: str = ""
    not_stated: str = ""
    values: tuple[Scalar, ...] = ()
    better: str = "high"
    sensitive: Sensitive | None = None
    label: str = ""
    of: tuple[str, ...] = ()
    unit: str = ""
    survey: bool = False
    option: str = ""
    question: str = ""
    kind: str = "survey"

    @property
    def is_dimension(self) -> bool:
        """Whether results can be broken down by the column."""
        return self.part in (Part.DIMENSION, Part.AGENT)

    @property
    def said(self) -> str:
        """What the column is called on screen: its label where the file has one."""
        return self.label or self.column


def question_said(members: Sequence[ColumnRole]) -> str:
    """What a multi-select is called on screen: its question, else its first answers."""
    options = [member.option or member.column.rsplit(" (", 1)[0] for member in members[:3]]
    return members[0].question or f"{' / '.join(options)} …"
