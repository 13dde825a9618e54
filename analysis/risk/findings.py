"""What is said of the model, of the list and of those who did not answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.result import Statement
from analysis.risk.trained import Trained

SOUND = (0.8, 1.25)  # slopes of the calibration line within which probabilities are taken as they stand
APART = 0.02  # by so much the share may move when answers are weighed


def findings(statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    """The answer first, then how good the model is, and how those who did not answer differ."""
    sound = SOUND[0] <= statistics["calibration"] <= SOUND[1]
    told = [Statement("risk.tested", statistics)]
    if statistics["verdict"] == "no_better":
        return (Statement("risk.no_better", statistics), *told)
    told.append(Statement("risk.calibrated" if sound else "risk.not_calibrated", statistics))
    told.append(Statement("risk.rates", statistics))
    first = "risk.chosen" if statistics["chosen"] else "risk.nobody"
    return (Statement(first, statistics), *([Statement("risk.missed", statistics)] if statistics["chosen"] else []),
            *told)  # fmt: skip


def caveats(found: Trained, statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    """What must be assumed, and who could not be judged."""
    told = [Statement("risk.assumed", statistics)]
    moved = abs(statistics["weighed_rate"] - statistics["base_rate"]) > APART
    told.append(Statement("risk.weighed_apart" if moved else "risk.weighed", statistics))
    told += [Statement(f"risk.{name}", statistics) for name in ("outside", "elsewhere") if statistics[name]]
    told += [Statement("risk.leak", {"names": {"dimension": name}}) for name in found.leaks]
    told += [Statement("risk.sampled", {"n": part.codes.n, "of": part.codes.of})
             for part in (found.heard, found.unheard) if part.codes.n < part.codes.of]  # fmt: skip
    return tuple(told)


def notes(found: Trained) -> tuple[Statement, ...]:
    """How it was done."""
    how = ["learned", "slices" if found.slices.in_time else "lot", "right", "better", "reasons", "one", "weighed"]
    how += ["back"] if "@back" in found.names else ["no_back"]
    return tuple(Statement(f"how.risk.{name}", {"columns": len(found.names)}) for name in how)
