"""Cats and dogs."""

EXERCISES = {
    "predict_shapes": {"minutes": 6, "difficulty": 1},
    "init_weights": {"minutes": 6, "difficulty": 2},
    "minibatches": {"minutes": 8, "difficulty": 2},
    "train_one_epoch": {"minutes": 12, "difficulty": 2},
    "accuracy_from_logits": {"minutes": 5, "difficulty": 1},
    "evaluate": {"minutes": 10, "difficulty": 2},
    "confusion_matrix": {"minutes": 6, "difficulty": 1},
    "grad_cam": {"minutes": 12, "difficulty": 3},
}
