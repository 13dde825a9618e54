"""Which strata of the case mix are compared like for like? Those that say what a contact was about, not who served.

They are chosen as for what is worth knowing (`case_mix`): the one or two dimensions of the model that tell most about
the metric without following from who served, in the answers before the start. Never the treated unit, what lies above
or under it, nor a dimension that tells the groups apart.
"""

from __future__ import annotations

from datetime import timedelta

from analysis.effect.asked import Asked
from analysis.estimate import coded, scaled
from analysis.worth_knowing.case_mix import related, strata_of
from data_access.selection import Period
from data_access.warehouse import Warehouse

MOST = 12  # dimensions that are looked at
WEEKS = 13  # before the start that are looked at: what a contact is about tells as much in a quarter as in a year


def mix_strata(warehouse: Warehouse, asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The dimensions of the strata, none where none tells anything; and the statements that were run."""
    model = warehouse.model
    own = [name for name in dict.fromkeys((*asked.treated, asked.unit, asked.cluster)) if name]
    single = [part.dimension for part in asked.filters if len(part.values) == 1]
    names = [
        name for name, dimension in model.dimensions.items()
        if not dimension.overlaps and name not in single and not any(related(model, name, other) for other in own)
    ][:MOST]  # fmt: skip
    if not names or not asked.cluster:
        return (), ()
    before = Period(max(asked.whole.start, asked.start - timedelta(weeks=WEEKS)), asked.start)
    answers = warehouse.cells_each(
        asked.metric.name, [(name, asked.cluster) for name in names], before, asked.everybody
    )
    if answers[0].rows.empty:
        return (), ()
    cuts = {}
    for name, answer in zip(names, answers, strict=True):
        rows = scaled(answer.rows, asked.metric)
        rows = rows.assign(
            segment=[(member,) for member in rows[name]], cluster=rows[asked.cluster], lost=rows["wx"],
            lost2=rows["vxx"],
        )  # fmt: skip
        cuts[name] = coded(rows)[1][0]
    return strata_of(model, cuts), (answers[0].sql,)
