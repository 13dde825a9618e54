"""What is a located loss to be called, and whose is it? The evidence that would tell a cause from its neighbours.

The path is held against itself before and against its nearest siblings (`reference`), at the same mix (`held`), unit
by unit (`units`), by logged standards (`standards`), at the dates of rules (`rules`) and by reasons (`reasons`); all
of it once (`evidence`), for the five gaps (`verdicts`, `gaps`) and the types of cause (`tested`, `causes`). What part
of a target is in our own power: `attainable`.

Who asks for gaps and causes of one path gathers the evidence once: `examine`, then `gaps_from`, `cause_types_from`.
"""

from analysis.diagnosis.attainable import attainable
from analysis.diagnosis.causes import cause_types, cause_types_from
from analysis.diagnosis.combined import gaps_and_causes
from analysis.diagnosis.evidence import Evidence, examine
from analysis.diagnosis.gaps import gaps, gaps_from

__all__ = [
    "Evidence",
    "attainable",
    "cause_types",
    "cause_types_from",
    "examine",
    "gaps",
    "gaps_and_causes",
    "gaps_from",
]
