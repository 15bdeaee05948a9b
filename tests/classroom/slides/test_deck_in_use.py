"""A deck as it is used: keys, speaker notes, print, and slides that are too full."""

import re

from opened_deck import SIZES, OpenedDeck
from toy_notebook import code, picture, printed, prose

BACKGROUND = "getComputedStyle(document.body).backgroundColor"
LINES = "\n".join(f"value_{number} = {number}" for number in range(15))


def cells_of_slides(deck):
    """[[cell, …], …]: which cells are on each slide."""
    return deck.ask(
        "Reveal.getSlides().map(slide => "
        "[...slide.querySelectorAll('.step')].map(step => step.dataset.cell))"
    )


# Pages


def test_what_fits_together_stays_together(open_toy):
    deck = open_toy(
        prose("slide", "# Title"), code("-", "1 + 1", printed("2")), prose("-", "Two.")
    )
    assert cells_of_slides(deck) == [["cell-0", "cell-1", "cell-2"]]


def test_what_does_not_fit_goes_on_on_the_next_slide_under_its_heading(open_toy):
    deck = open_toy(
        prose("slide", "# Title"),
        code("-", LINES),
        prose("-", "Said of the next cell."),
        code("-", LINES),
    )
    assert cells_of_slides(deck) == [["cell-0", "cell-1"], ["cell-2", "cell-3"]]
    assert (
        deck.ask("[...document.querySelectorAll('.page')][1].dataset.head") == "Title"
    )
    assert deck.complaints(*SIZES[0]) == []


def test_code_and_a_tall_output_get_a_slide_each(open_toy):
    wide = LINES + "  # " + "wide " * 13
    output = printed("\n".join("x" * 70 for _ in range(20)))
    deck = open_toy(prose("slide", "# Title"), code("subslide", wide, output))
    assert cells_of_slides(deck) == [["cell-0"], ["cell-1"], ["cell-1"]]
    assert deck.complaints(*SIZES[0]) == []


def test_long_prose_is_parted_between_paragraphs(open_toy):
    paragraph = "This paragraph is long. " * 40
    deck = open_toy(prose("slide", f"# Title\n\n{paragraph}\n\n{paragraph}"))
    assert cells_of_slides(deck) == [["cell-0"], ["cell-0"]]
    assert deck.complaints(*SIZES[0]) == []


def test_the_slide_that_overflows_is_named_with_its_pixels(open_toy):
    deck = open_toy(
        prose("slide", "# Title"),
        code("subslide", "\n".join(f"a_{n} = {n}" for n in range(40))),
        code("subslide", "b = " + " + ".join(["a_long_name"] * 10)),
    )
    high, wide = deck.complaints(*SIZES[0])
    assert re.fullmatch(r'slide 2 \(cell "cell-1"\) is \d{3} px too high', high)
    assert re.fullmatch(r'slide 3 \(cell "cell-2"\) is \d{3} px too wide', wide)


def test_pictures_fill_the_slide_but_are_not_blurred(open_toy):
    deck = open_toy(
        prose("slide", "# Title"), code("-", "show()", picture("One pixel."))
    )
    (width,) = deck.ask(
        "[...document.images].map(p => p.getBoundingClientRect().width)"
    )
    assert 1 <= width <= 2
    assert deck.errors == []


# Formulas


def test_a_formula_is_drawn_and_can_be_read_aloud(open_toy):
    deck = open_toy(
        prose("slide", "# Title\n\nThe sum $\\sum_i \\sqrt{x_i^2}$ of `$5`.")
    )
    assert deck.ask("document.querySelectorAll('mjx-container svg').length") == 1
    assert deck.ask("document.querySelectorAll('mjx-assistive-mml math').length") == 1
    assert deck.ask("document.querySelector('.prose code').textContent") == "$5"
    assert deck.errors == []


# Keys


def test_arrows_lead_through_every_slide(open_toy):
    deck = open_toy(
        prose("slide", "# One"), prose("fragment", "More."), prose("subslide", "Two.")
    )
    shown = (
        "document.querySelector('.fragment').checkVisibility({opacityProperty: true})"
    )
    before = deck.ask(shown)
    deck.page.keyboard.press("ArrowRight")
    deck.page.wait_for_timeout(400)
    assert (before, deck.ask(shown)) == (False, True)
    deck.page.keyboard.press("ArrowRight")
    assert deck.ask("Reveal.getIndices().v") == 1


def test_d_makes_it_dark_and_light_again(open_toy):
    deck = open_toy(prose("slide", "# Title"))
    light = deck.ask(BACKGROUND)
    deck.page.keyboard.press("d")
    dark = deck.ask(BACKGROUND)
    deck.page.keyboard.press("d")
    assert dark != light == deck.ask(BACKGROUND)


def test_s_opens_the_speakers_notes(open_toy):
    deck = open_toy(
        prose("slide", "# One"),
        prose("notes", "*For instructors*: ask the **room**."),
        prose("slide", "# Two"),
    )
    with deck.context.expect_page() as opened:
        deck.page.keyboard.press("s")
    speaker = opened.value
    notes = speaker.locator(".speaker-controls-notes .value")
    notes.get_by_text("ask the room").wait_for()
    deck.page.keyboard.press("ArrowRight")
    notes.get_by_text("ask the room").wait_for(state="hidden")
    assert {url.split(":")[0] for url in deck.requests} <= {"file", "data"}


# Print


def test_printed_it_has_a_page_for_each_slide(decks, chromium):
    path = decks / "00_start_here.html"
    with OpenedDeck(chromium, path) as deck:
        slides = len(cells_of_slides(deck))
    with OpenedDeck(chromium, path, "?print-pdf") as deck:
        deck.page.wait_for_selector(".pdf-page")
        pdf = deck.page.pdf(prefer_css_page_size=True, print_background=True)
        too_high = deck.ask(
            "[...document.querySelectorAll('.page')]"
            ".filter(page => page.scrollHeight > page.clientHeight).length"
        )
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == slides
    assert too_high == 0
