"""Satrace: from the number to the cause to the remedy. `python app.py` serves it."""

import sys

from streamlit import runtime

if runtime.exists():
    from data_access.access import has_classes, is_outside_class, may_see_unheard
    from pages.frame.shell import Entry, open_app

    open_app(
        [
            Entry("overview", ":material/monitoring:", "pages.monitor.overview"),
            Entry("alerts", ":material/notifications_active:", "pages.monitor.alerts", may_open=is_outside_class),
            Entry("service", ":material/headset_mic:", "pages.monitor.service"),
            Entry("contribution", ":material/align_horizontal_left:", "pages.explain.contribution"),
            Entry("change", ":material/waterfall_chart:", "pages.explain.change"),
            Entry("contrast", ":material/difference:", "pages.explain.contrast"),
            Entry("correlation", ":material/grid_on:", "pages.explain.correlation"),
            Entry("drivers", ":material/hub:", "pages.explain.drivers"),
            Entry("trace", ":material/account_tree:", "pages.explain.trace", needs_data=False, of_records=True),
            Entry(
                "plans",
                ":material/flag:",
                "pages.act.plans",
                needs_data=False,
                of_records=True,
                begins=False,
                may_open=is_outside_class,
            ),
            Entry(
                "review",
                ":material/co_present:",
                "pages.monitor.review",
                needs_data=False,
                begins=False,
                under="together",
                may_open=is_outside_class,
            ),
            Entry(
                "workshop",
                ":material/groups:",
                "pages.act.workshop",
                needs_data=False,
                of_records=True,
                under="together",
                may_open=is_outside_class,
            ),
            Entry(
                "class",
                ":material/school:",
                "pages.act.classroom",
                needs_data=False,
                of_records=True,
                begins=False,
                under="together",
                may_open=has_classes,
            ),
            Entry(
                "risk",
                ":material/person_alert:",
                "pages.monitor.risk",
                begins=False,
                under="more",
                may_open=may_see_unheard,
            ),
            Entry(
                "dictionary",
                ":material/menu_book:",
                "pages.dictionary",
                needs_data=False,
                under="more",
                may_open=is_outside_class,
            ),
            Entry(
                "data", ":material/database:", "pages.data", needs_data=False, under="more", may_open=is_outside_class
            ),
        ]
    )
elif __name__ == "__main__":  # a process that multiprocessing starts from here must not start a server
    from pages.frame.launch import launch

    launch(__file__, sys.argv[1:])
