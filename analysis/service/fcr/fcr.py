"""How many first contacts needed no further one? First-contact resolution in several windows over one cohort.

A first contact has none of its customer in the look-back before it; it is resolved in a window in which none follows.
All windows count the same contacts, those old enough for the longest one: a younger contact has not had the time
to fail, so it is open and has no value. What customers themselves say of it is another measure, held beside this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.estimate import Estimates, as_one, change, estimates
from analysis.limits import within_limits
from analysis.not_recorded import set_apart
from analysis.own_order import in_own_order
from analysis.result import Result
from analysis.service.fcr.findings import caveats, findings, method
from analysis.service.fcr.levers import levers
from analysis.service.fcr.windows import by_window, cells_of, rated
from analysis.service.ranking.under_each import held_under
from analysis.stats.intervals import NAN, wilson_bounds
from data_access.repeats import ISSUES, Repeats, windows_of
from data_access.selection import Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.customer_gaps import CLASSES
from data_access.warehouse.repeat_verbs import FirstContacts

MOST_WINDOWS = 6
OF_DEFINITIONS = ["definition", "unit", "better", "rank_best", "rank_worst"]  # what `definitions` says beside
TREND = ["start", "hours", "n", "value", "low", "high", "state"]


@within_limits
def fcr(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    windows: Sequence[float] = (),
    issue: str = "any",
) -> Result:
    """First-contact resolution by the segments of `by`, lowest first, in the longest window; rates 0..100.

    windows: hours, instead of the model's. issue: see ISSUES. parts: `windows` (a row each), `classes` (what became
    of all contacts), `trend` (by day and window; no value for a day that is still open), `survey` (what was said
    against whether they came back), `levers` (for the lowest segments); ranks under each window are in
    `definitions`. Raises BadInput where customers, times or questions are not known, NothingToShow where no contact
    can be judged.
    """
    rules = rules_of(warehouse, windows, issue)
    by, same = tuple(by), issue == "same"
    check_side_by_side(warehouse.model, by)
    found = warehouse.first_contacts(rules, by, selection.period, selection.filters, same=same)
    counts = _counts(found)
    if not counts["first"]:
        judged = found.judged
        old = found.days[pd.to_datetime(found.days["day"]) < pd.Timestamp(judged.end).normalize()]
        if len(old) and old["late"].sum() == old["contacts"].sum():
            raise NothingToShow("fcr.all_late", late=float(old["late"].sum()), on_time=f"{rules.on_time:g}")
        raise NothingToShow("fcr.none_judged", judged_from=_moment(judged.start), judged_until=_moment(judged.end))
    windowed = by_window(found.rows, by, rules)
    table = _table(found, by, rules, windowed)
    statistics = {**_headline(found, rules, counts), **_baseline(warehouse, selection, rules, found, same=same)}
    parts = {
        "windows": _windows(found, rules),
        "classes": _classes(counts),
        "trend": _trend(found, rules),
        "survey": _survey(counts),
        "levers": levers(warehouse, selection, by, table),
    }
    return Result.of(
        warehouse,
        selection,
        warehouse.model.measure(selection.metric),
        "fcr",
        statistics=statistics,
        table=in_own_order(table, [warehouse.model.dimension(name) for name in by]),
        findings=findings(statistics, table, by, issue, rules.survey),
        caveats=caveats(statistics, found, rules, warehouse),
        how=method(statistics, rules, warehouse, issue),
        options={"by": by, "windows": tuple(windows), "issue": issue},
        parts={name: part for name, part in parts.items() if len(part)},
        sql=(found.sql,),
    )


def rules_of(warehouse: Warehouse, windows: Sequence[float], issue: str) -> Repeats:
    """How it is counted. Raises BadInput for what cannot be asked."""
    if issue not in ISSUES:
        raise BadInput("fcr.unknown_issue", name=issue)
    if len(windows) > MOST_WINDOWS:
        raise BadInput("fcr.too_many_windows", most=MOST_WINDOWS)
    if warehouse.model.disclose_from:
        raise BadInput("fcr.secret")
    rules = warehouse.model.repeats
    if not windows:
        return rules
    return Repeats(windows_of(tuple(windows), "--windows"), rules.on_time, rules.survey, rules.not_applicable)


def _counts(found: FirstContacts) -> Mapping[str, float]:
    """The counts of all contacts; those of days, since a contact is of one."""
    return {str(name): float(n) for name, n in found.days.drop(columns="day").sum().items()}


def _table(found: FirstContacts, by: Sequence[str], rules: Repeats, windowed: pd.DataFrame) -> pd.DataFrame:
    """A row a segment in the longest window; `holds`: a verdict under all windows, some, or none."""
    longest = windowed[windowed["hours"] == rules.longest].drop(columns=["hours", *OF_DEFINITIONS])
    longest = longest.reset_index(drop=True)
    holds = longest["segment"].map(windowed.groupby("segment", sort=False)["verdict"].agg(held_under))
    sums = found.rows.assign(segment=cells_of(found.rows, by)).groupby("segment", sort=False)[["contacts"]].sum()
    table = longest.assign(holds=holds, contacts=longest["segment"].map(sums["contacts"]))
    table["share"] = table["n"] / table["n"].sum()
    return set_apart(table.sort_values(["value", "n"], ascending=[True, False], kind="stable", ignore_index=True))


def _windows(found: FirstContacts, rules: Repeats) -> pd.DataFrame:
    """A row a window, over all first contacts."""
    rows = []
    for place, hours in enumerate(rules.windows):
        e = _all(found, rules, place)
        kept = float(found.days[f"kept{place}"].sum())
        rows.append({"hours": hours, "n": float(e.n[0]), "kept": kept, **_ends(e)})
    return pd.DataFrame(rows)


def _all(found: FirstContacts, rules: Repeats, place: int) -> Estimates:
    metric, rows = rated(found.rows, rules, place)
    return estimates(as_one(rows)[0], 1, metric)


def _ends(e: Estimates) -> dict[str, float]:
    return {name: float(e.shown(name)[0]) for name in ("value", "low", "high")}


def _headline(found: FirstContacts, rules: Repeats, counts: Mapping[str, float]) -> dict[str, Any]:
    longest, shortest = (
        _all(found, rules, rules.windows.index(hours)) for hours in (rules.longest, rules.windows[0])
    )
    keyed = counts["contacts"] - counts["late"] - counts["no_key"]
    asked, said_no = counts["asked"], counts["asked"] - counts["said_yes"]
    agree = counts["yes_kept"] + said_no - counts["no_kept"]
    return {
        "hours": rules.longest,
        "n": counts["first"],
        **_ends(longest),
        "shortest_hours": rules.windows[0],
        "shortest": float(shortest.shown("value")[0]),
        "clusters": int(longest.clusters[0]),
        "judged_from": _moment(found.judged.start),
        "judged_until": _moment(found.judged.end),
        "extracted": _moment(found.judged.extracted),
        "contacts": counts["contacts"],
        **{name: counts[name] for name in CLASSES if name != "first"},
        "key_coverage": _ratio(keyed, counts["contacts"] - counts["late"]),
        "asked": asked,
        "survey": 100 * _ratio(counts["said_yes"], asked),
        "survey_kept": 100 * _ratio(counts["yes_kept"] + counts["no_kept"], asked),
        "agree": _ratio(agree, asked),
        "yes_back": counts["said_yes"] - counts["yes_kept"],
        "no_kept": counts["no_kept"],
    }


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else NAN


def _baseline(
    warehouse: Warehouse, selection: Selection, rules: Repeats, found: FirstContacts, *, same: bool
) -> dict[str, float]:
    """The value of the baseline and the change since."""
    if selection.baseline is None:
        return {}
    past = warehouse.first_contacts(rules, (), selection.baseline, selection.filters, same=same)
    if not past.days["first"].sum():
        return {}
    place = rules.windows.index(rules.longest)
    (metric, now), (_, before) = rated(found.rows, rules, place), rated(past.rows, rules, place)
    step, e = change(before, now, metric), _all(past, rules, place)
    names = ("change", "change_low", "change_high", "p")
    numbers = (step.value, step.interval.low, step.interval.high, step.p)
    return {
        "baseline": float(e.shown("value")[0]),
        "baseline_n": float(e.n[0]),
        **dict(zip(names, numbers, strict=True)),
    }


def _classes(counts: Mapping[str, float]) -> pd.DataFrame:
    """What became of all contacts; each is in one class."""
    rows = [(name, counts[name]) for name in ("first", *CLASSES[:-1]) if counts[name]]
    table = pd.DataFrame(rows, columns=["class", "n"])
    return table.assign(share=table["n"] / counts["contacts"])


def _trend(found: FirstContacts, rules: Repeats) -> pd.DataFrame:
    """By day and window. A day of which a part is still open, or not yet provable, has no value."""
    days, frames = found.days, []
    state = np.select(
        [days["immature"] > 0, days["unproven"] > 0, days["first"] == 0], ["open", "unproven", "none"], ""
    )
    for place, hours in enumerate(rules.windows):
        kept, n = days[f"kept{place}"].to_numpy(), days["first"].to_numpy()
        shown = (state == "") & (n > 0)
        low, high = wilson_bounds(kept, np.where(n > 0, n, NAN))
        with np.errstate(divide="ignore", invalid="ignore"):
            numbers = {
                name: np.where(shown, 100 * v, NAN) for name, v in (("value", kept / n), ("low", low), ("high", high))
            }
        frames.append(pd.DataFrame({"start": days["day"], "hours": hours, "n": n, **numbers, "state": state})[TREND])
    return pd.concat(frames, ignore_index=True)


def _survey(counts: Mapping[str, float]) -> pd.DataFrame:
    """What asked customers said by whether they came back within the longest window; shares are of all asked."""
    asked = counts["asked"]
    if not asked:
        return pd.DataFrame()
    said = {"yes": counts["said_yes"], "no": asked - counts["said_yes"]}
    rows = [
        {"said": name, "kept": counts[f"{name}_kept"], "back": n - counts[f"{name}_kept"], "n": n}
        for name, n in said.items()
    ]
    table = pd.DataFrame(rows)
    shares = {f"{name}_share": table[name] / asked for name in ("kept", "back", "n")}
    return table.assign(**shares, kept_means=table["said"] + "_kept", back_means=table["said"] + "_back")
