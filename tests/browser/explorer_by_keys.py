"""An explorer in the page, moved by the keyboard: Tab from one control to the next."""

CONTROLS = ".noUi-handle, select, input, .widget-toggle-buttons"
CELL = "document.querySelector('.jp-Cell.jp-mod-active')"
# Which of the cell's controls has the focus: its place among them; -1 for whatever else
# in the cell has it, as its toolbar has; null once it is outside of the cell.
FOCUSED = f"""() => {{
    const focused = document.activeElement;
    if (!{CELL}.contains(focused)) return null;
    const controls = [...{CELL}.querySelectorAll('.jp-OutputArea :is({CONTROLS})')];
    return controls.indexOf(focused.closest('{CONTROLS}'));
}}"""
# The key that moves the focused control, and the one that takes it back: settings that
# pile up may leave nothing to be seen. null where the control can't be moved.
KEYS = """() => {
    const focused = document.activeElement;
    if (focused.getAttribute('role') == 'slider') {
        const {ariaValueNow: now, ariaValueMin: lowest} = focused;
        const keys = ['ArrowLeft', 'ArrowRight'];
        return Number(now) > Number(lowest) ? keys : keys.reverse();
    }
    // In a notebook, these keys go to another cell; the course has no drop-downs.
    if (focused.tagName == 'SELECT') return ['ArrowDown', 'ArrowUp'];
    if (focused.tagName == 'BUTTON')
        return focused.classList.contains('mod-active') ? null : ['Space'];
    return focused.type == 'checkbox' ? ['Space', 'Space'] : ['7', 'Backspace'];
}"""
SHOWN = f"""() => {{
    const sentence = {CELL}.querySelector('.widget-html [role=status]');
    return [sentence.parentElement.querySelector('img').src, sentence.textContent];
}}"""
CHANGED = f"before => ({SHOWN})().every((now, i) => now !== before[i])"


def move_every_control(notebook):
    """Move each control of the active cell's explorer once, and back.

    Returns (how many were moved, how many there are). Waits for the picture and the
    sentence after each move, and raises Playwright's TimeoutError where one of the two
    stays as it was.
    """
    page = notebook.page
    there_are = notebook.active.locator(f".jp-OutputArea :is({CONTROLS})").count()
    moved = set()
    while len(moved) < there_are:
        page.keyboard.press("Tab")
        place = page.evaluate(FOCUSED)
        if place is None:
            break
        keys = page.evaluate(KEYS) if place >= 0 and place not in moved else None
        for key in keys or ():
            before = page.evaluate(SHOWN)
            # The sentence changes with every step; a picture may need several.
            while not page.evaluate(CHANGED, before):
                _, sentence = page.evaluate(SHOWN)
                page.keyboard.press(key)
                page.wait_for_function(
                    f"before => ({SHOWN})()[1] !== before", arg=sentence
                )
            moved.add(place)
    return len(moved), there_are
