"""The graph that autograd records, as a picture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpers.figures import COLOURS, new_figure, show

if TYPE_CHECKING:
    import networkx as nx
    from torch import Tensor


def autograd_graph(output: Tensor, names: Mapping[str, Tensor]) -> nx.DiGraph:
    """A networkx.DiGraph from leaves to ``output``, read from grad_fn.next_functions.

    ``names`` maps a name to a leaf tensor. Nodes carry a ``label``: "mul" for an
    operation, the name for a leaf. Edges point the way the signal went.
    https://docs.pytorch.org/docs/stable/notes/autograd.html
    """
    import networkx as nx

    called = {id(tensor): name for name, tensor in names.items()}
    graph = nx.DiGraph()

    def visit(function):
        if function in graph:
            return
        if hasattr(function, "variable"):  # where a leaf's gradient arrives
            label, leaf = called.get(id(function.variable), "leaf"), True
        else:
            label, leaf = re.sub(r"Backward\d*$", "", function.name()).lower(), False
        graph.add_node(function, label=label, leaf=leaf)
        for earlier, _ in function.next_functions:
            if earlier is not None:  # None: an input that needs no gradient
                visit(earlier)
                graph.add_edge(earlier, function)

    visit(output.grad_fn)
    return graph


def show_graph(
    output: Tensor, names: Mapping[str, Tensor], *, alt: str, height: float = 2.4
) -> None:
    """Draw the graph behind ``output``: leaves in blue, operations in green."""
    import networkx as nx

    graph = autograd_graph(output, names)
    for layer, nodes in enumerate(nx.topological_generations(graph)):
        for node in nodes:
            graph.nodes[node]["layer"] = layer
    pull_leaves_close(graph)
    places = nx.multipartite_layout(graph, subset_key="layer", scale=1)
    layers = 1 + max(data["layer"] for _, data in graph.nodes(data=True))
    figure, axes = new_figure(max(4.0, 1.25 * layers), height)
    ax = axes[0, 0]
    ax.set_axis_off()
    ax.margins(0.12, 0.3)
    colours = [
        COLOURS["input" if data["leaf"] else "activation"]
        for _, data in graph.nodes(data=True)
    ]
    nx.draw_networkx_nodes(
        graph, places, ax=ax, node_size=2300, node_color="white",
        edgecolors=colours, linewidths=3,
    )  # fmt: skip
    nx.draw_networkx_edges(
        graph, places, ax=ax, node_size=2300, edge_color="#777777", width=1.8
    )
    labels = nx.get_node_attributes(graph, "label")
    nx.draw_networkx_labels(graph, places, labels, ax=ax, font_size=11)
    show(figure, alt)


def pull_leaves_close(graph: nx.DiGraph) -> None:
    """Put each leaf just before its first use, so that edges stay short."""
    for node, data in graph.nodes(data=True):
        if data["leaf"]:
            used_in = [graph.nodes[later]["layer"] for later in graph.successors(node)]
            data["layer"] = min(used_in) - 1
