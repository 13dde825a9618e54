"""A case is whole, says nothing of what is in it, and its own key scores full points on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from analysis.training.scoring import Match, location_points, match_of, product_score
from data_access.selection import Filter
from data_access.taxonomy import load_taxonomy
from data_access.training import Case, Kind, Words
from data_access.training_file import CASE, CONTACTS, KEY, MODEL, read_case, read_key
from sample_data.case import __main__ as command
from sample_data.case import calendar, make
from sample_data.case.names import both
from sample_data.case.planted import DECOYS, kind_of, planted
from tests.analysis.training.oracle import by_the_key, naming, seeing_nothing

from .conftest import FEW, opened
from .recount import largest, place_sql, z_of

Small = Callable[[Kind], Path]
SOME = (Kind.FLOW, Kind.SIMPSON_TRAP)


@pytest.mark.parametrize("kind", SOME)
def test_the_key_scores_all_points_and_nothing_only_where_nothing_is(small: Small, kind: Kind) -> None:
    folder = small(kind)
    key, case, warehouse = read_key(folder), read_case(folder), opened(folder)
    truth, taxonomy = key.truth, load_taxonomy()
    assert location_points(warehouse, truth.segment, truth.nothing, truth) == 100
    score = product_score(warehouse, by_the_key(key), key, taxonomy=taxonomy, hints=0, rubric=case.rubric)
    assert score.total == 100 and score.hint_cost == 0
    assert location_points(warehouse, (), True, truth) == (100 if truth.nothing else 0)
    assert case.period is not None
    assert location_points(warehouse, largest(folder, case.period), False, truth) <= 30
    bare = product_score(warehouse, seeing_nothing(), key, taxonomy=taxonomy, hints=2, rubric=case.rubric)
    assert (bare.location, bare.hint_cost) == (25 if truth.nothing else 0, 6)
    warehouse.close()


def test_places_around_within_and_beside_the_true_one(small: Small) -> None:
    folder = small(Kind.FLOW)
    truth, warehouse = read_key(folder).truth, opened(folder)
    scenario = truth.segment[0].values[0]
    (own,) = truth.segment
    bots = ("ivr", "text")

    def points(*path: Filter) -> tuple[Match, float]:
        return match_of(warehouse, path, False, truth), location_points(warehouse, path, False, truth)

    assert points(own) == (Match.EXACT, 100)
    other_name = Filter("scenario", (scenario, "no such scenario"))
    assert points(other_name) == (Match.EXACT, 100), "the same contacts by another name"
    narrow = [points(own, Filter("tier", tiers)) for tiers in (("vip",), ("basic",), ("basic", "silver"))]
    assert [match for match, _ in narrow] == [Match.CHILD] * 3
    assert [p for _, p in narrow] == sorted(p for _, p in narrow) and 0 < narrow[0][1] < narrow[2][1] < 90
    wide = [points(Filter("scenario", (scenario, *more))) for more in (("roaming",), ("roaming", "outage_check"))]
    assert [match for match, _ in wide] == [Match.PARENT] * 2 and 90 > wide[0][1] > wide[1][1] > 0
    assert points(Filter("unit", tuple(f"{bot}_roaming" for bot in bots)))[0] is Match.WRONG
    assert points(Filter("tier", ("basic",))) == (Match.WRONG, 0), "some of both is neither"
    assert points(Filter("no such dimension", ("x",))) == (Match.WRONG, 0)
    assert points() == (Match.WRONG, 0)
    warehouse.close()


def test_every_score_says_why(small: Small) -> None:
    folder = small(Kind.FLOW)
    key, warehouse = read_key(folder), opened(folder)
    score = product_score(warehouse, naming(key.truth.segment), key, taxonomy=load_taxonomy(), hints=1)
    said = [statement.key.split(".")[1] for statement in score.because]
    assert list(dict.fromkeys(said)) == ["location", "evidence", "depth", "remedy", "hints"]
    assert (score.location, score.evidence, score.depth, score.remedy, score.total) == (25, 0, 0, 0, 23)
    warehouse.close()


@pytest.mark.parametrize("kind", SOME)
def test_what_participants_read_does_not_say_what_is_planted(small: Small, kind: Kind) -> None:
    folder = small(kind)
    assert {file.name for file in folder.iterdir()} == {CONTACTS, MODEL, CASE, KEY}
    case, key = read_case(folder), read_key(folder)
    seen = (folder / CASE).read_text("utf-8") + folder.name
    assert "trap" not in seen and '"kind"' not in seen and '"truth"' not in seen
    place = {step.dimension: step.values[0] or "" for step in key.truth.segment}
    told = f"{case.title.en} {case.title.zh} {case.story.en} {case.story.zh}".lower()
    assert not [word for name, value in place.items() for word in both(name, value) if word.lower() in told]
    assert key.truth.event == "" or key.truth.event not in seen
    words = [key.reference.location, key.reference.problem]
    assert not [one.en for one in words if one.en in seen]
    assert all(text for text in texts(case)) and len(case.hints) == 3
    assert sum(criterion.points for criterion in case.rubric) == 100


def texts(case: Case) -> list[str]:
    own: list[Words] = [case.title, case.story, *case.hints]
    own += [words for one in case.rubric for words in (one.full, one.half, one.none)]
    return [text for words in own for text in (words.en, words.zh)]


def test_the_planted_fall_is_in_the_rows(small: Small) -> None:
    folder = small(Kind.FLOW)
    case, truth = read_case(folder), read_key(folder).truth
    assert case.period and case.baseline
    change, z = z_of(folder, case.baseline, case.period, place_sql(truth.segment))
    assert change < -10 and z < -3
    _, rest = z_of(folder, case.baseline, case.period, f"NOT coalesce({place_sql(truth.segment)}, FALSE)")
    assert abs(rest) < 3


def test_the_command_says_where_and_only_by_a_flag_what(
    small: Small, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small(Kind.FLOW)
    given = ["--seed", "7", "--difficulty", "1", "--kind", "flow", "--folder", str(folder.parent)]
    monkeypatch.setattr(command, "make", partial(make, contacts=FEW))
    assert command.main(given) == 0
    assert capsys.readouterr().out == f"{folder}\n"
    command.main([*given, "--truth"])
    assert '"kind":"flow"' in capsys.readouterr().out


def test_seeds_draw_every_kind_and_the_true_event_stands_among_others() -> None:
    assert {kind_of(seed) for seed in range(60)} == set(Kind)
    for seed in range(12):
        for difficulty in (1, 2, 3):
            plan = planted(seed, difficulty, Kind.RULE)
            rows = calendar.calendar(plan)
            true = calendar.true_event(plan)
            assert true and len(rows) == 1 + DECOYS[difficulty]
            assert rows["event_id"].is_unique and (rows["event_id"] == true["event_id"]).sum() == 1
            assert rows["effective_at"].is_monotonic_increasing
            others = rows[rows["event_id"] != true["event_id"]]
            assert not (others["business"] == true["business"]).any()


def test_what_cannot_be_made_is_refused(tmp_path: Path) -> None:
    for seed, difficulty, kind in ((1, 4, None), (-1, 2, None), (1, 2, "no_such_kind")):
        with pytest.raises(ValueError):
            make(tmp_path, seed=seed, difficulty=difficulty, kind=kind)
    assert not list(tmp_path.iterdir())
