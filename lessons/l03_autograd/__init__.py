"""Autograd."""

EXERCISES = {
    "predict_grads": {"minutes": 3, "difficulty": 1},
    "train_step": {"minutes": 10, "difficulty": 3},
    "value_ops": {"minutes": 15, "difficulty": 3},
    "value_backward": {"minutes": 10, "difficulty": 3},
    "second_derivative": {"minutes": 6, "difficulty": 2},
    "newton_step": {"minutes": 6, "difficulty": 2},
    "hessian_vector": {"minutes": 8, "difficulty": 3},
}
