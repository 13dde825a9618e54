"""What is said of a pair: how it goes together, whether that holds, and what to beware of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import FEW_CLUSTERS, WITHHELD_BELOW
from analysis.pair.figures import Pair
from analysis.pair.rows import is_yes_or_no
from analysis.result import Method, Statement, Unit
from analysis.stats.intervals import SIGNIFICANCE
from analysis.stats.multiplicity import family_adjusted
from data_access.semantics import SemanticModel

LITTLE_LEFT = 0.5  # of what there was: what is held fixed then accounts for most of it
MOST_NAMED = 3
POLICIES = ("no", "zero")


def findings(model: SemanticModel, found: Pair, statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    """The answer first, then whether it turns, fades or holds, then the months."""
    values = {
        **statistics,
        "x": {"dimension": found.x},
        "y": {"dimension": found.y},
        "unit": _unit(model, found.number.name),
        "x_unit": _suffix(model, found.other.name),
        "y_unit": _suffix(model, found.number.name),
    }
    if not found.sure:
        return (Statement("pair.nothing", values), *_turned(found, values), *_hidden(found, values))
    scale = "signed" if found.signed else "share"
    strength = [Statement(f"pair.{scale}_{statistics['strength']}", values)] if statistics["strength"] else []
    return (
        _together(found, values),
        *strength,
        *_turned(found, values),
        *_held(found, values),
        *_months(found, values),
    )


def _together(found: Pair, values: Mapping[str, Any]) -> Statement:
    """In the words of the picture: means along a number, means of groups, or the share that stands out."""
    table = found.picture.table
    if found.picture.kind == "shares":
        return _standing_out(table, found, values)
    shown = table[table["value"].notna()]
    if found.picture.kind == "scatter":
        return _along(shown, found, values)
    if len(shown) < 2:
        return Statement("pair.together", values)
    named = {"x": {"dimension": found.other.name}, "y": {"dimension": found.number.name}}
    if is_yes_or_no(found.other) and len(shown) == 2:
        return Statement(
            "pair.together_yes_no", {**values, **named, "no": shown["value"].iloc[0], "yes": shown["value"].iloc[1]}
        )
    best, worst = shown.loc[shown["value"].idxmax()], shown.loc[shown["value"].idxmin()]
    ends = {"most": best["value"], "least": worst["value"]}
    groups = {"top": {found.other.name: best["member"]}, "bottom": {found.other.name: worst["member"]}}
    return Statement("pair.together_boxes", {**values, **named, **ends, **groups})


def _along(shown: pd.DataFrame, found: Pair, values: Mapping[str, Any]) -> Statement:
    """From the first bin to the last, where these say the same as the coefficient."""
    way = "more" if found.whole.value > 0 else "less"
    if len(shown) < 2:
        return Statement(f"pair.together_{way}", values)
    first, last = shown.iloc[0], shown.iloc[-1]
    if (last["value"] - first["value"]) * found.whole.value <= 0:
        return Statement(f"pair.together_{way}", values)
    ends = {"first": first["value"], "last": last["value"], "upto": first["x_high"], "beyond": last["x_low"]}
    return Statement(f"pair.together_scatter_{way}", {**values, **ends})


def _standing_out(table: pd.DataFrame, found: Pair, values: Mapping[str, Any]) -> Statement:
    """The cell that most surely holds more than its share; of what is so or not, only where it is so."""
    x_binary, y_binary = (is_yes_or_no(found.codes.columns[name]) for name in (found.x, found.y))
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
    members = {"x_member": {found.x: top["x_member"]}, "y_member": {found.y: top["y_member"]}}
    key = "pair.together_shares" + ("_yes" if y_binary else "_with" if x_binary else "")
    return Statement(key, {**values, **members, "share": top["share"], "of_all": of_all})


def turned_held(found: Pair) -> list[str]:
    """What makes the sign turn surely when it is held fixed, by p adjusted for the number of candidates."""
    table = found.partial
    if not (found.signed and found.sure) or table.empty:
        return []
    sure = family_adjusted(table["p"].to_numpy(dtype=float))[0] < SIGNIFICANCE
    return [str(name) for name in table["given"][sure & (table["value"] * found.whole.value < 0)]]


def pooled_turns(found: Pair) -> bool:
    """Whether the value within strata, all taken together, surely has the other sign."""
    if found.strata is None or not (found.signed and found.sure):
        return False
    pooled = found.strata.pooled
    return bool(pooled.p < SIGNIFICANCE and pooled.value * found.whole.value < 0)


def _turned(found: Pair, values: Mapping[str, Any]) -> list[Statement]:
    within = {"within_name": {"dimension": found.within}}
    told = []
    if pooled_turns(found):
        told.append(Statement("pair.turns", {**values, **within}))
    if found.strata is not None and found.strata.turned:
        names = [{found.within: member} for member in found.strata.turned]
        told.append(Statement("pair.turns_in", {**values, **within, "names": names}))
    held = [{"dimension": name} for name in turned_held(found) if name not in ("", found.within)]
    if held:
        told.append(Statement(_one_or_each("pair.turns_held", held), {**values, "names": held}))
    elif not told and "" in turned_held(found):
        last = found.together.iloc[0]
        ends = {"before": last["before"], "after": last["value"], "count": len(_left(found.alone))}
        told.append(Statement("pair.turns_together", {**values, **ends}))
    return told


def _one_or_each(key: str, names: Sequence[Any]) -> str:
    return key if len(names) == 1 else f"{key}_each"


def _held(found: Pair, values: Mapping[str, Any]) -> list[Statement]:
    """What takes most of it away, one candidate or all together, or that it stays."""
    alone, together = _left(found.alone), _left(found.together)
    faded = alone[(alone["left"] < LITTLE_LEFT) & ~alone["given"].isin(turned_held(found))].head(MOST_NAMED)
    if len(faded):
        least, names = faded.iloc[0], [{"dimension": name} for name in faded["given"]]
        ends = {"before": least["before"], "after": least["value"], "least": names[0]}
        return [Statement(_one_or_each("pair.fades", names), {**values, **ends, "names": names})]
    rest = together if len(together) else alone
    if rest.empty or turned_held(found):
        return []
    last = rest.iloc[0]
    told = {**values, "before": last["before"], "after": last["value"], "count": len(alone)}
    if last["left"] < LITTLE_LEFT:
        return [Statement("pair.fades_together", told)]
    if len(together):
        return [Statement("pair.holds", told)]
    return [Statement("pair.holds_one", {**told, "name": {"dimension": last["given"]}})]


def _left(partial: pd.DataFrame) -> pd.DataFrame:
    """How much of the coefficient is left, the least first; what could not be computed is left out."""
    with np.errstate(divide="ignore", invalid="ignore"):
        left = partial["value"].to_numpy(dtype=float) / partial["before"].to_numpy(dtype=float)
    known = partial.assign(left=left)[np.isfinite(left)]
    return known.sort_values("left", key=abs, kind="stable")


def _hidden(found: Pair, values: Mapping[str, Any]) -> list[Statement]:
    """What must be held fixed for the pair to go together surely."""
    alone = found.alone
    if alone.empty:
        return []
    sure = family_adjusted(alone["p"].to_numpy(dtype=float))[0] < SIGNIFICANCE
    names = [{"dimension": name} for name in alone["given"][sure][:MOST_NAMED]]
    return [Statement(_one_or_each("pair.hidden", names), {**values, "names": names})] if names else []


def _months(found: Pair, values: Mapping[str, Any]) -> list[Statement]:
    """Months that surely say the opposite; else in how many the direction was the same."""
    if found.months is None or not found.signed:
        return []
    if found.months.turned:
        return [Statement("pair.unstable", {**values, "names": list(found.months.turned)})]
    known = found.months.table["value"].dropna()
    if len(known) < 2:
        return []
    same = int((known * found.whole.value > 0).sum())
    return [Statement("pair.stable", {**values, "same": same, "months": len(known)})]


def caveats(found: Pair, statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    """Who is not counted, what a blank was taken for, how rough it is, and that it is no proof of a cause."""
    if found.of:
        return (
            Statement("pair.of_members", {**statistics, "of": {"dimension": found.of}}),
            Statement("pair.not_cause"),
        )
    told = []
    if found.codes.n < statistics["sampled"] or statistics["sampled"] < statistics["contacts"]:
        told.append(Statement("pair.known_only", statistics))
    if statistics["sampled"] < statistics["contacts"]:
        told.append(Statement("pair.sampled", statistics))
    columns = [found.codes.columns[name] for name in (found.x, found.y)]
    told += [Statement(f"pair.blank_{c.policy}", {"name": {"dimension": c.name}, "missing": c.missing})
             for c in columns if c.policy in POLICIES and c.missing > 0]  # fmt: skip
    if 0 < statistics["clusters"] < FEW_CLUSTERS:
        told.append(Statement("caveat.few_clusters", {"clusters": statistics["clusters"]}))
    if found.strata is not None:
        few = int((found.strata.table["n"] < WITHHELD_BELOW).sum())
        told += [Statement("pair.withheld", {"strata": few})] if few else []
    return (*told, Statement("pair.not_cause"))


def how(found: Pair, statistics: Mapping[str, Any]) -> Method:
    """The coefficient with its numbers, why it was chosen, and how it was judged."""
    told = [Statement(f"how.pair.why_{found.related.reason}")]
    told.append(Statement("how.pair.clustered" if statistics["clusters"] else "how.pair.alone", statistics))
    if not found.partial.empty:
        told.append(Statement("how.pair.partial" if found.signed else "how.pair.set"))
    if found.strata is not None or found.months is not None:
        told.append(Statement("how.pair.strata" if found.signed else "how.pair.strata_share"))
    return Method("pair", Statement(f"how.pair.{found.whole.name}", statistics), tuple(told))


def _unit(model: SemanticModel, name: str) -> Unit:
    """How means of a column are written."""
    return model.metrics[name].unit if name in model.metrics else Unit.RAW


def _suffix(model: SemanticModel, name: str) -> str:
    """The unit behind a number of a column on its own scale."""
    known = model.drivers.get(name)
    return f" {known.unit}" if name not in model.metrics and known is not None and known.unit else ""
