"""A two-layer net in NumPy.

The network of this lesson: N pictures (or rows of numbers) x (N, D_in) become scores
y_pred (N, D_out) by way of a hidden layer,

    h = x @ w1 (N, D_hidden),  h_relu = max(h, 0),  y_pred = h_relu @ w2,

and are judged by the sum of squared errors against y (N, D_out).
"""

EXERCISES = {
    "forward": {"minutes": 5, "difficulty": 1},
    "squared_error": {"minutes": 3, "difficulty": 1},
    "predict_blame": {"minutes": 1, "difficulty": 1},
    "gradients": {"minutes": 12, "difficulty": 3},
    "numeric_gradient": {"minutes": 8, "difficulty": 2},
    "predict_shapes": {"minutes": 2, "difficulty": 1},
    "sgd_step": {"minutes": 5, "difficulty": 2},
    "one_hot": {"minutes": 4, "difficulty": 2},
    "accuracy": {"minutes": 3, "difficulty": 1},
}
