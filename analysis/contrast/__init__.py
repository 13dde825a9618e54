"""Is this group, period or benchmark really different, by how much, and does it matter?

A contrast is built in steps: the question is checked (`question`), its samples are fetched as counts (`samples`) or
its reference value is looked up (`benchmark`), a test is chosen (`advice`) and run on every comparison (`compare`,
`overall`), and the family is adjusted and given verdicts (`family`, `verdicts`). Standardised scores, ranks and
response rates stand beside it (`standardisation`, `ranking`, `response`).
"""

from analysis.contrast.contrast_result import contrast

__all__ = ["contrast"]
