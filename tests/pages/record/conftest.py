"""The traces of `explain.trace`: their fixtures serve the record as well."""

from tests.pages.explain.trace.conftest import drop, kept, opened, store, traced, worst

__all__ = ["drop", "kept", "opened", "store", "traced", "worst"]
