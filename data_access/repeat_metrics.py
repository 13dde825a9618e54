"""Which metrics follow from what a model says of repeat contacts? A rate of first contacts for each window."""

from __future__ import annotations

from collections.abc import Mapping

from data_access.labels import Labels
from data_access.metric_kinds import Rate
from data_access.metrics import Metric
from data_access.repeats import NoReturn, Repeats
from data_access.semantics import SemanticModel
from data_access.statement import BadInput


def check_known(model: SemanticModel) -> tuple[str, str]:
    """The columns of customers and times. Raises BadInput where a model lacks what tells that somebody came back."""
    if model.customer_id is None or model.time is None:
        raise BadInput("repeats.no_customers")
    return model.customer_id, model.time.column


def metrics_of(rules: Repeats, *, same: bool) -> Mapping[str, Metric]:
    """A rate for each window; of the same question for the longest, where the model knows questions."""
    asked = [NoReturn(rules, hours) for hours in rules.windows]
    asked += [NoReturn(rules, rules.longest, same=True)] if same else []
    made = [metric_of(one) for one in asked]
    return {metric.name: metric for metric in made}


def metric_of(counted: NoReturn) -> Metric:
    """The rate of first contacts without a further one."""
    hours = f"{counted.hours:g}"
    name = f"fcr_{hours.replace('.', '_')}{'_same' if counted.same else ''}"
    labels = {
        "en": f"First-contact resolution, {hours} h" + (", same question" if counted.same else ""),
        "zh-CN": f"{hours} 小时一解率" + ("（同一问题）" if counted.same else ""),
    }
    return Metric(name, f"first__{name}", Labels(name, tuple(labels.items())), Rate(), repeat=counted)
