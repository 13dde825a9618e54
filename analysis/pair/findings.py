"""The findings of a pair: the association, whether it holds, and its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import FEW_CLUSTERS, WITHHELD_BELOW
from analysis.pair.figures import PairFigures
from analysis.pair.pair_rows import is_yes_or_no
from analysis.result import Method, Statement, Unit
from analysis.stats.intervals import SIGNIFICANCE
from analysis.stats.multiplicity import family_adjusted
from data_access.semantics import SemanticModel

LITTLE_LEFT = 0.5  # of the coefficient: the controls then account for most of it
MOST_NAMED = 3
POLICIES = ("no", "zero")


def findings(model: SemanticModel, figures: PairFigures, statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    """The association first, then whether it reverses, fades or holds, then the months."""
    values = {
        **statistics,
        "x": {"dimension": figures.x},
        "y": {"dimension": figures.y},
        "unit": _unit(model, figures.number.name),
        "x_unit": _suffix(model, figures.other.name),
        "y_unit": _suffix(model, figures.number.name),
    }
    if not figures.sure:
        return (Statement("pair.nothing", values), *_reversals(figures, values), *_suppression(figures, values))
    scale = "signed" if figures.signed else "share"
    strength = [Statement(f"pair.{scale}_{statistics['strength']}", values)] if statistics["strength"] else []
    return (
        _together(figures, values),
        *strength,
        *_reversals(figures, values),
        *_attenuation(figures, values),
        *_months(figures, values),
    )


def _together(figures: PairFigures, values: Mapping[str, Any]) -> Statement:
    """As in the picture: means along a number, means of groups, or the share that stands out."""
    table = figures.picture.table
    if figures.picture.kind == "shares":
        return _standing_out(table, figures, values)
    shown = table[table["value"].notna()]
    if figures.picture.kind == "scatter":
        return _along(shown, figures, values)
    if len(shown) < 2:
        return Statement("pair.together", values)
    named = {"x": {"dimension": figures.other.name}, "y": {"dimension": figures.number.name}}
    if is_yes_or_no(figures.other) and len(shown) == 2:
        return Statement(
            "pair.together_yes_no", {**values, **named, "no": shown["value"].iloc[0], "yes": shown["value"].iloc[1]}
        )
    best, worst = shown.loc[shown["value"].idxmax()], shown.loc[shown["value"].idxmin()]
    ends = {"most": best["value"], "least": worst["value"]}
    groups = {"top": {figures.other.name: best["member"]}, "bottom": {figures.other.name: worst["member"]}}
    return Statement("pair.together_boxes", {**values, **named, **ends, **groups})


def _along(shown: pd.DataFrame, figures: PairFigures, values: Mapping[str, Any]) -> Statement:
    """From the first bin to the last, where these agree with the sign of the coefficient."""
    way = "more" if figures.whole.value > 0 else "less"
    if len(shown) < 2:
        return Statement(f"pair.together_{way}", values)
    first, last = shown.iloc[0], shown.iloc[-1]
    if (last["value"] - first["value"]) * figures.whole.value <= 0:
        return Statement(f"pair.together_{way}", values)
    ends = {"first": first["value"], "last": last["value"], "upto": first["x_high"], "beyond": last["x_low"]}
    return Statement(f"pair.together_scatter_{way}", {**values, **ends})


def _standing_out(table: pd.DataFrame, figures: PairFigures, values: Mapping[str, Any]) -> Statement:
    """The cell most significantly above its expected share; of a yes or no, only the yes."""
    x_binary, y_binary = (is_yes_or_no(figures.codes.columns[name]) for name in (figures.x, figures.y))
    known = table[table["residual"].notna()]
    if y_binary:
        known = known[known["y_member"] != "0"]
    if x_binary and y_binary and len(known) == 2:
        yes, no = (known["share"][(known["x_member"] != "0") == so].iloc[0] for so in (True, False))
        return Statement("pair.together_both", {**values, "yes": yes, "no": no})
    if x_binary and not y_binary:
        known = known[known["x_member"] != "0"]
    if known.empty:
        return Statement("pair.together", values)
    top = known.loc[known["residual"].idxmax()]
    of_all = table["n"][table["y_member"] == top["y_member"]].sum() / table["n"].sum()
    members = {"x_member": {figures.x: top["x_member"]}, "y_member": {figures.y: top["y_member"]}}
    key = "pair.together_shares" + ("_yes" if y_binary else "_with" if x_binary else "")
    return Statement(key, {**values, **members, "share": top["share"], "of_all": of_all})


def reversing_controls(figures: PairFigures) -> list[str]:
    """Controls under which the sign reverses significantly, adjusted for the number of candidates."""
    table = figures.partial
    if not (figures.signed and figures.sure) or table.empty:
        return []
    sure = family_adjusted(table["p"].to_numpy(dtype=float))[0] < SIGNIFICANCE
    return [str(name) for name in table["given"][sure & (table["value"] * figures.whole.value < 0)]]


def pooled_turns(figures: PairFigures) -> bool:
    """Whether the pooled value within strata has significantly the opposite sign."""
    if figures.strata is None or not (figures.signed and figures.sure):
        return False
    pooled = figures.strata.pooled
    return bool(pooled.p < SIGNIFICANCE and pooled.value * figures.whole.value < 0)


def _reversals(figures: PairFigures, values: Mapping[str, Any]) -> list[Statement]:
    within = {"within_name": {"dimension": figures.within}}
    statements = []
    if pooled_turns(figures):
        statements.append(Statement("pair.turns", {**values, **within}))
    if figures.strata is not None and figures.strata.turned:
        names = [{figures.within: member} for member in figures.strata.turned]
        statements.append(Statement("pair.turns_in", {**values, **within, "names": names}))
    controls = [{"dimension": name} for name in reversing_controls(figures) if name not in ("", figures.within)]
    if controls:
        statements.append(Statement(_one_or_each("pair.turns_held", controls), {**values, "names": controls}))
    elif not statements and "" in reversing_controls(figures):
        last = figures.together.iloc[0]
        ends = {"before": last["before"], "after": last["value"], "count": len(_share_left(figures.alone))}
        statements.append(Statement("pair.turns_together", {**values, **ends}))
    return statements


def _one_or_each(key: str, names: Sequence[Any]) -> str:
    return key if len(names) == 1 else f"{key}_each"


def _attenuation(figures: PairFigures, values: Mapping[str, Any]) -> list[Statement]:
    """The controls that remove most of the association, alone or together, or that it stays."""
    alone, together = _share_left(figures.alone), _share_left(figures.together)
    faded = alone[(alone["left"] < LITTLE_LEFT) & ~alone["given"].isin(reversing_controls(figures))].head(MOST_NAMED)
    if len(faded):
        least, names = faded.iloc[0], [{"dimension": name} for name in faded["given"]]
        ends = {"before": least["before"], "after": least["value"], "least": names[0]}
        return [Statement(_one_or_each("pair.fades", names), {**values, **ends, "names": names})]
    rest = together if len(together) else alone
    if rest.empty or reversing_controls(figures):
        return []
    last = rest.iloc[0]
    values_ = {**values, "before": last["before"], "after": last["value"], "count": len(alone)}
    if last["left"] < LITTLE_LEFT:
        return [Statement("pair.fades_together", values_)]
    if len(together):
        return [Statement("pair.holds", values_)]
    return [Statement("pair.holds_one", {**values_, "name": {"dimension": last["given"]}})]


def _share_left(partial: pd.DataFrame) -> pd.DataFrame:
    """The share of the coefficient that is left, the smallest first; missing ones are dropped."""
    with np.errstate(divide="ignore", invalid="ignore"):
        left = partial["value"].to_numpy(dtype=float) / partial["before"].to_numpy(dtype=float)
    known = partial.assign(left=left)[np.isfinite(left)]
    return known.sort_values("left", key=abs, kind="stable")


def _suppression(figures: PairFigures, values: Mapping[str, Any]) -> list[Statement]:
    """The controls under which the association becomes significant (suppression)."""
    alone = figures.alone
    if alone.empty:
        return []
    sure = family_adjusted(alone["p"].to_numpy(dtype=float))[0] < SIGNIFICANCE
    names = [{"dimension": name} for name in alone["given"][sure][:MOST_NAMED]]
    return [Statement(_one_or_each("pair.hidden", names), {**values, "names": names})] if names else []


def _months(figures: PairFigures, values: Mapping[str, Any]) -> list[Statement]:
    """Months significantly of opposite sign; else the number of months of the same sign."""
    if figures.months is None or not figures.signed:
        return []
    if figures.months.turned:
        return [Statement("pair.unstable", {**values, "names": list(figures.months.turned)})]
    known = figures.months.table["value"].dropna()
    if len(known) < 2:
        return []
    same = int((known * figures.whole.value > 0).sum())
    return [Statement("pair.stable", {**values, "same": same, "months": len(known)})]


def caveats(figures: PairFigures, statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    """Excluded contacts, missing values, few clusters, and that association is no proof of a cause."""
    if figures.of:
        return (
            Statement("pair.of_members", {**statistics, "of": {"dimension": figures.of}}),
            Statement("pair.not_cause"),
        )
    statements = []
    if figures.codes.n < statistics["sampled"] or statistics["sampled"] < statistics["contacts"]:
        statements.append(Statement("pair.known_only", statistics))
    if statistics["sampled"] < statistics["contacts"]:
        statements.append(Statement("pair.sampled", statistics))
    columns = [figures.codes.columns[name] for name in (figures.x, figures.y)]
    statements += [Statement(f"pair.blank_{c.policy}", {"name": {"dimension": c.name}, "missing": c.missing})
             for c in columns if c.policy in POLICIES and c.missing > 0]  # fmt: skip
    if 0 < statistics["clusters"] < FEW_CLUSTERS:
        statements.append(Statement("caveat.few_clusters", {"clusters": statistics["clusters"]}))
    if figures.strata is not None:
        few = int((figures.strata.table["n"] < WITHHELD_BELOW).sum())
        statements += [Statement("pair.withheld", {"strata": few})] if few else []
    return (*statements, Statement("pair.not_cause"))


def how(figures: PairFigures, statistics: Mapping[str, Any]) -> Method:
    """The coefficient with its numbers, why it was chosen, and how it was tested."""
    assumptions = [Statement(f"how.pair.why_{figures.coefficient.reason}")]
    assumptions.append(Statement("how.pair.clustered" if statistics["clusters"] else "how.pair.alone", statistics))
    if not figures.partial.empty:
        assumptions.append(Statement("how.pair.partial" if figures.signed else "how.pair.set"))
    if figures.strata is not None or figures.months is not None:
        assumptions.append(Statement("how.pair.strata" if figures.signed else "how.pair.strata_share"))
    return Method("pair", Statement(f"how.pair.{figures.whole.name}", statistics), tuple(assumptions))


def _unit(model: SemanticModel, name: str) -> Unit:
    """How means of a column are written."""
    return model.metrics[name].unit if name in model.metrics else Unit.RAW


def _suffix(model: SemanticModel, name: str) -> str:
    """The unit behind a number of a column on its own scale."""
    known = model.drivers.get(name)
    return f" {known.unit}" if name not in model.metrics and known is not None and known.unit else ""
