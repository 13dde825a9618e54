"""The grammar of semantic.toml: all of it is read, and every mistake is named with its key."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_access.metric_kinds import Unit
from data_access.model_file import parse_model, read_model
from data_access.row_roles import Exclusion, Time, Weight
from data_access.selection import Filter
from data_access.semantics import Dimension, Driver, Level, Missing, Reason
from data_access.statement import BadInput

FULL = """
table = "contacts"
contact_id = "contact_id"
customer_id = "customer_id"
cluster = "team"
weight = { column = "w", kind = "survey" }
excluded = { column = "exempted", reason = "exempt_reason" }
responded = { column = "invited" }
agent = "agent_name"
comment = "said"
recording = "heard_at"
question = "tier"
time = { column = "contacted_at", timezone = "Asia/Shanghai", loaded = "loaded_at", extracted = "extracted_at" }
labels = { en = "Satisfaction", "zh-CN" = "满意度" }
[score]
column = "score"
scale = [1, 10]
formula = "mean_of_max"
satisfied_from = 9
dissatisfied_to = 6
missing = [0, 99]
[metrics]
resolved = { column = "resolved", values = [0, 1], better = "high", labels = { en = "Resolved", "zh-CN" = "已解决" } }
spoken = { column = "word", values = ["否", "是"], better = "low" }
[dimensions]
touchpoint = { column = "touchpoint", under = "", labels = { "zh-CN" = "触点" } }
team = { column = "team", under = "touchpoint" }
tier = { column = "tier", level = "ordinal", order = ["basic", "silver", "gold"] }
scenes = { columns = { home = "at_home", office = "at_office" }, yes = [1], no = [-1] }
[drivers]
wait = { column = "wait_s", level = "interval", unit = "s", better = "low", missing = "zero" }
answered = { from = "asked_at", to = "answered_at", unit = "min", least = 0 }
[reasons]
reason = { column = "reason", split = "|", not_stated = "未说明", power = "reason_power" }
[tables]
events = "events"
[presets]
bot = { columns = ["score", "resolved", "wait", "tier", "hour"], of = "team", where = { touchpoint = ["bot", 3, true, ""], scenes = ["home"] }, within = ["touchpoint", "month"], labels = { en = "Bot" } }
plain = { columns = ["wait", "score"] }
"""  # noqa: E501


def test_everything_of_the_grammar_is_read() -> None:
    model = parse_model(FULL)
    assert (model.table, model.contact_id, model.customer_id, model.cluster) == (
        "contacts", "contact_id", "customer_id", "team",
    )  # fmt: skip
    assert model.weight == Weight("w", "survey")
    assert model.excluded == Exclusion("exempted", "exempt_reason")
    assert model.responded == "invited"
    assert (model.agent, model.comment, model.recording, model.question) == ("agent_name", "said", "heard_at", "tier")
    assert model.time == Time("contacted_at", "Asia/Shanghai", "loaded_at", "extracted_at")
    assert list(model.metrics) == ["score", "satisfied", "dissatisfied", "resolved", "spoken"]
    score, satisfied, dissatisfied, resolved, spoken = model.metrics.values()
    assert (score.unit, score.low, score.high, score.kind.formula, score.missing) == (
        "points", 1, 10, "mean_of_max", (0, 99),
    )  # fmt: skip
    assert (satisfied.unit, satisfied.at_least, satisfied.better) == ("rate", 9, "high")
    assert (dissatisfied.at_most, dissatisfied.better, dissatisfied.missing) == (6, "low", (0, 99))
    assert (resolved.low, resolved.high, resolved.labels.get("zh-CN")) == (0, 1, "已解决")
    assert (spoken.yes, spoken.no, spoken.better) == ("是", "否", "low")
    assert score.labels.get("zh-CN") == "满意度"
    assert model.dimensions["team"].under == "touchpoint" and model.dimensions["touchpoint"].under is None
    assert model.dimensions["tier"].level is Level.ORDINAL
    assert model.dimensions["tier"].order == ("basic", "silver", "gold")
    scenes: Dimension = model.dimensions["scenes"]
    assert (scenes.columns, scenes.yes, scenes.no) == ((("home", "at_home"), ("office", "at_office")), (1,), (-1,))
    wait: Driver = model.drivers["wait"]
    assert (wait.unit, wait.better, wait.missing) == ("s", "low", Missing.ZERO)
    answered = model.drivers["answered"]
    assert (answered.since, answered.column, answered.unit, answered.better, answered.least) == (
        "asked_at", "answered_at", "min", "low", 0,
    )  # fmt: skip
    reason: Reason = model.reasons["reason"]
    assert (reason.split, reason.not_stated, reason.power) == ("|", "未说明", "reason_power")
    assert dict(model.tables) == {"events": "events"}
    bot, plain = model.presets.values()
    assert (bot.name, bot.columns, bot.of) == ("bot", ("score", "resolved", "wait", "tier", "hour"), "team")
    assert bot.where == (Filter("touchpoint", ("bot", "3", "true", None)), Filter("scenes", ("home",)))
    assert bot.within == ("touchpoint", "month") and bot.labels.get("en") == "Bot"
    assert (plain.of, plain.where, plain.within, plain.labels.get("en")) == ("", (), (), "plain")
    assert model.preset("plain") is plain


@pytest.mark.parametrize(
    ("scale", "at_least", "at_most", "only"),
    [
        ("[0, 10]", 9, 6, ()),
        ("[1, 10]", 9, 6, ()),
        ("[-100, 100]", 100, -100, (-100, 0, 100)),
        ("[-1, 1]", 1, -1, (-1, 0, 1)),
    ],
)
def test_a_net_promoter_score_is_read_from_answers_and_from_what_they_add(
    scale: str, at_least: float, at_most: float, only: tuple[float, ...]
) -> None:
    entry = f"{{ column = 'n', scale = {scale}, formula = 'nps', missing = [98] }}"
    for text, name in ((f"score = {entry}", "score"), (f"[metrics]\nloyal = {entry}", "loyal")):
        model = parse_model(f'table = "t"\n{text}')
        metric = model.metric(name)
        ends = model.ends_of(metric)
        assert (metric.unit, metric.kind.range, metric.best, metric.worst) == (Unit.NPS, (-100, 100), 100, -100)
        assert (metric.at_least, metric.at_most, metric.only, metric.missing) == (at_least, at_most, only, (98,))
        assert list(ends) == ["promoters", "detractors"] and list(model.metrics) == [name, *ends.values()]
        promoters, detractors = (model.metric(end) for end in ends.values())
        assert (promoters.at_least, promoters.better, promoters.of) == (at_least, "high", name)
        assert (detractors.at_most, detractors.better, detractors.of) == (at_most, "low", name)
        assert metric.is_valid(only[1] if only else 7) and not metric.is_valid(0.5 if only else 10.5)


SMALL = 'table = "t"\nscore = { column = "s", scale = [1, 10] }\n'


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("table = ", "model.not_toml", {}),
        ('score = { column = "s", scale = [1, 10] }', "model.missing_key", {"key": "table"}),
        ('table = "t"', "model.no_metric", {}),
        (SMALL + 'tabel = "x"', "model.unknown_key", {"key": "tabel", "near": "table"}),
        (
            SMALL + "[dimensions]\nd = { colum = 'x' }",
            "model.unknown_key",
            {"key": "dimensions.d.colum", "near": "column"},
        ),
        (SMALL + "dimensions = 3", "model.not_a_table", {"key": "dimensions"}),
        (SMALL + "[dimensions]\nd = 3", "model.not_a_table", {"key": "dimensions.d"}),
        (SMALL + '[dimensions]\n"a b" = { column = "x" }', "model.bad_name", {"key": "dimensions.a b"}),
        (SMALL + "[dimensions]\nd = { level = 'nominal' }", "model.column_or_columns", {"key": "dimensions.d"}),
        (SMALL + "[dimensions]\nd = { column = 'x', level = 'ordnal' }", "model.not_a_choice", {"near": "ordinal"}),
        (SMALL + "[dimensions]\nd = { column = 'x', under = 'e' }", "model.no_parent", {"name": "e"}),
        (SMALL + "[dimensions]\nday = { column = 'x' }", "model.reserved", {"key": "dimensions.day"}),
        (SMALL + "[dimensions]\nw = { column = 'x' }", "model.reserved", {"key": "dimensions.w"}),
        (SMALL + "[dimensions]\ncluster = { column = 'x' }", "model.reserved", {"key": "dimensions.cluster"}),
        (SMALL + "[metrics]\nscore = { column = 'x' }", "model.reserved", {"key": "metrics.score"}),
        (SMALL + "[metrics]\nm = { column = 'x', values = [1, 1] }", "model.bad_values", {"key": "metrics.m.values"}),
        (
            SMALL + "[dimensions]\nr = { column = 'x' }\n[reasons]\nr = { column = 'y' }",
            "model.twice",
            {"key": "reasons.r"},
        ),
        (SMALL + "cluster = 'team'\n[dimensions]\ntem = { column = 'x' }", "model.no_cluster", {"near": "tem"}),
        (SMALL + "cluster = 'd'\n[dimensions]\nd = { columns = { a = 'x' } }", "model.no_cluster", {"name": "d"}),
        (SMALL + "question = 'tpic'\n[dimensions]\ntopic = { column = 'x' }", "model.no_question", {"near": "topic"}),
        (SMALL + "[drivers]\nd = { from = 'a' }", "model.missing_key", {"key": "drivers.d.to"}),
        (SMALL + "[drivers]\nd = { to = 'a' }", "model.missing_key", {"key": "drivers.d.from"}),
        (
            SMALL + "[drivers]\nd = { from = 'a', to = 'b', column = 'c' }",
            "model.column_or_span",
            {"key": "drivers.d"},
        ),
        (
            SMALL + "[drivers]\nd = { from = 'a', to = 'b', unit = 'hour' }",
            "model.not_a_choice",
            {"key": "drivers.d.unit"},
        ),
        (
            SMALL + "[drivers]\nd = { from = 'a', to = 'b', missing = 'zero' }",
            "model.not_a_choice",
            {"value": "zero"},
        ),
        (SMALL + "[drivers]\nd = { column = 'a', least = 'no' }", "model.not_a_number", {"key": "drivers.d.least"}),
        (SMALL + "weight = { column = 'w' }", "model.missing_key", {"key": "weight.kind"}),
        (SMALL + "weight = { column = 'w', kind = 'surveys' }", "model.not_a_choice", {"near": "survey"}),
        (
            SMALL + "time = { column = 'c', timezone = 'Asia/Shangai' }",
            "model.bad_timezone",
            {"value": "Asia/Shangai"},
        ),
        (SMALL.replace("[1, 10]", "[10, 1]"), "model.bad_scale", {}),
        (SMALL.replace("[1, 10]", "[1]"), "model.bad_scale", {}),
        (SMALL.replace("[1, 10]", "['a', 10]"), "model.not_a_number", {"key": "score.scale"}),
        (SMALL.replace("[1, 10]", "[1, inf]"), "model.not_a_number", {"key": "score.scale"}),
        (SMALL.replace("[1, 10]", "[nan, 10]"), "model.not_a_number", {"key": "score.scale"}),
        (
            SMALL.replace("[1, 10]", "[1, 10], satisfied_from = 4, dissatisfied_to = 6"),
            "model.crossed_limits",
            {"satisfied": 4, "dissatisfied": 6},
        ),
        (SMALL.replace("[1, 10]", "[-2, 2]"), "model.negative_scale", {"low": -2}),
        (
            SMALL.replace("[1, 10]", "[1, 10], satisfied_from = 11"),
            "model.limit_outside",
            {"key": "score.satisfied_from"},
        ),
        (SMALL.replace("10]", "10], formula = 'npt'"), "model.not_a_choice", {"near": "nps"}),
        (SMALL.replace("[1, 10]", "[1, 5], formula = 'nps'"), "model.nps_scale", {"key": "score.scale"}),
        (SMALL.replace("[1, 10]", "[-100, 10], formula = 'nps'"), "model.nps_scale", {"value": "[-100, 10]"}),
        (
            SMALL.replace("10]", "10], formula = 'nps', satisfied_from = 9"),
            "model.nps_limit",
            {"key": "score.satisfied_from"},
        ),
        (SMALL + "[metrics]\nm = { column = 'x', formula = 'nps' }", "model.missing_key", {"key": "metrics.m.scale"}),
        (
            SMALL + "[metrics]\nm = { column = 'x', formula = 'nps', scale = [0, 10], better = 'low' }",
            "model.nps_limit",
            {"key": "metrics.m.better"},
        ),
        (
            SMALL + "[metrics]\nm = { column = 'x', scale = [0, 10] }",
            "model.scale_of_rate",
            {"key": "metrics.m.scale"},
        ),
        (
            SMALL
            + "[metrics]\nm = { column = 'x', formula = 'nps', scale = [0, 10] }\nm_promoters = { column = 'y' }",
            "model.twice",
            {"key": "metrics.m_promoters"},
        ),
    ],
)
def test_mistakes(text: str, key: str, values: dict[str, object]) -> None:
    with pytest.raises(BadInput) as problem:
        parse_model(text)
    assert problem.value.statement.key == key
    assert values.items() <= problem.value.statement.values.items()


ASKED = """
table = "t"
score = { column = "s", scale = [1, 10] }
dimensions.team = { column = "x" }
dimensions.scenes = { columns = { home = "h" } }
drivers.wait = { column = "w" }
reasons.reason = { column = "r" }
[presets]
"""


@pytest.mark.parametrize(
    ("preset", "key", "values"),
    [
        ('"a b" = { columns = ["score", "wait"] }', "model.bad_name", {"key": "presets.a b"}),
        ("p = 3", "model.not_a_table", {"key": "presets.p"}),
        ('p = { colums = ["score", "wait"] }', "model.unknown_key", {"key": "presets.p.colums", "near": "columns"}),
        ('p = { of = "team" }', "model.missing_key", {"key": "presets.p.columns"}),
        ('p = { columns = "score" }', "model.not_names", {"key": "presets.p.columns"}),
        ("p = { columns = [1, 2] }", "model.not_names", {"key": "presets.p.columns"}),
        ('p = { columns = ["wait", "wait"] }', "model.one_column", {"key": "presets.p.columns"}),
        ('p = { columns = ["score", "wiat"] }', "model.no_preset_column", {"name": "wiat", "near": "wait"}),
        ('p = { columns = ["score", "reason"] }', "model.no_preset_column", {"name": "reason"}),
        ('p = { columns = ["score", "scenes"] }', "model.no_preset_column", {"name": "scenes"}),
        ('p = { columns = ["score", "month"] }', "model.no_preset_column", {"name": "month"}),
        ('of = "taem"', "model.no_preset_dimension", {"key": "presets.p.of", "near": "team"}),
        ('of = "scenes"', "model.no_preset_dimension", {"key": "presets.p.of", "name": "scenes"}),
        ('within = ["wait"]', "model.no_preset_dimension", {"key": "presets.p.within", "name": "wait"}),
        ('within = "team"', "model.not_names", {"key": "presets.p.within"}),
        ('where = { taem = ["a"] }', "model.no_preset_dimension", {"key": "presets.p.where", "near": "team"}),
        ('where = { reason = ["a"] }', "model.no_preset_dimension", {"name": "reason"}),
        ("where = { team = [] }", "model.no_values", {"key": "presets.p.where.team"}),
        ('where = { team = "a" }', "model.no_values", {"key": "presets.p.where.team"}),
        ('where = ["team"]', "model.not_a_table", {"key": "presets.p.where"}),
    ],
)
def test_mistakes_in_presets(preset: str, key: str, values: dict[str, object]) -> None:
    whole = preset if preset.startswith(('"', "p =")) else f'p = {{ columns = ["score", "wait"], {preset} }}'
    with pytest.raises(BadInput) as problem:
        parse_model(ASKED + whole)
    assert problem.value.statement.key == key
    assert values.items() <= problem.value.statement.values.items()


def test_an_unknown_preset_is_named_with_its_neighbour() -> None:
    with pytest.raises(BadInput) as problem:
        parse_model(FULL).preset("plian")
    assert problem.value.statement.key == "model.unknown_preset"
    assert problem.value.statement.values["near"] == "plain"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    gbk = tmp_path / "gbk.toml"
    gbk.write_bytes("# 满意度".encode("gbk"))
    for path in (tmp_path / "none.toml", gbk, tmp_path):
        with pytest.raises(BadInput) as problem:
            read_model(path)
        assert problem.value.statement.key == "model.unreadable"


def test_the_sample_model_is_sound() -> None:
    model = read_model(Path(__file__).parents[2] / "sample_data" / "semantic.toml")
    assert "score" in model.metrics and model.reasons
    assert (model.agent, model.comment, model.question) == ("agent", "comment", "sub_type")
