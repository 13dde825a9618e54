"""What else is asked where few clusters answer? A wild bootstrap, and a test by treating other clusters."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.effect.did import Estimated, Moments
from analysis.effect.randomisation import UNKNOWN, Randomised, randomised
from analysis.stats.intervals import NAN, SIGNIFICANCE
from analysis.stats.wild_bootstrap import wild_coefficient

WILD_BELOW = 12  # clusters
FEW_TREATED, FEW_CLUSTERS = 4, 10


@dataclass(frozen=True)
class SecondOpinions:
    """p of the wild bootstrap (NaN where there are clusters enough) and the randomisation test."""

    wild_p: float
    randomised: Randomised

    @property
    def against(self) -> tuple[str, ...]:
        """Why an effect is not sure although its interval is: of `unreachable`, `randomisation`, `wild`."""
        reasons = []
        if self.randomised.smallest > SIGNIFICANCE:
            reasons.append("unreachable")
        elif self.randomised.p > SIGNIFICANCE:
            reasons.append("randomisation")
        if self.wild_p > SIGNIFICANCE:
            reasons.append("wild")
        return tuple(reasons)


NO_OPINIONS = SecondOpinions(NAN, UNKNOWN)


def are_few(clusters: int, treated: int) -> bool:
    """Whether so few clusters, or so few of them treated or not, that an interval is not enough."""
    return clusters < FEW_CLUSTERS or treated <= FEW_TREATED or clusters - treated <= FEW_TREATED


def second_opinions(m: Moments, effect: Estimated) -> SecondOpinions:
    """Those that apply to so many clusters."""
    test = randomised(m) if are_few(effect.clusters, effect.treated_clusters) else UNKNOWN
    return SecondOpinions(_wild(m) if effect.clusters < WILD_BELOW else NAN, test)


def _wild(m: Moments) -> float:
    """Only columns that vary count."""
    kept = m.kept
    if kept[-1:] != [1] or len(kept) < 2:
        return NAN
    return wild_coefficient(m.xx[:, kept][:, :, kept], m.xy[:, kept], len(kept) - 1)
