"""What else is worth knowing? All that can be cut by is searched for what costs points, moved, or only looks bad.

Kinds of finds: `level`, a member that loses more than the others with the same mix of contacts; `moved`, a segment
whose score changed; `mix`, one that only grew while its score stayed; `looks`, one that loses more only by its mix.
"""

from analysis.worth_knowing.method import worth_knowing

__all__ = ["worth_knowing"]
