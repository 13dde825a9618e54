"""Satrace: from the number to the cause to the remedy. `python app.py` serves it."""

import sys

from streamlit import runtime

if runtime.exists():
    from pages.act import workshop
    from pages.explain import change, contrast, contribution, correlation, drivers, trace
    from pages.monitor import data, overview
    from pages.ui.shell import Entry, open_app

    open_app(
        [
            Entry("overview", ":material/monitoring:", overview.draw),
            Entry("contribution", ":material/align_horizontal_left:", contribution.draw),
            Entry("change", ":material/waterfall_chart:", change.draw),
            Entry("contrast", ":material/difference:", contrast.draw),
            Entry("correlation", ":material/grid_on:", correlation.draw),
            Entry("drivers", ":material/hub:", drivers.draw),
            Entry("trace", ":material/account_tree:", trace.draw, needs_data=False),
            Entry("workshop", ":material/groups:", workshop.draw, needs_data=False),
            Entry("data", ":material/database:", data.draw, needs_data=False),
        ]
    )
elif __name__ == "__main__":  # a process that multiprocessing starts from here must not start a server
    from pages.ui.launch import launch

    launch(__file__, sys.argv[1:])
