"""The report on a class as slides for its instructor: groups side by side, their points, the reference. Pure."""

from __future__ import annotations

from analysis.training.class_results import RIGHT
from pages.words.deck import class_told as parts
from pages.words.deck.canvas import Deck, bullets
from pages.words.deck.class_told import ClassTold
from pages.words.deck.layout import BODY, BOTTOM, MARGIN, TOP, Grid
from pages.words.deck.native_charts import BLUE, GREY, Series, bars

A_SLIDE = 4  # groups beside each other
LONG = 420  # letters of a cell of the reference
POINTS, SHARE = "0.0", "0%"


def class_deck(told: ClassTold) -> bytes:
    """The .pptx. What was revealed is in it only once it was."""
    klass, key = told.results.klass, told.results.key
    version = told.text("line.version", version=klass.data_version)
    deck = Deck(told.speaker.words.language, title=klass.title, footer=f"{klass.title} · {version}")
    people = sum(one.people for one in told.groups)
    deck.cover(klass.title, told.text("class_report.subtitle", groups=len(told.groups), people=people),
               parts.facts(told))  # fmt: skip
    _beside(deck, told)
    _scores(deck, told)
    _comments(deck, told)
    _quiz(deck, told)
    if key is None:
        slide = deck.slide(told.text("class_report.not_revealed"))
        bullets(slide, (MARGIN, TOP, BODY, 2), [told.text("class_report.not_revealed_note")])
    else:
        _truth(deck, told)
        _bets(deck, told)
        _reference(deck, told)
    return deck.bytes()


def _beside(deck: Deck, told: ClassTold) -> None:
    """Facts of up to four groups on a slide."""
    rows, names = parts.beside(told), told.names
    each = -(-len(names) // -(-len(names) // A_SLIDE)) if names else 1  # as many on the last slide as on the first
    for first in range(0, len(names), each):
        some = slice(first, first + each)
        shown = tuple(
            (told.text(f"desk.row.{name}"), *(_cell(cell.text, cell.note) for cell in cells[some]))
            for name, cells in rows.items()
        )
        heads = (told.text("class_report.part"), *names[some])
        grid = Grid(heads=heads, rows=shown, widths=(1.4, *[2.7] * len(names[some])))
        deck.grid(told.text("class_report.beside"), grid, most=110)


def _cell(text: str, note: str) -> str:
    return f"{text} ({note})" if note else text


def _scores(deck: Deck, told: ClassTold) -> None:
    """Both totals as bars, then every criterion as a table."""
    if not told.groups:
        return
    title = told.text("class_report.scores")
    hand, product = (
        [parts.total(of(told, one), parts.cost_of(one)) for one in told.groups]
        for of in (parts.by_hand, parts.by_product)
    )
    series = [Series(name=told.text("class_report.total"), values=hand, colour=BLUE),
              Series(name=told.text("class_report.product_total"), values=product, colour=GREY)]  # fmt: skip
    if any(value is not None for value in (*hand, *product)):
        slide = deck.slide(title)
        bars(slide, (MARGIN, TOP, BODY, BOTTOM - TOP), told.names, series, form=POINTS, alt=title, across=False)
    criteria = [f"{told.text(f'desk.criterion.{code}')} /{points}" for code, points in told.worth.items()]
    heads = (told.text("desk.rubric_group"), *criteria, told.text("class_report.hints_cost"),
             told.text("class_report.total"), told.text("class_report.product_total"))  # fmt: skip
    grid = Grid(heads=heads, rows=tuple(map(tuple, parts.score_rows(told))), widths=(2.0, *[1.5] * (len(heads) - 1)),
                numbers=frozenset(range(1, len(heads))))  # fmt: skip
    deck.grid(f"{title}: {told.text('class_report.scores_note')}", grid)


def _comments(deck: Deck, told: ClassTold) -> None:
    rows = parts.comment_rows(told)
    if rows:
        heads = (told.text("desk.rubric_group"), told.text("class_report.criterion"), told.text("desk.points"),
                 told.text("class_report.comment"))  # fmt: skip
        grid = Grid(heads=heads, rows=tuple(map(tuple, rows)), widths=(2, 2, 1.2, 7), numbers=frozenset({2}))
        deck.grid(told.text("class_report.comments"), grid, most=LONG)


def _quiz(deck: Deck, told: ClassTold) -> None:
    """Shares of columns that were named rightly at once."""
    shares = [parts.quiz_share(one) for one in told.groups]
    if all(share is None for share in shares):
        deck.slide(told.text("class_report.no_quiz"))
        return
    title = told.text("class_report.quiz")
    slide = deck.slide(title)
    series = [Series(name=told.text("class_report.quiz_share"), values=shares, colour=BLUE)]
    names = [f"{name} (n {one.quiz_asked})" for name, one in zip(told.names, told.groups, strict=True)]
    bars(slide, (MARGIN, TOP, BODY, BOTTOM - TOP), names, series, form=SHARE, alt=title)


def _truth(deck: Deck, told: ClassTold) -> None:
    """What was planted as the title, who found it below."""
    key = told.results.key
    assert key is not None
    heads = (told.text("desk.rubric_group"), told.text("desk.row.where"), told.text("desk.row.match"))
    grid = Grid(heads=heads, rows=tuple(map(tuple, parts.match_rows(told))), widths=(2, 7, 3))
    right = sum(one.match in RIGHT for one in told.groups)
    answered = sum(one.answer is not None for one in told.groups)
    since = [told.text("desk.since", day=key.truth.since, event=key.truth.event or told.text("format.none"))]
    notes = [told.text("class_report.found", count=right, of=answered), *(since if key.truth.since else [])]
    deck.grid(parts.planted(told, key), grid, notes=notes)


def _bets(deck: Deck, told: ClassTold) -> None:
    if all(one.group.bet is None for one in told.groups):
        return
    heads = (told.text("desk.rubric_group"), *(told.text(f"desk.column.{name}") for name in
                                               ("bet", "was_right", "brier")))  # fmt: skip
    grid = Grid(heads=heads, rows=tuple(map(tuple, parts.bet_rows(told))), widths=(4, 3, 2, 2),
                numbers=frozenset({1, 3}))  # fmt: skip
    deck.grid(told.text("class_report.bets"), grid, notes=[told.text("desk.bets_note")])


def _reference(deck: Deck, told: ClassTold) -> None:
    """The relatively best solution, its chain of whys, and what was not taken."""
    key = told.results.key
    assert key is not None
    both = (told.text("class_report.reference_part"), told.text("class_report.reference"))
    deck.grid(told.text("class_report.reference"),
              Grid(heads=both, rows=tuple(map(tuple, parts.reference_rows(told, key))), widths=(2.4, 9.7)),
              notes=[told.text("desk.reference_note")], most=LONG)  # fmt: skip
    if chain := parts.chain_rows(told, key):
        heads = ("", told.text("workshop.stage.why"), told.text("class_report.shown_by"))
        grid = Grid(heads=heads, rows=tuple(map(tuple, chain)), widths=(0.5, 5.8, 5.8))
        deck.grid(told.text("class_report.chain"), grid, most=LONG)
    if options := parts.tradeoff_rows(told, key):
        names = tuple(told.text(f"class_report.{name}") for name in ("option", "gain", "cost"))
        deck.grid(told.text("class_report.tradeoffs"),
                  Grid(heads=names, rows=tuple(map(tuple, options)), widths=(4, 4, 4)), most=LONG)  # fmt: skip
