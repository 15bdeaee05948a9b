"""A notebook in JupyterLab in a real browser, worked with the keyboard alone."""

import re

import pytest
from playwright.sync_api import TimeoutError as TooLong
from playwright.sync_api import expect

from lessons.places import PROJECT

SCREENSHOTS = PROJECT / "build" / "screenshots"
LAPTOP, PROJECTOR = (1440, 900), (1280, 720)
START_SECONDS, RUN_SECONDS, REPLY_SECONDS = 90, 400, 20
NOTEBOOK = "jupyterapp.shell.currentWidget.content"
CODE_CELLS = f"Array.from({NOTEBOOK}.model.cells).filter(cell => cell.type == 'code')"
RAN_OR_FAILED = f"""() => {{
    const cells = {CODE_CELLS};
    const failed = cell => cell.outputs.toJSON().some(o => o.output_type == 'error');
    return cells.some(failed) || cells.every(
        cell => cell.executionCount !== null && cell.executionState == 'idle');
}}"""
# What the next key depends on.
STATE = f"""() => {{
    const {{widgets, activeCell, activeCellIndex, mode}} = {NOTEBOOK};
    const {{editor, model, node}} = activeCell;
    const focused = document.activeElement;
    const inCell = editor?.hasFocus() ? 'editor' : 'cell';
    return {{
        cells: widgets.length, index: activeCellIndex, mode, hasEditor: Boolean(editor),
        source: model.sharedModel.source,
        focus: node.contains(focused) ? inCell : focused.cloneNode(false).outerHTML,
    }};
}}"""
MATCHES = f"""wanted => {{
    const state = ({STATE})();
    return Object.keys(wanted).every(name => state[name] === wanted[name]);
}}"""
# A change of the window's size reaches the cells within some frames.
SETTLED = f"""() => new Promise(settled => {{
    let before, frames = 0;
    const look = () => {{
        const {{scrollTop, scrollHeight}} = {NOTEBOOK}.node;
        const box = {NOTEBOOK}.activeCell.node.getBoundingClientRect();
        const {{x, y, width, height}} = box;
        const now = [scrollTop, scrollHeight, x, y, width, height].join();
        frames = now === before ? frames + 1 : 0;
        before = now;
        frames < 5 ? requestAnimationFrame(look) : settled(true);
    }};
    look();
}})"""
# With a new theme, JupyterLab names it first, and hides all it shows until the next
# frame.
THEME_IS_SHOWN = """name =>
    document.body.dataset.jpThemeName == name && !jupyterapp.shell.isHidden"""


