// What doesn't fit on a slide goes on on the next one; then reveal.js takes over.
//
// A slide is a page of 1280 × 720, whatever the screen: reveal.js scales it, and fonts
// come along, so what fits once fits everywhere. A page holds steps, one for each cell.
// Code and pictures are small first. Where a page is still too full, its last steps move
// to a new page; prose stays with the code below it. Where one step alone is too tall,
// code is parted from its output, and prose between paragraphs. Then the code, the
// pictures and the words of each page grow into the space that is left.

const WIDTH = 1280;
const HEIGHT = 720;
// Sizes in pixels: of letters, and of pictures from top to bottom.
const SMALLEST_PROSE = 27;
const LARGEST_PROSE = 33;
const SMALLEST_CODE = 20;
const LARGEST_CODE = 25;
const SMALLEST_DRAWING = 250; // in prose
const SMALLEST_FIGURE = 0.9; // below code; of its own height, for its letters' sake
const TALLEST_PICTURE = 540;
const MOST_MAGNIFIED = 1.5; // a picture of pixels; more would blur

function fits(page) {
  const wide = [page, ...page.querySelectorAll("pre")];
  return (
    page.scrollHeight <= page.clientHeight &&
    wide.every((box) => box.scrollWidth <= box.clientWidth)
  );
}

// The sizes of a page, in pixels.
function setSizes(page, { prose, code, picture }) {
  page.style.setProperty("--prose", `${prose}px`);
  page.style.setProperty("--code", `${code}px`);
  page.style.setProperty("--picture", `${picture}px`);
}

function newPageAfter(page) {
  const section = document.createElement("section");
  const next = document.createElement("div");
  next.className = "page";
  section.append(next);
  page.parentElement.after(section);
  return next;
}

function isProse(step) {
  return step.classList.contains("prose");
}

function smallestSizes(page) {
  const figures = [...page.querySelectorAll(".outputs img")];
  const picture = figures.length
    ? Math.max(...figures.map((figure) => SMALLEST_FIGURE * figure.naturalHeight))
    : SMALLEST_DRAWING;
  return {
    prose: SMALLEST_PROSE,
    code: SMALLEST_CODE,
    picture: Math.min(picture, TALLEST_PICTURE),
  };
}

// A step that is too tall alone: code is parted from its output, prose between two
// paragraphs; the notes stay with what comes first.
function part(page, step, next) {
  const isWhole = () => step.querySelectorAll(":scope > :not(aside)").length < 2;
  if (isWhole()) return;
  const rest = step.cloneNode(false);
  next.prepend(rest);
  do rest.prepend([...step.children].findLast((child) => !child.matches("aside")));
  while (!isWhole() && !fits(page));
}

// Moves what doesn't fit to new pages; returns them all.
function split(page) {
  setSizes(page, smallestSizes(page));
  if (fits(page)) return [page];
  const next = newPageAfter(page);
  while (page.children.length > 1 && !fits(page)) next.prepend(page.lastElementChild);
  if (page.children.length > 1 && next.children.length && isProse(page.lastElementChild))
    next.prepend(page.lastElementChild);
  if (!fits(page)) part(page, page.firstElementChild, next);
  if (next.children.length) return [page, ...split(next)];
  next.parentElement.remove();
  return [page];
}

// Each size in turn becomes the largest with which the page still fits. Prose grows only
// where it is alone: beside code it is the same from page to page.
function grow(page) {
  const sizes = smallestSizes(page);
  const enlarge = (name, largest, step) => {
    const smallest = sizes[name];
    for (sizes[name] = largest; sizes[name] > smallest; sizes[name] -= step) {
      setSizes(page, sizes);
      if (fits(page)) return;
    }
    sizes[name] = smallest;
    setSizes(page, sizes);
  };
  if (page.querySelector("pre")) enlarge("code", LARGEST_CODE, 1);
  if (page.querySelector("img")) enlarge("picture", TALLEST_PICTURE, 20);
  if (!page.querySelector("pre")) enlarge("prose", LARGEST_PROSE, 1);
}

function setShape(picture) {
  const isDrawing = picture.src.endsWith(".svg");
  const most = isDrawing ? Infinity : MOST_MAGNIFIED * picture.naturalWidth;
  picture.style.setProperty("--shape", picture.naturalWidth / picture.naturalHeight);
  picture.style.maxWidth = `min(100%, ${Math.min(most, WIDTH)}px)`;
}

// A step marked as a fragment waits for a key, with all that follows it on its page. The
// first step of a page doesn't wait: the page would be empty.
function setFragments(page) {
  let index = -1;
  [...page.querySelectorAll(":scope > .step")].forEach((step, position) => {
    if (step.dataset.type === "fragment" && position > 0) index += 1;
    if (index < 0) return;
    step.classList.add("fragment");
    step.dataset.fragmentIndex = index;
  });
}

// A page without a heading of its own says, small and at its top, where we are.
function setRunningHeads(pages) {
  let current = "";
  for (const page of pages) {
    const headings = [...page.querySelectorAll(".prose :is(h1, h2, h3)")];
    const isNew = page.firstElementChild?.querySelector(":is(h1, h2, h3):first-child");
    if (current && !isNew) page.dataset.head = current;
    if (headings.length) current = headings.at(-1).textContent;
  }
}

function isDark() {
  const chosen = document.documentElement.style.colorScheme;
  if (chosen) return chosen === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function toggleTheme() {
  document.documentElement.style.colorScheme = isDark() ? "light" : "dark";
}

async function start() {
  if (/print-pdf/.test(location.search))
    document.documentElement.style.colorScheme = "light"; // paper is
  const pages = [...document.querySelectorAll(".page")];
  for (const note of document.querySelectorAll(".page > aside.notes"))
    (note.previousElementSibling ?? note.nextElementSibling)?.append(note);
  for (const page of pages) if (!page.querySelector(".step")) page.parentElement.remove();
  await MathJax.startup.promise;
  await MathJax.typesetPromise();
  await Promise.all([...document.images].map((picture) => picture.decode()));
  await Promise.all([...document.fonts].map((font) => font.load()));
  [...document.images].forEach(setShape);
  const all = pages.filter((page) => page.isConnected).flatMap(split);
  all.forEach(grow);
  all.forEach(setFragments);
  setRunningHeads(all);
  document.body.classList.add("measured");
  await Reveal.initialize({
    width: WIDTH,
    height: HEIGHT,
    margin: 0,
    minScale: 0.1,
    maxScale: 8,
    center: false,
    hash: true,
    navigationMode: "linear", // a clicker knows only forward and back
    slideNumber: "c/t",
    transition: "none",
    pdfSeparateFragments: false,
    plugins: [RevealNotes],
    keyboard: { 68: toggleTheme }, // d
  });
  Reveal.registerKeyboardShortcut("D", "Dark or light");
}

start();
