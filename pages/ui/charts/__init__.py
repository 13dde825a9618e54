"""How do numbers look? Pure functions from a plain frame and a `Look` to a Plotly figure.

Draw one with `st.plotly_chart(figure, theme=None, config=CONFIG, alt=alt_text(figure), key=f"{name}_{dark}")`.
`theme=None`, because the figure brings its own light or dark palette: the theme's colour placeholders are replaced
only once in the browser and leave unreadable text behind when the theme is switched. A clickable figure answers with
`customdata`, the row's `key`, under `on_select="rerun", selection_mode="points"`.
"""

from pages.ui.charts.before_after import before_after
from pages.ui.charts.boxes import boxes
from pages.ui.charts.coefficients import coefficients
from pages.ui.charts.common import CONFIG, MOST_MARKS, alt_text
from pages.ui.charts.distribution import distribution
from pages.ui.charts.dose import dose
from pages.ui.charts.drivers import drivers
from pages.ui.charts.forest import forest, forest_of_differences
from pages.ui.charts.funnel import funnel
from pages.ui.charts.heat import heat_map
from pages.ui.charts.kept import kept_bars
from pages.ui.charts.look import Look
from pages.ui.charts.matrix import matrix
from pages.ui.charts.months import months
from pages.ui.charts.pareto import pareto
from pages.ui.charts.quadrants import quadrants
from pages.ui.charts.reasons import power_bar, reason_bars
from pages.ui.charts.scatter import scatter
from pages.ui.charts.shares import shares
from pages.ui.charts.strip import strip
from pages.ui.charts.target import target_bars
from pages.ui.charts.timeline import timeline
from pages.ui.charts.trend import Level, trend
from pages.ui.charts.waterfall import waterfall

__all__ = [
    "CONFIG",
    "MOST_MARKS",
    "Level",
    "Look",
    "alt_text",
    "before_after",
    "boxes",
    "coefficients",
    "distribution",
    "dose",
    "drivers",
    "forest",
    "forest_of_differences",
    "funnel",
    "heat_map",
    "kept_bars",
    "matrix",
    "months",
    "pareto",
    "power_bar",
    "quadrants",
    "reason_bars",
    "scatter",
    "shares",
    "strip",
    "target_bars",
    "timeline",
    "trend",
    "waterfall",
]
