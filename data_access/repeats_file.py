"""Is what a semantic.toml says of repeat contacts sound? Read for its form, then its names are looked up."""

from __future__ import annotations

from data_access.model_grammar import Table, number
from data_access.preset_file import filters_of
from data_access.repeat_metrics import check_known
from data_access.repeats import LONGEST, ON_TIME, WINDOWS, Repeats, windows_of
from data_access.semantics import Reason, SemanticModel, near
from data_access.statement import BadInput


def repeats_of(entry: Table) -> Repeats:
    """The section [repeats]; its names are not looked at yet. Raises BadInput naming the key."""
    on_time, survey = number(entry.get("on_time", ON_TIME), "repeats.on_time"), entry.get("survey", "")
    if not 0 < on_time <= LONGEST:
        raise BadInput("model.bad_windows", key="repeats.on_time", value=str(on_time), most=LONGEST)
    if not isinstance(survey, str):
        raise BadInput("model.not_a_text", key="repeats.survey", value=str(survey)[:80])
    return Repeats(
        windows=windows_of(entry.get("windows", list(WINDOWS)), "repeats.windows"),
        on_time=on_time,
        survey=survey,
        not_applicable=filters_of(entry.get("not_applicable", {}), "repeats.not_applicable"),
    )


def check_repeats(model: SemanticModel) -> None:
    """What counts repeats needs customers and times, and names a rate and dimensions that there are."""
    if any(metric.repeat for metric in model.metrics.values()):
        check_known(model)
    rates = [name for name, metric in model.metrics.items() if metric.unit.is_share and not metric.repeat]
    if model.repeats.survey and model.repeats.survey not in rates:
        raise BadInput("model.no_preset_column", key="repeats.survey", name=model.repeats.survey,
                       near=near(model.repeats.survey, rates))  # fmt: skip
    sides = [name for name, cut in model.cuts.items() if not isinstance(cut, Reason)]
    for part in model.repeats.not_applicable:
        if part.dimension not in sides:
            raise BadInput("model.no_preset_dimension", key="repeats.not_applicable", name=part.dimension,
                           near=near(part.dimension, sides))  # fmt: skip
