"""What does a weekly review show? One message a slide, in the order of the agenda, kept with all its numbers. Pure.

A slide is a `MeetingSlide`. `result_of(slide)` is its Result again where `method` names one, `facts_of(slide)` what
it knows besides: unit, direction, data version, and `more`, by name.

| step     | kind     | method                   | rows                                | parts                    |
|----------|----------|--------------------------|-------------------------------------|--------------------------|
| changes  | headline | overview                 | a segment of options.by             | trend                    |
| changes  | alerts   | monitor or segments      | at most 3, ranked (`alerts_of`)     | small: few answers, grey |
| causes   | cause    | contribution or          | a reason with its power             | powers: who can act      |
|          |          | leading_cause            |                                     |                          |
| promises | promises |                          | a plan (`Promise.row`), at most 7   |                          |
| promises | reopened |                          | the plan; statements say why        |                          |
| verdicts | chain    |                          | link: finding, cause, action, check |                          |
| verdicts | verdict  | effect                   | levels: period, group, n, score     | weeks, units, guardrails |
| actions  | actions  |                          | none: the store's meeting_actions   |                          |

`more` of cause: segment, place (rank of the alert), change; of promises: page, pages, count, as_of; of reopened:
action; of chain: action, issue; of verdict: action, verdict, computed, is_ruled, is_planned, promised, start,
check_on, noticed, before, dimension, treated, control (members; none where they are people), treated_count,
control_count, cluster; everywhere `names`. `statements` begin with the message; `subject` is the id of its plan.
"""

from analysis.review.changes import Alert, alerts_of, are_signals, looked_at, moved_in
from analysis.review.kept import Facts, facts_of, result_of
from analysis.review.names import Data
from analysis.review.slides import meeting_slides
from analysis.review.week import of_week

__all__ = ["Alert", "Data", "Facts", "alerts_of", "are_signals", "facts_of", "looked_at", "meeting_slides",
           "moved_in", "of_week", "result_of"]  # fmt: skip
