"""In which order are whys read, and which chain leads deepest? Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data_access.workshop.records import Why, WhyStatus


def in_order(whys: Sequence[Why], parent: str = "", depth: int = 0) -> Iterator[tuple[int, Why]]:
    """Every why after the one it explains, with its depth from 0."""
    for why in whys:
        if why.parent_id == parent:
            yield depth, why
            yield from in_order(whys, why.id, depth + 1)


def deepest(whys: Sequence[Why]) -> list[Why]:
    """The whys from the top to the deepest that stands, a supported one before any other."""
    standing = {why.id: why for why in whys if why.status is not WhyStatus.REFUTED}
    reached = list(in_order([*standing.values()]))
    if not reached:
        return []
    _, why = max(reached, key=lambda one: (one[1].status is WhyStatus.SUPPORTED, one[0]))
    chain = [why]
    while chain[0].parent_id:
        chain.insert(0, standing[chain[0].parent_id])
    return chain
