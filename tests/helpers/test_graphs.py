"""The graph drawn is the graph that autograd recorded."""

import networkx as nx
import torch

from helpers.graphs import autograd_graph


def labels(graph):
    return {data["label"] for _, data in graph.nodes(data=True)}


def edges(graph):
    label = nx.get_node_attributes(graph, "label")
    return sorted((label[a], label[b]) for a, b in graph.edges)


def test_a_leaf_used_twice_has_two_ways():
    a, b = (torch.tensor(v, requires_grad=True) for v in (2.0, 3.0))
    graph = autograd_graph(a * b + a, {"a": a, "b": b})
    assert edges(graph) == [("a", "add"), ("a", "mul"), ("b", "mul"), ("mul", "add")]


def test_what_needs_no_gradient_is_not_in_it():
    w = torch.ones(3, 2, requires_grad=True)
    loss = (torch.ones(4, 3).mm(w).clamp(min=0) - 1).pow(2).sum()
    graph = autograd_graph(loss, {"w": w})
    assert labels(graph) == {"w", "mm", "clamp", "sub", "pow", "sum"}
    assert nx.is_directed_acyclic_graph(graph)


def test_an_unnamed_leaf_is_called_leaf():
    graph = autograd_graph(torch.ones(2, requires_grad=True).sum(), {})
    assert edges(graph) == [("leaf", "sum")]
