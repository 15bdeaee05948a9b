// MathJax from this folder alone, and of it only what slides need: formulas as pictures,
// which need no fonts, and as MathML for screen readers. deck.js says when.
window.MathJax = {
  loader: {
    load: ["input/tex", "output/svg", "a11y/assistive-mml"],
    paths: { "mathjax-newcm": new URL("beside/mathjax-font", document.baseURI).href },
  },
  tex: { inlineMath: [["$", "$"]], processEscapes: true },
  options: { ignoreHtmlClass: "outputs" },
  startup: {
    typeset: false,
    ready() {
      // Set by assistive-mml for a menu that isn't loaded; MathJax would complain of it.
      delete MathJax.config.options.menuOptions;
      MathJax.startup.defaultReady();
    },
  },
};
