"""What people take along: an issue, and a whole class, as slides and as a workbook that they can change. Pure.

`fonts`, `layout` and `canvas` know PowerPoint, `native_charts` its charts. `told` is an issue with the words for it,
`told_rows` says it part by part, once for slides (`issue_deck`) and workbook (`issue_workbook`).
"""
