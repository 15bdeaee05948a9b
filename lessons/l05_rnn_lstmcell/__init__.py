"""Memory over time."""

EXERCISES = {
    "rnn_cell": {"minutes": 5, "difficulty": 1},
    "unroll": {"minutes": 6, "difficulty": 2},
    "predict_shapes": {"minutes": 5, "difficulty": 2},
    "clip_gradient_norm": {"minutes": 6, "difficulty": 2},
    "lstm_cell": {"minutes": 10, "difficulty": 3},
    "gru_cell": {"minutes": 9, "difficulty": 3},
    "last_valid_state": {"minutes": 5, "difficulty": 2},
}
