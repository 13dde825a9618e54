"""Which few segments explain a change, out of all conjunctions of dimensions?

The finest cells of both periods (`answers`) lose their level (`levels`); every conjunction of them is a candidate
(`space`); a few are chosen together (`search`, refitted in `joint`); surges of volume are kept apart (`mix`); each
half is searched again (`halves`), and the change is shared out among the chosen (`partition`).
"""

from analysis.segments.search_result import segments

__all__ = ["segments"]