class OpenedNotebook:
    """One notebook of a running lab, in a page of its own.

    Keys are pressed as a student would press them. JupyterLab's own model of the
    notebook is only asked.
    """

    def __init__(self, chromium, lab, name):
        self.name = name
        self.home = lab.address
        self.requests, self.errors = [], []
        self.is_reloaded = False
        width, height = LAPTOP
        self.page = chromium.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(REPLY_SECONDS * 1000)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._said)
        # Without ?reset, a notebook opened before would come back beside it.
        self.page.goto(
            f"{lab.address}/lab/tree/notebooks/{name}.ipynb?reset&token={lab.token}"
        )
        self.wait_until_ready()
        self.press("Control+b")  # hides the list of files
        self.page.wait_for_function("jupyterapp.shell.leftCollapsed")

    def _said(self, message):
        # After a reload, ipywidgets asks for two seconds whether a stored widget's
        # model is there yet, and complains if a busy machine takes longer.
        if self.is_reloaded and "widget model not found" in message.text:
            return
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location['url']})")

    def wait_until_ready(self):
        # The toolbar's sign says idle too early: running then silently does nothing.
        idle = self.page.get_by_role("button", name=re.compile(r"\| Idle"))
        idle.wait_for(timeout=START_SECONDS * 1000)

    # Asking

    def ask(self, expression):
        """A JavaScript expression's value in the page."""
        return self.page.evaluate(expression)

    def code_cells(self):
        """[{source, outputs, …}] as the notebook's file would hold them."""
        return self.ask(f"{CODE_CELLS}.map(cell => cell.toJSON())")

    def sources(self):
        """The text of every cell, prose included."""
        return self.ask(
            f"Array.from({NOTEBOOK}.model.cells).map(c => c.sharedModel.source)"
        )

    @property
    def active(self):
        """The active cell, in the page."""
        return self.page.locator(".jp-Notebook .jp-Cell.jp-mod-active")

    def wait_until(self, **wanted):
        """Wait for a state of the notebook: any of what ``STATE`` returns.

        A key that arrives earlier is lost, or goes elsewhere.
        """
        try:
            self.page.wait_for_function(MATCHES, arg=wanted)
        except TooLong:
            pytest.fail(f"This did not come:\n{wanted}\nThere is:\n{self.ask(STATE)}")

    # The keyboard

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def command(self, name):
        """Choose a command by its name in the palette."""
        self.press("Control+Shift+c")
        palette = self.page.locator("#modal-command-palette")
        palette.locator("input").wait_for()
        self.page.keyboard.insert_text(name)
        first = palette.locator(".lm-CommandPalette-item").first
        expect(first).to_have_text(re.compile(rf"^{name}"))
        self.press("Enter")
        palette.wait_for(state="hidden")

    def run_all(self):
        # What is seen afterwards has been shown now, not stored before.
        self.command("Clear Outputs of All Cells")
        self.command("Run All Cells")
        self.page.wait_for_function(RAN_OR_FAILED, timeout=RUN_SECONDS * 1000)

    def go_to(self, wanted):
        """Make the cell with this source, or the one at this index, the active one."""
        index = wanted if isinstance(wanted, int) else self.sources().index(wanted)
        self.wait_until(mode="command", focus="cell")
        # A text box, or a slider's number, would take the letters below for its own.
        while self.ask("document.activeElement.matches(':read-write')"):
            self.press("Shift+Tab")
        here = self.ask(f"{NOTEBOOK}.activeCellIndex")
        # The arrows would move a slider, if that has the focus.
        self.press(*["j" if here < index else "k"] * abs(index - here))
        self.wait_until(index=index, focus="cell")

    def write_and_run(self, source):
        """Put this into the active cell, and run it."""
        self.wait_until(mode="command", focus="cell", hasEditor=True)
        self.press("Enter")
        self.wait_until(mode="edit", focus="editor")
        self.press("Control+a")
        self.page.keyboard.insert_text(source)
        self.wait_until(source=source)
        self.run_cell()

    def run_cell(self):
        before = self.ask(f"{NOTEBOOK}.activeCell.model.executionCount")
        self.press("Control+Enter")
        self.page.wait_for_function(
            f"before => {NOTEBOOK}.activeCell.model.executionCount > before &&"
            f" {NOTEBOOK}.activeCell.model.executionState == 'idle'",
            arg=before or 0,
        )

    def write_below_and_run(self, source):
        """Put this into a new cell below the active one, and run it."""
        self.wait_until(mode="command", focus="cell")
        before = self.ask(STATE)
        self.press("b")
        self.wait_until(cells=before["cells"] + 1, index=before["index"] + 1, source="")
        self.write_and_run(source)

    def save_and_reload(self):
        self.press("Control+s")
        self.page.wait_for_function(f"!{NOTEBOOK}.model.dirty")
        self.is_reloaded = True
        self.page.reload()
        self.wait_until_ready()

    # Looking

    def shoot(self, what):
        """Keep what is seen now: light and dark, and as on a projector."""
        for look, size, theme in (
            ("light", LAPTOP, "Light"),
            ("projector", PROJECTOR, "Light"),
            ("dark", LAPTOP, "Dark"),
        ):
            self._use_theme(f"JupyterLab {theme}")
            width, height = size
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_function(SETTLED)
            self.active.scroll_into_view_if_needed()
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            path = SCREENSHOTS / f"{self.name}-{what}-{look}.png"
            self.page.screenshot(path=path, animations="disabled")
        width, height = LAPTOP
        self.page.set_viewport_size({"width": width, "height": height})
        self._use_theme("JupyterLab Light")

    def _use_theme(self, name):
        """Change the theme. What has the focus keeps it.

        JupyterLab would lose it now and then: while nothing is shown, nothing can have
        the focus.
        """
        focused = self.page.evaluate_handle("document.activeElement")
        self.page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
            name,
        )
        self.page.wait_for_function(THEME_IS_SHOWN, arg=name)
        focused.evaluate("element => element.focus({preventScroll: true})")

    # Leaving

    def close(self):
        """Ends its kernel, too: nine at once would want much memory."""
        self.page.evaluate("jupyterapp.serviceManager.sessions.shutdownAll()")
        self.page.close()
