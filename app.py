"""Satrace: from the number to the cause to the remedy. `python app.py` serves it."""

import sys

from streamlit import runtime

if runtime.exists():
    from pages.act.workshop.page import draw as workshop
    from pages.data.page import draw as data
    from pages.explain.change.page import draw as change
    from pages.explain.contrast.page import draw as contrast
    from pages.explain.contribution.page import draw as contribution
    from pages.explain.correlation.page import draw as correlation
    from pages.explain.drivers.page import draw as drivers
    from pages.explain.trace.page import draw as trace
    from pages.frame.shell import Entry, open_app
    from pages.monitor.overview.page import draw as overview

    open_app(
        [
            Entry("overview", ":material/monitoring:", overview),
            Entry("contribution", ":material/align_horizontal_left:", contribution),
            Entry("change", ":material/waterfall_chart:", change),
            Entry("contrast", ":material/difference:", contrast),
            Entry("correlation", ":material/grid_on:", correlation),
            Entry("drivers", ":material/hub:", drivers),
            Entry("trace", ":material/account_tree:", trace, needs_data=False),
            Entry("workshop", ":material/groups:", workshop, needs_data=False),
            Entry("data", ":material/database:", data, needs_data=False),
        ]
    )
elif __name__ == "__main__":  # a process that multiprocessing starts from here must not start a server
    from pages.frame.launch import launch

    launch(__file__, sys.argv[1:])
