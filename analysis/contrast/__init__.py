"""Is this group, period or benchmark really different, by how much, and does it matter?

One answer is built in steps: the question is checked (`question`), its two sides are fetched as counts (`sides`,
`outside`), the fitting test is chosen (`advice`) and run over all comparisons (`compare`, `overall`), the family is
adjusted and judged (`family`, `verdicts`), and what makes it fair to say so stands beside it (`fair`, `standings`,
`response`).
"""

from analysis.contrast.answer import contrast

__all__ = ["contrast"]
