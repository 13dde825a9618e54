"""The two remedies whose verdict is known, and the textbook's four means, by function and by command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.effect.did import raw
from analysis.effect.effect import effect
from analysis.result import Result
from data_access.selection import Filter, Selection
from data_access.sources import open_source

HERE = Path(__file__).parent
START = date(2026, 9, 15)
TREATED, CONTROL = Filter("arm", ("treated",)), Filter("arm", ("control",))


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One for all, so that each file is read once."""
    folder: Path = tmp_path_factory.mktemp("f3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SATRACE_DATA", str(folder))
        yield folder


@pytest.fixture(scope="module", params=["1200", "300"])
def result(request: pytest.FixtureRequest, folder: Path) -> Result:
    source = open_source(str(HERE / f"f3_remedy_{request.param}.csv"), cache=folder / "files")
    return effect(source, Selection(filters=(TREATED,)), control=(CONTROL,), start=START, cluster="team")


def test_the_verdict_and_its_interval(result: Result) -> None:
    s = result.statistics
    if s["n"] == 4_800:
        assert (s["verdict"], round(s["effect"], 2), round(s["low"], 2), round(s["high"], 2)) == (
            "effective", 2.5, 1.72, 3.28)  # fmt: skip
        assert result.findings[0].key == "effect.effective" and s["needed_answers"] is None
    else:
        assert (s["verdict"], round(s["effect"], 2), round(s["low"], 2), round(s["high"], 2)) == (
            "not_enough_evidence", 2.43, -0.49, 5.36)  # fmt: skip
        assert result.findings[0].key == "effect.chance_more" and 3_000 < s["needed_answers"] < 4_000
    assert (s["clusters"], s["treated_clusters"]) == (12, 6)


def test_four_scores_and_the_parts(result: Result) -> None:
    t = result.table
    assert list(zip(t["period"], t["group"], strict=True)) == [
        ("before", "treated"), ("after", "treated"), ("before", "control"), ("after", "control")]  # fmt: skip
    mean = t["score"].tolist()
    assert result.statistics["raw_effect"] == pytest.approx(mean[1] - mean[0] - mean[3] + mean[2], abs=1e-9)
    weeks, units = result.parts["weeks"], result.parts["units"]
    assert weeks["n"].sum() == t["n"].sum() == units["n0"].sum() + units["n1"].sum()
    assert START in set(weeks["week"]) and len(units) == 12
    own = units[units["group"] == "treated"]["change"].mean() - units[units["group"] == "control"]["change"].mean()
    assert own == pytest.approx(result.statistics["effect"], abs=1e-9)  # teams of one size: the mean of their changes


def test_card_and_krueger() -> None:
    """New Jersey and Pennsylvania, before and after (Card and Krueger 1994, table 3)."""
    means = pd.DataFrame({"treated": [True, True, False, False], "wx": [20.44, 21.03, 23.33, 21.17], "w": 1.0})
    assert raw(means, np.array([False, True, False, True])) == pytest.approx(2.76, rel=0.01)


ASKED = ("effect", "--where", "arm=treated", "--control", "arm=control", "--start", "2026-09-15", "--cluster", "team",
         "--source", str(HERE / "f3_remedy_1200.csv"))  # fmt: skip


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ASKED) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"effect", "low", "high", "p", "clusters", "verdict"} <= set(told["statistics"])
    assert set(told["table"][0]) >= {"period", "group", "n", "score"} and told["sql"]
    assert main([*ASKED, "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("period,group,n,score")
    assert main([*ASKED, "--format", "text", "--lang", "zh-CN"]) == 0
    assert capsys.readouterr().out.startswith("比对照组多提升 2.5 分 [1.7, 3.3]，有效。")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"--start": "2027-01-01"}, "2026"),
        ({"--start": "2026-08-03"}, "3 weeks"),
        ({"--start": "soon"}, "soon"),
        ({"--control": "arm=treated"}, "treated"),
        ({"--control": "arm=nobody"}, "nobody"),
        ({"--cluster": "tean"}, "team"),
        ({"--metric": "scores"}, "score"),
        ({"--design": "dib"}, "did"),
        ({"--smallest": "-1"}, "--smallest"),
        ({"--guardrails": "weight"}, "weight"),
        ({"--noticed": "2026-09-01,2026-08-01"}, "2026"),
        ({"--where": "team=treated_1"}, "arm"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(
    changed: dict[str, str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = dict(zip(ASKED[1::2], ASKED[2::2], strict=True)) | changed
    assert main(["effect", *(f"{flag}={text}" for flag, text in given.items())]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and named in err and "Traceback" not in err
