"""A query as people read it, with its values put in: queries of one form are compiled once for all their values."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

import sqlalchemy as sa

MOST = 300  # kinds of queries that are remembered


class QueryText:
    """Writes the queries of one engine. Safe between threads."""

    def __init__(self, engine: sa.Engine) -> None:
        self._dialect = engine.dialect
        self._known: OrderedDict[Any, Any] = OrderedDict()
        self._lock = Lock()

    def of(self, query: sa.Select[*tuple[Any, ...]]) -> str:
        """The query as it may be pasted into a console."""
        key: Any = query._generate_cache_key()
        if key is None:
            return self._plain(str(query.compile(dialect=self._dialect, compile_kwargs={"literal_binds": True})))
        with self._lock:
            compiled = self._known.get(key.key)
        if compiled is None:
            compiled = self._compiled(query, key)
        values = compiled.construct_params(extracted_parameters=key.bindparams)
        return self._plain(str(compiled._process_parameters_for_postcompile(values).statement))

    def _plain(self, text: str) -> str:
        """Without the second % that some drivers want beside each."""
        doubled = getattr(self._dialect.identifier_preparer, "_double_percents", False)
        return text.replace("%%", "%") if doubled else text

    def _compiled(self, query: sa.Select[*tuple[Any, ...]], key: Any) -> Any:
        """With a place for each value, which is written where it stands."""
        made = self._dialect.statement_compiler(
            self._dialect, query, cache_key=key, compile_kwargs={"literal_execute": True}
        )
        with self._lock:
            self._known[key.key] = made
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return made
