"""The tree of drivers: each measure is seen in its branch, and opened by a click on its card."""

from __future__ import annotations

import pandas as pd

from data_access.metric_kinds import Unit
from pages import charts
from pages.charts import Look, Root
from pages.charts.look import LIGHT
from pages.words.catalogue import Catalogue

WORDS = Catalogue.load("en")
ROWS = pd.DataFrame({
    "branch": ["Access"] * 5 + ["Quality"],
    "name": ["Answered", "Engaged", "A measure with a name so long that it needs more than one line", "C", "D", "E"],
    "key": list("abcdef"),
    "value": ["88.2 %", "6.2 %", "1.0 %", "2.0 %", "3.0 %", "4.6 %"],
    "interval": ["86.2–90.0", "", "", "", "", ""],
    "state": ["no clear change", "worse", "", "", "", "met 2.0 %"],
    "step": ["▼ 4.7", "▲ 3.2", "", "", "", ""],
    "tone": ["none", "loss", "none", "none", "none", "gain"],
    "said": ["..."] * 6,
})  # fmt: skip
ROOT = Root("Satisfaction", "83.6 points", "▼ 1.5 points down", "loss")


def test_cards_answer_where_they_stand_and_do_not_overlap() -> None:
    figure = charts.tree(ROWS, ROOT, look=Look(WORDS))
    hits = figure.data[0]
    assert list(hits.customdata) == list("abcdef")
    boxes = [(left, left + width, y - tall / 2, y + tall / 2)
             for left, width, y, tall in zip(hits.base, hits.x, hits.y, hits.width, strict=True)]  # fmt: skip
    apart = [a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2]
             for i, a in enumerate(boxes) for b in boxes[:i]]  # fmt: skip
    assert all(apart)
    assert all(box[0] >= 0 and box[1] <= 1 for box in boxes)


def test_a_bad_measure_is_seen_by_colour_sign_and_word_and_counted_at_its_branch() -> None:
    figure = charts.tree(ROWS, ROOT, look=Look(WORDS), opened="b")
    words = [note.text for note in figure.layout.annotations]
    (card,) = [text for text in words if text.startswith("Engaged")]
    assert "◆ worse" in card and LIGHT.loss_text in card and "▲ 3.2" in card
    assert any("<b>Access</b>" in text and "1 of 5" in text for text in words)
    assert [shape.line.color for shape in figure.layout.shapes].count(LIGHT.ink) == 1  # the open one has a frame
    assert "Engaged: 6.2 %, worse" in charts.alt_text(figure)


def test_measures_without_a_segment_leave_their_cell_empty() -> None:
    cells = pd.DataFrame({"measure": ["a", "f"], "column": [0, 1], "value": ["1 %", "2 %"], "known": [True, True],
                          "said": ["Orange", "Grey"], "tone": ["loss", "none"]})  # fmt: skip
    figure = charts.tree_matrix(cells, ROWS, ["Phone", "Bot"], look=Look(WORDS))
    hits = figure.data[0]
    assert list(zip(hits.customdata, hits.base, strict=True)) == [("a", 0), ("f", 1)]
    assert "Orange" in charts.alt_text(figure) and "Grey" not in charts.alt_text(figure)


def test_cells_of_a_rate_are_orange_on_the_bad_side_whichever_that_is() -> None:
    rows = pd.DataFrame({"day": [1, 2, 3], "hour": [8, 8, 9], "n": [50, 50, 4], "value": [90.0, 70.0, float("nan")],
                         "said": ["high", "low", "few"]})  # fmt: skip
    for lower_better, worse in ((False, "low"), (True, "high")):
        figure = charts.rate_map(rows, 80.0, list("1234567"), look=Look(WORDS, Unit.RATE, lower_better))
        known, hatched = figure.data
        colours = dict(zip(known.hovertext, known.marker.color, strict=True))
        assert colours[worse] == 10 and len(hatched.hovertext) == 1
        assert list(known.customdata) == [0, 1] and list(hatched.customdata) == [2]
