// JupyterLab draws a cell's PNG without the alt text that lies in its metadata, so
// that a screen reader finds nothing. This draws it with. It is written as JupyterLab's
// builder would write it out, so that nobody needs the builder.

const PNG = "image/png";

function extension(Widget) {
  class Picture extends Widget {
    constructor() {
      super();
      this.addClass("jp-RenderedImage"); // JupyterLab's, for its margins and widths
    }

    async renderModel(model) {
      const image = document.createElement("img");
      image.alt = model.metadata[PNG]?.alt ?? "";
      image.src = `data:${PNG};base64,${model.data[PNG]}`;
      this.node.replaceChildren(image);
    }
  }
  return {
    id: "course-alt-texts:pictures",
    rendererFactory: {
      safe: true,
      mimeTypes: [PNG],
      createRenderer: () => new Picture(),
    },
    rank: 80, // before JupyterLab's own, which has 90
    dataType: "string",
  };
}

// A container of webpack's module federation: what JupyterLab looks for here.
let shared;
window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB["course-alt-texts"] = {
  init(scope) {
    shared = scope;
  },
  async get() {
    const [lumino] = Object.values(shared["@lumino/widgets"]);
    const { Widget } = (await lumino.get())();
    return () => extension(Widget);
  },
};
