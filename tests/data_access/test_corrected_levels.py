"""What a corrected level of measurement makes of a model, and which corrections cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data_access.corrected_levels import check_level, correctable, corrected
from data_access.labels import Labels
from data_access.preset import Preset
from data_access.semantics import Dimension, Driver, Level, SemanticModel
from data_access.statement import BadInput

MODEL = SemanticModel(
    table="t",
    metrics={},
    dimensions={
        "tier": Dimension("tier", Labels("tier"), column="tier", level=Level.ORDINAL, order=("basic", "gold")),
        "region": Dimension("region", Labels("region"), column="region"),
    },
    drivers={
        "zone": Driver("zone", "zone_no", Labels("zone"), codes=(99,)),
        "wait": Driver("wait", "wait_s", Labels("wait")),
        "lag": Driver("lag", "ended", Labels("lag"), since="begun"),
    },
    presets={"queue": Preset(name="queue", labels=Labels("queue"), columns=("wait",))},
)


def test_numbers_that_are_names_are_cut_by_and_no_longer_averaged() -> None:
    meant = corrected(MODEL, {"zone": "nominal"})
    assert "zone" not in meant.drivers and "zone" in meant.offered
    assert meant.dimensions["zone"].column == "zone_no" and meant.dimensions["zone"].missing == (99,)
    with pytest.raises(BadInput):
        meant.measure("zone")


def test_numbers_as_ranks_are_no_measure_of_their_own() -> None:
    assert MODEL.measure("wait").column == "wait_s"
    with pytest.raises(BadInput):
        corrected(MODEL, {"wait": "ordinal"}).measure("wait")


def test_without_levels_no_order_and_one_more_correction_takes_it_back() -> None:
    assert corrected(MODEL, {"tier": "nominal"}).dimensions["tier"].order == ()
    assert corrected(MODEL, {"tier": "ordinal"}) == MODEL


@pytest.mark.parametrize(
    ("name", "level", "key"),
    [
        ("region", "interval", "levels.text"),
        ("region", "ordinal", "levels.no_order"),
        ("wait", "nominal", "levels.needed"),
        ("lag", "nominal", "levels.time"),
        ("regoin", "nominal", "levels.unknown"),
    ],
)
def test_what_cannot_be_is_refused_and_never_applied(name: str, level: str, key: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_level(MODEL, name, level)
    assert refused.value.statement.key == key
    assert corrected(MODEL, {name: level}) is MODEL


def test_a_correction_outlives_a_model_that_no_longer_knows_the_column() -> None:
    without = replace(MODEL, drivers={})
    assert corrected(without, {"zone": "nominal"}) is without and "zone" not in correctable(without)
