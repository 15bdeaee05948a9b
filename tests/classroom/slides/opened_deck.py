"""A deck in a browser, and what can be measured of its slides."""

from pathlib import Path

import pytest

SIZES = [(1280, 720), (1920, 1080)]
SMALLEST_CODE = 20  # pixels of font size at 720p

# Every slide in turn, all its fragments shown: where it is too large for its page or
# for the window, in pixels of the page's 1280 × 720, and how high its letters are.
MEASURE = """
() => Reveal.getSlides().map((slide, position) => {
  const { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v, 999);
  const page = slide.querySelector(".page");
  const scale = Reveal.getScale();
  const box = page.getBoundingClientRect();
  const pres = [...slide.querySelectorAll("pre")];
  const words = [...slide.querySelectorAll("pre, p, li, td, th, summary, code")];
  const figures = [...slide.querySelectorAll(".outputs img")];
  const size = (element) => parseFloat(getComputedStyle(element).fontSize) * scale;
  const seen = words.filter((element) => element.checkVisibility());
  return {
    number: position + 1,
    cell: slide.querySelector(".step")?.dataset.cell,
    shown: slide.checkVisibility(),
    down: page.scrollHeight - page.clientHeight,
    right: Math.max(
      page.scrollWidth - page.clientWidth,
      ...pres.map((pre) => pre.scrollWidth - pre.clientWidth)
    ),
    cut: Math.max(
      0, -box.left, -box.top, box.right - innerWidth, box.bottom - innerHeight
    ),
    code: Math.min(Infinity, ...pres.filter((pre) => pre.checkVisibility()).map(size)),
    letters: Math.min(Infinity, ...seen.map(size)),
    figure: Math.min(
      Infinity, ...figures.map((figure) => figure.clientHeight / figure.naturalHeight)
    ),
  };
})
"""

# The words that hardly differ from what is behind them. WCAG asks for 4.5, and
# for 3 where a symbol only repeats what words say.
FAINT = """
() => {
  const options = { willReadFrequently: true };
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", options);
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => {
    const [r, g, b] = rgb(colour).slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (rgb(colour)[3] === 255) return colour;
    }
    return "white";
  };
  const faint = (slide) => {
    const found = new Set();
    const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const words = walker.currentNode.data.trim();
      const element = walker.currentNode.parentElement;
      if (!words || !element.checkVisibility() || element.closest("svg, mjx-container"))
        continue;
      const colours = [getComputedStyle(element).color, ground(element)];
      const [dark, bright] = colours.map(light).sort((a, b) => a - b);
      const contrast = (bright + 0.05) / (dark + 0.05);
      const least = element.closest("[aria-hidden]") ? 3 : 4.5;
      if (contrast < least) found.add(`${words.slice(0, 40)}: ${contrast.toFixed(1)}`);
    }
    return [...found];
  };
  return Reveal.getSlides().flatMap((slide) => {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v, 999);
    return faint(slide);
  });
}
"""

# Formulas that are still as they were written, or that MathJax couldn't read.
UNRENDERED = """
() => {
  const written = [...document.querySelectorAll(".prose")].map((prose) => {
    const copy = prose.cloneNode(true);
    copy.querySelectorAll("code, pre, mjx-container").forEach((part) => part.remove());
    return copy.textContent;
  });
  const wrong = document.querySelectorAll("mjx-merror, mjx-container:not(:has(svg))");
  return [
    ...written.filter((text) => text.includes("$")),
    ...[...wrong].map((formula) => formula.textContent),
  ];
}
"""

PICTURES = """
() => [...document.images].map((picture) => ({
  alt: picture.alt.trim(),
  isDrawn: picture.complete && picture.naturalWidth > 0,
}))
"""


class OpenedDeck:
    """A deck, open from disk, with the ``requests`` and ``errors`` there were."""

    def __init__(self, chromium, path, query=""):
        self.chromium = chromium
        self.address = Path(path).as_uri() + query
        self.requests, self.errors = [], []

    def __enter__(self):
        width, height = SIZES[0]
        self.context = self.chromium.new_context(
            viewport={"width": width, "height": height},
            offline=True,
        )
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.errors.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._heard)
        self.page.goto(self.address)
        try:
            self.page.wait_for_function("window.Reveal?.isReady()")
        except Exception:  # Playwright's own, which can't be imported everywhere
            pytest.fail(f"The deck doesn't start: {self.errors}", pytrace=False)
        return self

    def __exit__(self, *error):
        self.context.close()

    def _heard(self, message):
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def measure(self, width, height):
        """A dict for each slide, all lengths in pixels; see MEASURE."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate("Reveal.layout()")
        return self.page.evaluate(MEASURE)

    def complaints(self, width, height):
        """What doesn't fit on its slide at this size of window, and by how much."""
        found = []
        for slide in self.measure(width, height):
            where = f'slide {slide["number"]} (cell "{slide["cell"]}")'
            if slide["down"] > 0:
                found.append(f"{where} is {slide['down']} px too high")
            if slide["right"] > 0:
                found.append(f"{where} is {slide['right']} px too wide")
            if slide["cut"] > 1 or not slide["shown"]:
                found.append(f"{where} is cut by the window, or not shown at all")
        return found

    def ask(self, script):
        return self.page.evaluate(script)
