"""Tensors."""

EXERCISES = {
    "predict_sharing": {"minutes": 3, "difficulty": 2},
    "channels_first": {"minutes": 4, "difficulty": 2},
    "predict_broadcast": {"minutes": 4, "difficulty": 2},
    "standardize": {"minutes": 6, "difficulty": 2},
    "pairwise_distance": {"minutes": 10, "difficulty": 3},
    "one_hot_scatter": {"minutes": 5, "difficulty": 2},
    "forward": {"minutes": 4, "difficulty": 1},
    "gradients": {"minutes": 6, "difficulty": 2},
}
