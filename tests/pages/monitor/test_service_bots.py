"""The bot on the service page: formulas, transfers, the flow of a scenario, a node that is clicked."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.result import Unit
from pages.charts import Look, alt_text, flow
from pages.words.catalogue import Catalogue
from tests.pages.conftest import OpenPage, seen

ASKED = {"from": "2026-10-01", "to": "2026-11-01", "base": "previous", "by": "scenario"}


@pytest.mark.prove
def test_a_bot_measure_shows_its_formulas_the_flow_and_the_node_that_was_clicked(open_page: OpenPage) -> None:
    words = Catalogue.load("zh-CN")
    app = open_page("service", lang="zh-CN", what="bot_transfer", flow="plan_change", **ASKED)
    assert not app.exception
    text = seen(app)
    assert "这是拦截率，不是解决率" in text and "套餐变更" in text and "流程归属" in text
    assert any(words.text("columns.bot_part.formula") in table.value.columns for table in app.table)
    tables = [set(frame.value.columns) for frame in app.dataframe]
    for column in ("reach", "understood", "group"):  # nodes, legs, hand-overs
        assert any(any(title.startswith(words.text(f"columns.bot_part.{column}")) for title in table)
                   for table in tables), column  # fmt: skip
    app.session_state["option.service.node"] = "5"
    app.run()
    assert not app.exception and "次会话到达" in seen(app)
    assert any(button.key == "trace.bot.node" for button in app.button)


def test_the_flow_s_bars_and_words() -> None:
    rows = pd.DataFrame({
        "label": ["Greeting", "Asked again"], "n": [100.0, 40.0], "reach": [1.0, 0.4], "exit": [0.0, 0.5],
        "transfer": [0.0, 0.25], "score": [83.0, 79.5], "exit_evidence": ["none", "loss"], "key": ["0", "1"],
    })  # fmt: skip
    look = Look(Catalogue.load("en"), Unit.POINTS)
    figure = flow(rows, look=look)
    widths = [bar.x[0] for bar in figure.data if bar.type == "bar" and len(bar.x) == 1]
    assert widths == [1.0, 0.0, 0.0, 0.4 - 0.1 - 0.2, 0.1, 0.2]  # going on, handed over, left
    assert figure.data[5].marker.color == look.palette.loss and "Asked again: reached by 40" in alt_text(figure)
