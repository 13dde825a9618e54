"""Limits of control charts, against R's qcc."""

from __future__ import annotations

from analysis.stats.control import u_chart
from tests.analysis.stats.golden import Case, data


def test_the_limits_of_a_u_chart_are_those_of_qcc() -> None:
    case, cloth = Case("u_chart_variable_n"), data("dyedcloth")
    found = u_chart(*(cloth[case.inputs[name]].to_numpy(dtype=float) for name in ("x", "size")))
    assert found.centre == case.near("ubar")
    assert list(found.low) == case.near("lcl")
    assert list(found.high) == case.near("ucl")
