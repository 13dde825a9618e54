"""What is a dimension called in an address, apart from the names the pages use there themselves? Pure."""

from __future__ import annotations

from pages.words.methods import presentations

OF_PLANS = frozenset({"way", "plan_owner", "plan_state", "plan_block", "plan_priority", "plan_verdict", "overdue"})
PAGES_OWN = OF_PLANS | {
    "span",
    "mark",
    "depth",
    "example",
    "class_id",
    "class_view",
    "term",
}  # said of one page, never carried to another
FRAME = PAGES_OWN | {"metric", "from", "to", "base", "base_from", "base_to", "lang", "text", "data", "v"}
RESERVED = FRAME | {name for shown in presentations() for name in shown.links}


def parameter(dimension: str) -> str:
    """The name under which a dimension's filter is written."""
    return f"f.{dimension}" if dimension in RESERVED else dimension


def parameters(dimension: str, page: str) -> tuple[str, ...]:
    """The names under which a link to a page may give it.

    The bare name of one that is reserved was written before an analysis took it: it still means the dimension
    wherever neither the frame nor this page means something else by it.
    """
    taken = FRAME | {name for shown in presentations() if shown.shown_on == page for name in shown.links}
    return tuple(dict.fromkeys((parameter(dimension), *({dimension} - taken))))
