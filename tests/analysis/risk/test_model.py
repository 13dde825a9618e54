"""The model worked out value by value is the one that scikit-learn fits to every contact as it is."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analysis.risk.design import matrix
from analysis.risk.model import STRENGTH, fitted, set_right
from analysis.risk.said import columns_of
from data_access.warehouse import Warehouse

NAMES = ["@back", "wait", "transfers", "subject"]


def test_the_fit_of_all_contacts(a_year: Warehouse) -> None:
    heard = a_year.behaviour("dissatisfied", NAMES[1:], None, (), answered=True)
    columns, bad = columns_of(heard), (heard.x > 0).astype(float)
    learn, every = np.arange(len(bad)) % 3 > 0, np.arange(len(bad))
    model = fitted(NAMES, columns, bad, learn)
    x = matrix(model.signs, columns, every)
    pipe = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, tol=1e-10, max_iter=5_000))
    line = pipe.fit(x[learn], bad[learn]).decision_function(x)
    assert model.line(columns) == pytest.approx(line, abs=2e-3)
    some = every[::7]
    assert model.line(columns, some) == pytest.approx(model.line(columns)[some])
    raised = model.contributions(columns)
    assert raised[learn].mean(axis=0) == pytest.approx(np.zeros(len(model.signs)), abs=1e-9)
    assert model.base + raised.sum(axis=1) == pytest.approx(model.line(columns))


def test_level_and_slope_of_later_answers(a_year: Warehouse) -> None:
    heard = a_year.behaviour("dissatisfied", NAMES[1:], None, (), answered=True)
    columns, bad = columns_of(heard), (heard.x > 0).astype(float)
    learn = np.arange(len(bad)) % 2 > 0
    right = set_right(fitted(NAMES, columns, bad, learn), columns, bad, ~learn)
    assert right.share(columns)[~learn].mean() == pytest.approx(bad[~learn].mean(), abs=1e-3)
    assert right.b != 1.0 and right.a != 0.0
