"""From a data problem to its place: how much of the loss each step of a path keeps, where to step next, and when.

A path is a tuple of filters in the order they were chosen, each of one dimension, a reason or a part of the time. The
selection it starts from is the whole: metric, period, baseline and the filters of the user's scope.
"""

from analysis.trace.before_after import before_after
from analysis.trace.heat import heat_map
from analysis.trace.next_steps import next_steps
from analysis.trace.steps import trace
from analysis.trace.timeline import timeline
from analysis.trace.values import step_values

__all__ = ["before_after", "heat_map", "next_steps", "step_values", "timeline", "trace"]
