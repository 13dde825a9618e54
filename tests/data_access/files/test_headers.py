"""Whatever people write above their columns becomes names that a model and a database can use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.files.compose import Settings, compose
from data_access.files.names import clean_headers, unique_names
from data_access.files.roles import ColumnRole, Part
from data_access.model_file import parse_model
from data_access.semantics import Level
from tests.proof import examples


@pytest.mark.slow
@examples(200)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=6), st.text(max_size=10))
def test_any_header_makes_a_sound_model(written: list[str], value: str) -> None:
    headers, _ = clean_headers(written)
    names = unique_names(headers)
    roles = [ColumnRole(headers[0], Part.SCORE, names[0])]
    for i, (header, name) in enumerate(zip(headers[1:], names[1:], strict=True)):
        part = (Part.DIMENSION, Part.DRIVER, Part.REASON, Part.METRIC, Part.CHOICE)[i % 5]
        roles.append(
            ColumnRole(header, part, name, level=Level.ORDINAL, order=(value,), group="group_of_them", yes=(value,),
                       not_stated=value, split="|")
        )  # fmt: skip
    model = parse_model(compose(roles, Settings("t")))
    assert model.metric("score").column == headers[0]
    read = {d.column for d in (*model.dimensions.values(), *model.drivers.values(), *model.reasons.values())}  # type: ignore[attr-defined]
    read |= {c for d in model.dimensions.values() for _, c in d.columns} | {m.column for m in model.metrics.values()}
    assert set(headers) <= read


@given(st.lists(st.text(), max_size=8))
def test_headers_become_unique(written: list[str]) -> None:
    headers, _ = clean_headers(written)
    assert len({h.casefold() for h in headers}) == len(written) and all(headers)
    names = unique_names(headers)
    assert len(set(names)) == len(written)
