"""Units that are too small to be judged."""

from __future__ import annotations

import numpy as np

from analysis.diagnosis import gaps_and_causes
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.diagnosis.test_gaps import BOTH, MODEL, A, contacts, verdicts


def test_where_no_unit_has_ten_answers_a_loss_is_real_but_laid_at_no_door(warehouse_of: MakeWarehouse) -> None:
    """The same loss in sixteen teams is the design's: test_all_teams_alike_is_design_and_few_are_execution."""
    frame = contacts(5)
    frame["team"] = [f"t{place}" for place in np.arange(len(frame)) // 3]
    frame.loc[frame["business"] == "a", "score"] -= 2
    frame["score"] = frame["score"].clip(1, 10)
    found = gaps_and_causes(warehouse_of(frame, MODEL), BOTH, path=A)
    told = verdicts(found)
    assert (told["artefact"], told["execution"], told["design"]) == ("refutes", "not_enough", "not_enough")
    assert "units" not in found.parts
