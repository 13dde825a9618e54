"""Which class is on the desk: the one that runs, one that was opened from the list, or none."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data_access.workshop.class_records import TrainingClass
from pages.frame import address, class_strip
from pages.frame.context import Frame

PLACE = class_strip.ON_DESK
ALL = "all"  # said in the address of the list of classes


def opened(here: Frame, known: Sequence[TrainingClass]) -> TrainingClass | None:
    """That of the address; who comes back in the middle of a class without one finds it open."""
    ids = {ALL: "", **{one.id: one.id for one in known}}
    address.take("class_id", PLACE, lambda values: ids.get(values[0]))
    if PLACE not in st.session_state:
        own = (one for one in known if one.ended_at is None and one.created_by_id == here.user.id)
        st.session_state[PLACE] = next((one.id for one in own), "")
    klass = next((one for one in known if one.id == st.session_state[PLACE]), None)
    if known:
        address.write("class_id", klass.id if klass else ALL)
    return klass


def go_to(class_id: str) -> None:
    """Put a class on the desk, with "" none."""
    st.session_state[PLACE] = class_id


def newest_first(known: Sequence[TrainingClass]) -> list[TrainingClass]:
    return sorted(known, key=lambda one: str(one.created_at), reverse=True)
