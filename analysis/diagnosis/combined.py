"""The gaps and the types of cause of one path at once: the evidence is the costly part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.diagnosis.causes import cause_types_from
from analysis.diagnosis.evidence import examine
from analysis.diagnosis.gaps import gaps_from
from analysis.diagnosis.reasons import reason_of
from analysis.result import Result
from data_access.selection import Filter, Selection
from data_access.warehouse import Warehouse


def gaps_and_causes(
    warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = (), listed: Sequence[str] | None = None
) -> Result:
    """`gaps` with the table of `cause_types` as part `cause_types`, whose findings come after one for each gap.

    Without reasons in the model there are gaps only. Raises as `gaps` does.
    """
    evidence = examine(warehouse, selection, path)
    found = gaps_from(evidence, listed=listed)
    if reason_of(warehouse, evidence.path) is None:
        return found
    causes = cause_types_from(evidence)
    return replace(
        found,
        findings=(*found.findings, *causes.findings),
        caveats=(*found.caveats, *(caveat for caveat in causes.caveats if caveat not in found.caveats)),
        parts={**found.parts, "cause_types": causes.table},
    )
