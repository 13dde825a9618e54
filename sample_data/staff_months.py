"""How was each agent employed in each month, and what did quality checks find? Both as a column of the contacts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .contacts import Columns
from .draws import Draws, Floats
from .people import AGENTS

CHANCE, SLIPS = 0.02, 0.5  # share of handled contacts evaluated by chance; slips of an experienced agent


def months(draws: Draws, columns: Columns) -> pd.DataFrame:
    """Per agent and month: contacts, tenure, training, load and whether the agent left afterwards."""
    rows = np.flatnonzero((columns["agent"] >= 0) & ~columns["abandoned"])
    taken = pd.DataFrame({name: columns[name][rows] for name in ("agent", "team", "tenure_days", "handle_s")})
    taken.insert(1, "month", columns["when"][rows].astype("M8[M]").astype("M8[us]"))
    grouped = taken.groupby(["agent", "month"], sort=True)
    table = grouped.agg(
        team=("team", "first"), contacts=("handle_s", "size"), tenure_days=("tenure_days", "max")
    ).reset_index()
    luck = draws.generator("agent months").random((len(AGENTS), 24))[
        table["agent"], (table["month"].dt.year - 2025) * 12 + table["month"].dt.month - 1
    ]
    new = table["tenure_days"].to_numpy() <= 60
    last = table.groupby("agent")["month"].transform("max") == table["month"]
    table["training_hours"] = np.round(2 + 5 * luck + 16 * new, 1)
    table["occupancy"] = np.round(np.clip(0.68 + 0.2 * luck + 0.04 * new, 0, 0.98), 3)
    table["left_centre"] = (last & (table["month"] < table["month"].max())).astype(np.int8)
    return table


def of_contacts(columns: Columns, table: pd.DataFrame) -> Columns:
    """Training and load of the agent in the month of each contact, NaN where nobody answered."""
    keys = pd.DataFrame({"agent": columns["agent"], "month": columns["when"].astype("M8[M]").astype("M8[us]")})
    known = keys.merge(table[["agent", "month", "training_hours", "occupancy"]], on=["agent", "month"], how="left")
    return {
        name: np.where(columns["abandoned"], np.nan, known[name].to_numpy())
        for name in ("training_hours", "occupancy")
    }


def checks(draws: Draws, columns: Columns) -> Columns:
    """Two contacts in a hundred are evaluated by chance, as many again are aimed at new agents and low ratings.

    `qa_errors` counts critical and other errors of the evaluations by chance only: the others were chosen by the
    rating, so that errors and ratings would go together for that reason alone.
    """
    handled = columns["by_agent"] & ~columns["abandoned"]
    newcomer = columns["tenure_band"] == 0
    aimed = 0.01 + 0.03 * newcomer + 0.05 * (np.nan_to_num(columns["score"], nan=10) <= 4)
    by_chance = handled & (draws.uniform("quality by chance") < CHANCE)
    rows = np.flatnonzero(by_chance | (handled & (draws.uniform("quality aimed") < aimed)))
    here, new = draws.keep(rows), newcomer[rows]
    critical = here.uniform("critical") < np.where(by_chance[rows], 0.03, 0.06) * (1 + new)
    slips = np.minimum(here.generator("slips").poisson(SLIPS + 0.6 * new), 12)
    errors: Floats = np.full(len(handled), np.nan)
    errors[rows] = np.where(by_chance[rows], critical + slips, np.nan)
    return {
        "checked": rows,
        "checked_by_chance": by_chance[rows],
        "critical": critical,
        "slips": slips,
        "qa_errors": errors,
    }
