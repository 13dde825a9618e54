"""Which families of measures does the board lack, and why? A sentence a reason, whatever the number of families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.result import Statement
from data_access.statement import BadInput, NothingToShow, Problem

NOT_IN_DATA = ("service.no_table.", "service.no_reasons", "people.no_", "model.no_time")
NOT_OF_FILTER = "service.no_cut"  # the table does not say what is filtered by


def left_out(problems: Mapping[str, Problem]) -> tuple[Statement, ...]:
    """Those that do not apply to the selection, those that the data hold nothing of; any other problem as it is."""
    not_applying = [family for family, problem in problems.items() if _does_not_apply(problem)]
    lacking = [family for family, problem in problems.items() if _is_lacking(problem)]
    said = [
        Statement(key, {"families": tuple(Statement(f"service.family.{family}") for family in families)})
        for key, families in (("service.not_of_selection", not_applying), ("service.not_in_data", lacking))
        if families
    ]
    others = [problem for family, problem in problems.items() if family not in {*not_applying, *lacking}]
    return (*said, *_each_once(others))


def ways_out(problems: Mapping[str, Problem]) -> tuple[Statement, ...]:
    """What each family would need to be on the board."""
    return _each_once(problem for problem in problems.values() if isinstance(problem, BadInput))


def _does_not_apply(problem: Problem) -> bool:
    return isinstance(problem, NothingToShow) or problem.statement.key == NOT_OF_FILTER


def _is_lacking(problem: Problem) -> bool:
    return problem.statement.key.startswith(NOT_IN_DATA)


def _each_once(problems: Iterable[Problem]) -> tuple[Statement, ...]:
    return tuple(dict.fromkeys(problem.statement for problem in problems))
