"""What are the columns and values of single contacts called? As on the pages, not as in the table they come from."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data_access.semantics import SemanticModel
from pages.words.catalogue import Catalogue
from pages.words.names import Names


def in_words(rows: pd.DataFrame, model: SemanticModel, names: Names, words: Catalogue) -> pd.DataFrame:
    """The rows with the names of their columns and of the members of dimensions.

    words: of plain text. Two columns of one name keep their own beside it.
    """
    titles: dict[str, str] = {}
    for column, title in _titles(model, names, words):
        titles.setdefault(column, title)
    told = {column: _values(rows[column], model, words) for column in rows}
    heads = [titles.get(str(column), str(column)) for column in rows]
    apart = [
        f"{head} ({column})" if heads.count(head) > 1 else head for head, column in zip(heads, rows, strict=True)
    ]
    return pd.DataFrame(dict(zip(apart, told.values(), strict=True)), index=rows.index)


def _titles(model: SemanticModel, names: Names, words: Catalogue) -> Iterator[tuple[str, str]]:
    """Columns and what they are called, the likeliest first."""
    for column, role in ((model.contact_id, "contact_id"), (model.customer_id, "customer_id"),
                         (model.time and model.time.column, "time")):  # fmt: skip
        if column:
            yield column, words.text(f"data.part.{role}")
    cuts = [*model.dimensions.values(), *model.reasons.values()]
    found = [(cut.name, cut.column) for cut in cuts]
    found += [(driver.name, driver.column) for driver in model.drivers.values()]
    found += [(metric.name, metric.column) for metric in model.metrics.values()]
    for name, column in found:
        if column:
            yield column, names.of_dimension(name)


def _values(cells: pd.Series, model: SemanticModel, words: Catalogue) -> pd.Series:
    """Members of a dimension by their names; whatever else as it stands."""
    cuts = [*model.dimensions.values(), *model.reasons.values()]
    cut = next((part.name for part in cuts if part.column == cells.name and not part.split), None)
    if cut is None or pd.api.types.is_numeric_dtype(cells):
        return cells
    return cells.map(lambda value: words.show(value, "name", dimension=cut), na_action="ignore")
