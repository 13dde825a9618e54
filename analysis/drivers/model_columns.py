"""Which columns enter the model of drivers: those named, or the numeric drivers known for enough answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.cuts import check_side_by_side
from data_access.selection import Selection
from data_access.semantics import Level, SemanticModel, near
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

LEAST_KNOWN = 0.5  # of the answers must have a driver, else too few would be left


@dataclass(frozen=True)
class ModelColumns:
    """The drivers, the controls (hold), and which of all these are numbers; the others are dimensions."""

    drivers: tuple[str, ...]
    hold: tuple[str, ...]
    measures: tuple[str, ...]

    @property
    def factors(self) -> list[str]:
        """Dimensions, controls first."""
        return [name for name in (*self.hold, *self.drivers) if name not in self.measures]


def model_columns(
    warehouse: Warehouse, selection: Selection, columns: Sequence[str], hold: Sequence[str]
) -> tuple[ModelColumns, dict[str, float]]:
    """What enters the model, and the share of answers that have each measure."""
    model = warehouse.model
    numbers = [name for name, driver in model.drivers.items() if driver.level is Level.INTERVAL]
    taken = model.metric(selection.metric).column
    for name in (*columns, *hold):
        _check(model, name, taken)
    chosen = list(dict.fromkeys(columns or (n for n in numbers if model.drivers[n].column != taken)))
    measures = list(dict.fromkeys(n for n in (*hold, *chosen) if n in numbers))
    counts = warehouse.known(selection.metric, measures, selection.period, selection.filters).rows.iloc[0].tolist()
    if not counts[0]:
        raise NothingToShow("selection.empty")
    known = {name: count / counts[0] for name, count in zip(measures, counts[1:], strict=True)}
    chosen = [n for n in chosen if n not in hold and (columns or known[n] >= LEAST_KNOWN)]
    if not chosen:
        raise NothingToShow("drivers.none_known", share=LEAST_KNOWN)
    entering = tuple(n for n in measures if n in (*hold, *chosen))
    return ModelColumns(tuple(chosen), tuple(dict.fromkeys(hold)), entering), known


def _check(model: SemanticModel, name: str, taken: str) -> None:
    """Refuse what cannot be a driver of the metric that comes from the column `taken`."""
    driver = model.drivers.get(name)
    if driver is not None and driver.level is not Level.INTERVAL and name not in model.cuts:
        raise BadInput("dose.no_driver", name=name)
    if driver is None and name not in model.cuts:
        raise BadInput("drivers.unknown", name=name, near=near(name, [*model.drivers, *model.cuts]))
    if driver is None or driver.level is not Level.INTERVAL:
        check_side_by_side(model, [name])
    if taken in (driver.column if driver else None, model.cuts[name].column if name in model.cuts else None):
        raise BadInput("drivers.same_column", name={"dimension": name})
