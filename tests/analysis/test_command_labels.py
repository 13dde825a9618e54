"""What the screen calls a metric, a dimension or a value is understood by the command line too."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.__main__ import main

MODEL = """
table = "hotline"
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
labels = { en = "CSAT", zh-CN = "满意度" }
[dimensions]
business = { column = "business", labels = { en = "Line of business", zh-CN = "业务" } }
touchpoint = { column = "touchpoint", labels = { en = "Touchpoint", zh-CN = "触点" } }
"""


@pytest.fixture
def hotline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A file and its model, as the command line names them."""
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    rows = [
        f"{('home', 'retail')[i % 2]},{('complaint', 'online_agent')[i // 2 % 2]},{1 + i % 10}" for i in range(200)
    ]
    (tmp_path / "hotline.csv").write_text("business,touchpoint,score\n" + "\n".join(rows), encoding="utf-8")
    (tmp_path / "model.toml").write_text(MODEL, encoding="utf-8")
    return ["--source", str(tmp_path / "hotline.csv"), "--model", str(tmp_path / "model.toml")]


@pytest.mark.parametrize(("metric", "by", "point", "value"), [
    ("满意度", "业务", "触点", "投诉处理"), ("csat", "line of business", "Touchpoint", "Complaint handling"),
])  # fmt: skip
def test_labels_give_what_codes_give(
    metric: str, by: str, point: str, value: str, hotline: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = []
    for given in (("score", "business", "touchpoint=complaint"), (metric, by, f"{point}={value}")):
        assert main(["contribution", *hotline, "--metric", given[0], "--by", given[1], "--where", given[2]]) == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1] and '"home"' in answers[0] and '"complaint"' in answers[0]


def test_what_nothing_is_called_is_named_with_the_nearest(
    hotline: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["overview", *hotline, "--where", "Line of busines=home"]) == 2
    assert "busines" in capsys.readouterr().err
