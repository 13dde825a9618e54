"""Which columns say who serves, for how long, and how long that takes? Found by what the model calls its drivers."""

from __future__ import annotations

from collections.abc import Sequence

from data_access.semantics import Level, SemanticModel
from data_access.statement import BadInput

TENURE = ("tenure", "司龄", "在岗天数", "工龄")
HANDLING = ("handl", "aht", "处理时长", "通时")
TALK, AFTER = ("talk", "通话时长"), ("wrap", "after_call", "after-call", "acw", "话后", "整理时长")
KIND = ("touchpoint", "contact_type", "contact type", "purpose", "触点", "业务类型", "来电类型")
TEAM = ("team", "班组", "团队", "group")


def tenure_of(model: SemanticModel) -> str:
    """The driver that holds the days an agent has been there. Raises BadInput where there is none."""
    found = _driver(model, TENURE)
    if found is None:
        raise BadInput("people.no_tenure")
    return found


def times_of(model: SemanticModel) -> tuple[str, ...]:
    """The drivers that add up to the handling time: one of its own, else talk and the work after it.

    Raises BadInput where there is none.
    """
    whole = _driver(model, HANDLING)
    parts = [whole] if whole else [_driver(model, TALK), _driver(model, AFTER)]
    found = tuple(name for name in parts if name)
    if not found:
        raise BadInput("people.no_handling")
    return found


def kinds_of(model: SemanticModel) -> str:
    """The dimension that says what kind of contact it was: one that is called so, else what it was about, else the
    first.
    """
    for name, dimension in model.dimensions.items():
        if not dimension.overlaps and _is_called((name, dimension.column or "", *dimension.labels.all), KIND):
            return name
    return questions_of(model)


def questions_of(model: SemanticModel) -> str:
    """The dimension that says what a contact was about, else the first. Raises BadInput where there is none."""
    if not model.question and not model.dimensions:
        raise BadInput("people.no_teams")
    return model.question or next(iter(model.dimensions))


def teams_of(model: SemanticModel) -> str:
    """The dimension of teams: one that is called so, else what answers cluster in. Raises BadInput for neither."""
    for name, dimension in model.dimensions.items():
        if _is_called((name, dimension.column or "", *dimension.labels.all), TEAM):
            return name
    if model.cluster is None:
        raise BadInput("people.no_teams")
    return model.cluster


def tenure_bands_of(model: SemanticModel) -> str | None:
    """The dimension of bands of tenure; None where there is none."""
    for name, dimension in model.dimensions.items():
        if dimension.order and _is_called((name, dimension.column or "", *dimension.labels.all), TENURE):
            return name
    return None


def _driver(model: SemanticModel, words: Sequence[str]) -> str | None:
    for name, driver in model.drivers.items():
        if driver.level is Level.INTERVAL and _is_called((name, driver.column, *driver.labels.all), words):
            return name
    return None


def _is_called(names: Sequence[str], words: Sequence[str]) -> bool:
    return any(word in name.casefold() for name in names for word in words)
