"""Which metrics does a semantic.toml define? The score with the rates of its ends, and further metrics."""

from __future__ import annotations

from dataclasses import replace

from data_access.labels import Labels, Scalar
from data_access.metric_kinds import DETRACTORS_TO, LIKELIEST, PROMOTERS_FROM, MeanOfMaximum, Nps, Rate, Rescaled
from data_access.metrics import Metric
from data_access.model_grammar import Table, codes_of, labels_of, number, one_of, required
from data_access.preset_file import filters_of
from data_access.semantics import BUILT_IN_SCORES, SCORE, rate_name
from data_access.statement import BadInput

FORMULAS = {"mean_of_max": MeanOfMaximum, "rescaled": Rescaled}
NPS = Nps.formula
LABELS = {
    SCORE: {"en": "Satisfaction", "zh-CN": "满意度"},
    "satisfied": {"en": "Satisfied", "zh-CN": "满意率"},
    "dissatisfied": {"en": "Dissatisfied", "zh-CN": "差评率"},
    NPS: {"en": "Net Promoter Score", "zh-CN": "净推荐值"},
    "promoters": {"en": "Promoters", "zh-CN": "推荐者占比"},
    "detractors": {"en": "Detractors", "zh-CN": "贬损率"},
}
LIMITS = {"satisfied": "satisfied_from", "dissatisfied": "dissatisfied_to"}
ALL_FORMULAS = (*FORMULAS, NPS)
SUMMED = (1.0, 100.0)  # what a promoter adds in a column that holds nothing but -x, 0 and x


def has_limits(formula: str) -> bool:
    """Whether a score of this formula says from which mark on an answer is satisfied, and up to which it is not."""
    return formula in FORMULAS


def score_metrics(score: Table, texts: Table) -> dict[str, Metric]:
    """The score itself, and the rates of the answers at its two ends; `texts` are its names by language."""
    return _of_whom(_score_metrics(score, texts), score, SCORE, survey=True)


def _of_whom(made: dict[str, Metric], entry: Table, where: str, *, survey: bool) -> dict[str, Metric]:
    """Metrics that know who could have a value: those `where` lets through, asked in a survey or not."""
    through = filters_of(entry.get("where", {}), f"{where}.where")
    return {name: replace(metric, survey=survey, where=through) for name, metric in made.items()}


def _score_metrics(score: Table, texts: Table) -> dict[str, Metric]:
    formula = one_of(score, "formula", ALL_FORMULAS, "mean_of_max", SCORE)
    column, missing = required(score, "column", SCORE), codes_of(score, SCORE)
    labels = labels_of(SCORE, texts or LABELS[NPS if formula == NPS else SCORE])
    if not has_limits(formula):
        unknown = next((key for key in LIMITS.values() if key in score), None)
        if unknown:
            raise BadInput("model.nps_limit", key=f"{SCORE}.{unknown}")
        return _recommending(SCORE, column, labels, _scale(score, SCORE), missing, turned=_is_turned(score, SCORE))
    low, high = _scale(score, SCORE)
    if low >= high or high <= 0:
        raise BadInput("model.bad_scale", key=f"{SCORE}.scale", value=str(score["scale"]))
    if formula == "mean_of_max" and low < 0:
        raise BadInput("model.negative_scale", low=low)
    turned = _is_turned(score, SCORE)
    metrics = {SCORE: Metric(SCORE, column, labels, FORMULAS[formula](low, high), missing=missing, turned=turned)}
    for name, key in LIMITS.items():
        if key in score:
            metrics[name] = _limited(name, metrics[SCORE], number(score[key], f"{SCORE}.{key}"))
    _check_limits(metrics)
    return metrics


def _is_turned(entry: Table, where: str) -> bool:
    """Whether the highest number of a scale is the worst answer."""
    low, high = _scale(entry, where)
    worst = number(entry.get("worst", low), f"{where}.worst")
    if worst not in (low, high):
        raise BadInput("model.bad_worst", key=f"{where}.worst", value=worst, low=low, high=high)
    return worst == high


def _check_limits(metrics: dict[str, Metric]) -> None:
    """No answer is both satisfied and dissatisfied.

    Limits are of answers already turned; who gives them as the column holds them has them the wrong way round.
    """
    satisfied, dissatisfied = metrics.get("satisfied"), metrics.get("dissatisfied")
    if not satisfied or not dissatisfied:
        return
    ends = satisfied.at_least, dissatisfied.at_most
    if ends[0] is not None and ends[1] is not None and ends[0] <= ends[1]:
        key = "model.turned_limits" if satisfied.turned else "model.crossed_limits"
        raise BadInput(key, satisfied=ends[0], dissatisfied=ends[1], whole=satisfied.low + satisfied.high)


