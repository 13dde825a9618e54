"""What is printed beside a measure works out: the formula, the interval beside the verdict."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from analysis.service.board.board import service_measure
from analysis.service.complaints import complaints
from analysis.service.people.counts import MEASURES as PEOPLE
from analysis.service.people.counts import people_counts
from analysis.service.people.months import BUSY
from analysis.service.people.people import people
from analysis.service.quality.quality import MEASURES as QUALITY
from analysis.service.quality.shared import shared_reasons
from analysis.service.rules import MEASURES as RULES
from data_access.metric_kinds import Unit
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse
from pages import charts
from pages.charts import Look
from pages.words.catalogue import LANGUAGES, Catalogue

FORMULA = re.compile(r"([\d,.]+) [/÷] ([\d,.]+) = ([\d.]+)")
OCTOBER = Selection("score", Period(date(2026, 10, 1), date(2026, 11, 1)))


def test_every_printed_formula_works_out(sample: Warehouse) -> None:
    for name in (*QUALITY, *PEOPLE, *RULES):
        how = service_measure(sample, OCTOBER, measure=name).how
        assert how is not None
        for language in LANGUAGES:
            text = Catalogue.load(language).say(how.formula)
            found = FORMULA.search(text)
            assert found is not None, text
            count, n, value = (float(figure.replace(",", "")) for figure in found.groups())
            assert 100 * count / n == pytest.approx(value, abs=0.0501), text
        if "worth" in how.formula.values:
            checks = how.formula.values
            assert checks["worth"] < checks["cases"] < checks["n"]  # never one for the other


def test_words_and_pictures_of_people_rest_on_the_same_numbers(sample: Warehouse) -> None:
    found = people(sample, OCTOBER)
    own = found.parts["own_power"].dropna(subset=["p_adjusted"])
    apart = (own["difference_low"] > 0) | (own["difference_high"] < 0)
    assert (apart == (own["p_adjusted"] < 0.05)).all() and apart.any()
    months = found.parts["months"]
    assert months["segment"].nunique() == len(months) == len(found.table)
    assert np.allclose(months["occupancy"].sort_values(), found.table["occupancy"].sort_values())
    cut = people_counts(sample, OCTOBER, by=("team",)).now.groupby("team")[[BUSY.count, BUSY.of]].sum()
    told = months.set_index(months["segment"].str[0])["occupancy"]
    assert np.allclose(told.sort_index(), (cut[BUSY.count] / cut[BUSY.of]).sort_index())


def test_a_reason_differs_only_by_the_p_that_is_shown(sample: Warehouse) -> None:
    found = shared_reasons(sample, OCTOBER)
    assert found is not None
    for row in found.table.to_dict("records"):
        p = {"differs": row["p_adjusted"], "apart": row["top_p"]}.get(row["verdict"], 0.0)
        assert p < 0.05, row["error"]
        assert row["top"] is None


def test_the_course_of_escalations_is_drawn_as_steps_that_only_rise(sample: Warehouse) -> None:
    rows = complaints(sample, OCTOBER).parts["course"]
    assert len(rows) > 5 and rows["share"].is_monotonic_increasing and rows["n"].is_monotonic_decreasing
    assert ((rows["low"] < rows["share"]) & (rows["share"] < rows["high"])).all()
    look = Look(Catalogue.load("en"), Unit.RATE)
    curve = charts.survival(rows, look=look, title="Hours").data[2]
    assert curve.line["shape"] == "hv" and list(curve.y) == [0.0, *rows["share"]]
