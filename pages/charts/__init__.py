"""How do numbers look? Pure functions from a plain frame and a `Look` to a Plotly figure.

Draw one with `st.plotly_chart(figure, theme=None, config=CONFIG, alt=alt_text(figure), key=f"{name}_{dark}")`.
`theme=None`, because the figure brings its own light or dark palette: the theme's colour placeholders are replaced
only once in the browser and leave unreadable text behind when the theme is switched. A clickable figure answers with
`customdata`, the row's `key`, under `on_select="rerun", selection_mode="points"`.
"""

from pages.charts.before_after import before_after
from pages.charts.boxes import boxes
from pages.charts.calibration import calibration
from pages.charts.coefficients import Whole, coefficients
from pages.charts.common import CONFIG, MOST_MARKS, NARROWEST
from pages.charts.control import control
from pages.charts.distribution import distribution
from pages.charts.dose import dose
from pages.charts.drawing import alt_text, shaded
from pages.charts.drivers import drivers
from pages.charts.effect import effect, effect_gaps
from pages.charts.flow import flow
from pages.charts.forest import forest, forest_of_differences
from pages.charts.funnel import funnel
from pages.charts.gantt import Bar, Step, gantt
from pages.charts.heat import heat_map
from pages.charts.heat_rates import rate_map
from pages.charts.kept import kept_bars
from pages.charts.look import Look
from pages.charts.matrix import matrix
from pages.charts.months import months
from pages.charts.pareto import pareto
from pages.charts.portfolio import portfolio
from pages.charts.quadrants import quadrants
from pages.charts.reasons import power_bar, reason_bars
from pages.charts.risk import gains, reliability
from pages.charts.scatter import scatter
from pages.charts.shares import shares
from pages.charts.spark import spark
from pages.charts.strip import strip
from pages.charts.survival import survival
from pages.charts.target import target_bars
from pages.charts.timeline import timeline
from pages.charts.tree import Root, tree
from pages.charts.tree_matrix import most_columns, tree_matrix
from pages.charts.trend import Level, trend
from pages.charts.waterfall import waterfall
from pages.charts.windows import windows

__all__ = [
    "CONFIG",
    "MOST_MARKS",
    "NARROWEST",
    "Bar",
    "Level",
    "Look",
    "Root",
    "Step",
    "Whole",
    "alt_text",
    "before_after",
    "boxes",
    "calibration",
    "coefficients",
    "control",
    "distribution",
    "dose",
    "drivers",
    "effect",
    "effect_gaps",
    "flow",
    "forest",
    "forest_of_differences",
    "funnel",
    "gains",
    "gantt",
    "heat_map",
    "kept_bars",
    "matrix",
    "months",
    "most_columns",
    "pareto",
    "portfolio",
    "power_bar",
    "quadrants",
    "rate_map",
    "reason_bars",
    "reliability",
    "scatter",
    "shaded",
    "shares",
    "spark",
    "strip",
    "survival",
    "target_bars",
    "timeline",
    "tree",
    "tree_matrix",
    "trend",
    "waterfall",
    "windows",
]
