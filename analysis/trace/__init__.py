"""From a data problem to its place: how much of the loss each step of a path keeps, where to step next, and when.

A path is a tuple of filters in the order they were chosen, each of one dimension, a reason or a part of the time. The
selection it starts from is the whole: metric, period, baseline and the filters of the user's scope.
"""

from analysis.trace.nexts import next_steps
from analysis.trace.steps import trace

__all__ = ["next_steps", "trace"]
