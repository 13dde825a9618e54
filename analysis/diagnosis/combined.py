"""The gaps and the types of cause of one path together: gathering the evidence is the expensive part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.diagnosis.causes import cause_types_from
from analysis.diagnosis.evidence import examine
from analysis.diagnosis.gaps import gaps_from
from analysis.diagnosis.reasons import reason_of
from analysis.limits import within_limits
from analysis.result import Result
from data_access.selection import Filter, Selection
from data_access.warehouse import Warehouse


@within_limits
def gaps_and_causes(
    warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = (), listed: Sequence[str] | None = None
) -> Result:
    """`gaps`, with the table of `cause_types` as part `cause_types`; its findings follow those of the gaps.

    Gaps only where the model has no reasons. Raises as `gaps` does.
    """
    evidence = examine(warehouse, selection, path)
    result = gaps_from(evidence, listed=listed)
    if reason_of(warehouse, evidence.path) is None:
        return result
    causes = cause_types_from(evidence)
    return replace(
        result,
        findings=(*result.findings, *causes.findings),
        caveats=(*result.caveats, *(caveat for caveat in causes.caveats if caveat not in result.caveats)),
        parts={**result.parts, "cause_types": causes.table},
    )
