"""The effect of contacting is that of the arms as drawn, found again by masked ids."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.risk.recovery import recovery
from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.behaviour import contact_code
from tests.analysis.conftest import MakeWarehouse

from .conftest import MODEL, year

WEEK = Period(date(2026, 3, 1), date(2026, 3, 8))
ARM = 300


def centre(returns: tuple[float, float], *, seed: int = 5) -> pd.DataFrame:
    """Contacts k.. of a week, one a customer, the first ARM contacted; a share of each arm comes back in a month."""
    rng, like = np.random.default_rng(seed), year(n=50).iloc[0]
    first = pd.DataFrame([like] * (2 * ARM)).reset_index(drop=True)
    first = first.assign(contact=[f"k{i}" for i in range(2 * ARM)], customer=[f"p{i}" for i in range(2 * ARM)],
                         at=pd.Timestamp("2026-03-02 10:00"), score=np.nan)  # fmt: skip
    back = rng.random(2 * ARM) < np.repeat(returns, ARM)
    again = first[back].assign(contact=[f"r{i}" for i in range(back.sum())], at=pd.Timestamp("2026-03-20 10:00"),
                               score=np.where(np.arange(back.sum()) % 2, 9.0, 4.0))  # fmt: skip
    end = first.head(1).assign(contact="last", customer="else", at=pd.Timestamp("2026-05-01"))
    return pd.concat([first, again, end], ignore_index=True)


def arms() -> dict[str, list[str]]:
    codes = [contact_code(f"k{i}") for i in range(2 * ARM)]
    return {"contacted": codes[:ARM], "held_out": codes[ARM:]}


def asked(warehouse: Warehouse, **options: object) -> pd.DataFrame:
    return recovery(warehouse, Selection("score", WEEK), **{**arms(), **options}).table.set_index("outcome")  # type: ignore[arg-type]


def test_fewer_come_back(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(centre((0.2, 0.4)), MODEL)
    found = recovery(warehouse, Selection("score", WEEK), **arms())
    back = found.table.set_index("outcome").loc["back"]
    assert (back["n_contacted"], back["n_held_out"]) == (ARM, ARM)
    assert back["effect"] == pytest.approx(back["contacted"] - back["held_out"]) == found.statistics["effect"]
    assert back["low"] < back["effect"] < back["high"] < 0 and back["verdict"] == "works"
    assert found.findings[0].key == "recovery.works"
    assert np.isnan(found.table.set_index("outcome").loc["complained", "effect"])  # no table says who complained


def test_more_come_back(warehouse_of: MakeWarehouse) -> None:
    assert asked(warehouse_of(centre((0.4, 0.2)), MODEL)).loc["back", "verdict"] == "harms"


def test_alike_is_no_evidence(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(centre((0.3, 0.3)), MODEL)
    assert asked(warehouse).loc["back", "verdict"] == "not_enough_evidence"
    few = asked(warehouse, contacted=arms()["contacted"][:9]).loc["back"]
    assert few["verdict"] == "not_enough_evidence" and np.isnan(few["effect"])


def test_what_cannot_be_told(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(centre((0.3, 0.3)), MODEL)
    with pytest.raises(NothingToShow, match=r"recovery\.too_early"):
        asked(warehouse, since=date(2026, 6, 1))
    with pytest.raises(NothingToShow, match=r"risk\.none_found"):
        asked(warehouse, contacted=["t-0000000000"])
    with pytest.raises(BadInput, match=r"risk\.no_arms"):
        asked(warehouse, held_out=arms()["contacted"][:1])
    with pytest.raises(BadInput, match=r"risk\.no_period"):
        recovery(warehouse, Selection("score"), **arms())
