"""Before a file is made for somebody, it is kept who takes it along; what cannot be kept is not made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from analysis.result import Result
from data_access.workshop.seen_records import Seen
from pages.frame.context import Context, Frame
from pages.frame.seen import asked_for


def noted(
    here: Frame, make: Callable[[], bytes], kind: str, *, subject: str = "", result: Result | None = None
) -> Callable[[], bytes]:
    """`make`, which makes a file when a button is pressed, with a note of that before. kind: of the file.

    subject: the issue or meeting that it is of. result: the analysis, whose selection is kept.
    """
    if not here.witness.is_needed:
        return make
    about = Seen(what="file", subject=" ".join(filter(None, (kind, subject))), **_of_result(here, result))

    def made() -> bytes:
        here.witness.note(about)
        return make()

    return made


def _of_result(here: Frame, result: Result | None) -> Mapping[str, Any]:
    if result is None or not isinstance(here, Context):
        return {}
    asked = {"method": result.method, **asked_for(result, here.warehouse.model)}
    return {"dataset": here.dataset, "data_version": result.data_version, "asked": asked, "count": len(result.table)}
