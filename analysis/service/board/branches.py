"""Which branch of the tree of drivers does a measure of the service belong to?

The tree leads from how the service is reached, handled and ended, and from what binds it, to satisfaction. A family
of measures is a branch of its own; a metric of the model is on the branch of what it counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

BRANCHES = ("access", "handling", "resolution", "bot", "complaints", "quality", "people", "rules", "answers")
USUAL = "handling"  # of a measure that nothing says more of
OF_FAMILY: Mapping[str, str] = MappingProxyType({"survey": "answers"})  # of a family not called as its branch
OF_METRIC = (  # of a metric of the model, by its name in either language
    (re.compile(r"bot|flow|contain|self|task_success|机器人|自助", re.I), "bot"),
    (re.compile(r"fcr|resol|solved|一解|解决", re.I), "resolution"),
    (re.compile(r"abandon|queue|wait|answer_rate|busy|放弃|排队|接通|占线", re.I), "access"),
    (re.compile(r"complain|escalat|投诉|升级", re.I), "complaints"),
    (re.compile(r"qa_|quality|error|质检|差错", re.I), "quality"),
    (re.compile(r"rule|policy|规则|政策", re.I), "rules"),
)  # fmt: skip


def branch_of(measure: str, family: str) -> str:
    """The branch of a measure.

    >>> branch_of("busy_rate", "access"), branch_of("fcr_48", "recorded"), branch_of("new", "recorded")
    ('access', 'resolution', 'handling')
    """
    if family in BRANCHES:
        return family
    usual = OF_FAMILY.get(family, USUAL)
    return next((branch for pattern, branch in OF_METRIC if pattern.search(measure)), usual)
