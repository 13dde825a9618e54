"""What caused a located loss, and whose is it? The evidence that would distinguish one cause from another.

The path is compared with itself before and with its nearest siblings (`comparator`), standardised to its own mix
(`standardised_gap`), unit by unit (`unit_comparison`), by logged standards (`standards`), at the dates of rules
(`rules`) and by reasons (`reasons`). All of it is gathered once (`evidence`) for the five gaps (`gap_verdicts`,
`gaps`) and the types of cause (`cause_tests`, `causes`). How much of a target is within our own power: `attainable`.

For the gaps and causes of one path, gather the evidence once: `examine`, then `gaps_from` and `cause_types_from`.
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