def _limited(name: str, score: Metric, limit: float) -> Metric:
    """The rate of answers from a limit on, or up to it."""
    if not score.is_valid(limit):
        raise BadInput("model.limit_outside", key=f"{SCORE}.{LIMITS[name]}", value=limit, low=score.low,
                       high=score.high)  # fmt: skip
    satisfied = name == "satisfied"
    return Metric(
        name, score.column, labels_of(name, LABELS[name]), Rate(), better="high" if satisfied else "low",
        missing=score.missing, scale=(score.low, score.high), turned=score.turned, of=SCORE,
        at_least=limit if satisfied else None, at_most=None if satisfied else limit,
    )  # fmt: skip


def _recommending(
    name: str, column: str, labels: Labels, scale: tuple[float, float], missing: tuple[Scalar, ...], *, turned: bool
) -> dict[str, Metric]:
    """A Net Promoter Score, of answers up to 10 or of what each adds to it, and the rates of its two ends."""
    low, high = scale
    only: tuple[float, ...] = ()
    if high == LIKELIEST and low in (0, 1):
        promoters, detractors = float(PROMOTERS_FROM), float(DETRACTORS_TO)
    elif high in SUMMED and low == -high:
        promoters, detractors, only = high, low, (low, 0.0, high)
    else:
        raise BadInput("model.nps_scale", key=f"{name}.scale", value=f"[{low:g}, {high:g}]")
    top, bottom = (rate_name(name, end) for end in Nps.ends)
    score = Metric(name, column, labels, Nps(), missing=missing, scale=scale, only=only, turned=turned,
                   at_least=promoters, at_most=detractors)  # fmt: skip
    return {
        name: score,
        top: replace(score, name=top, labels=_end(name, labels, "promoters"), kind=Rate(), at_most=None, of=name),
        bottom: replace(score, name=bottom, labels=_end(name, labels, "detractors"), kind=Rate(), better="low",
                        at_least=None, of=name),
    }  # fmt: skip


def _end(name: str, labels: Labels, end: str) -> Labels:
    """What the rate of an end is called: the score's own plainly, another's after its metric."""
    texts = LABELS[end]
    if name != SCORE:
        texts = {language: f"{labels.get(language)} · {text}" for language, text in texts.items()}
    return labels_of(rate_name(name, end), texts)


def _scale(table: Table, where: str) -> tuple[float, float]:
    scale = required(table, "scale", where)
    if not isinstance(scale, list) or len(scale) != 2:
        raise BadInput("model.bad_scale", key=f"{where}.scale", value=str(scale))
    low, high = (number(v, f"{where}.scale") for v in scale)
    return low, high


def further_metrics(name: str, entry: Table, where: str) -> dict[str, Metric]:
    """One entry of [metrics]: a rate, or a Net Promoter Score with the rates of its ends."""
    made = _further_metrics(name, entry, where)
    survey = entry.get("survey", entry.get("formula") == NPS)
    if not isinstance(survey, bool):
        raise BadInput("model.not_a_choice", key=f"{where}.survey", value=str(survey), near="true, false")
    return _of_whom(made, entry, where, survey=survey)


def _further_metrics(name: str, entry: Table, where: str) -> dict[str, Metric]:
    if name in BUILT_IN_SCORES:
        raise BadInput("model.reserved", key=where)
    labels = labels_of(name, entry.get("labels", {}))
    column, missing = required(entry, "column", where), codes_of(entry, where)
    if one_of(entry, "formula", (Rate.formula, NPS), Rate.formula, where) == NPS:
        unknown = next((key for key in ("values", "better") if key in entry), None)
        if unknown:
            raise BadInput("model.nps_limit", key=f"{where}.{unknown}")
        return _recommending(name, column, labels, _scale(entry, where), missing, turned=_is_turned(entry, where))
    unknown = next((key for key in ("scale", "worst") if key in entry), None)
    if unknown:
        raise BadInput("model.scale_of_rate", key=f"{where}.{unknown}")
    return {name: _rate(name, column, labels, entry, where)}


def _rate(name: str, column: str, labels: Labels, entry: Table, where: str) -> Metric:
    values = entry.get("values", [0, 1])
    plain = isinstance(values, list) and all(isinstance(v, str | int | float) for v in values)
    if not plain or len(values) != 2 or values[0] == values[1]:
        raise BadInput("model.bad_values", key=f"{where}.values")
    better, missing = one_of(entry, "better", ("high", "low"), "high", where), codes_of(entry, where)
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        low, high = sorted(number(v, f"{where}.values") for v in values)
        return Metric(name, column, labels, Rate(low, high), better=better, missing=missing)
    return Metric(name, column, labels, Rate(), better=better, missing=missing, yes=values[1], no=values[0])
