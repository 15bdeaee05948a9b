"""Layers."""

EXERCISES = {
    "sharpen": {"minutes": 4, "difficulty": 1},
    "predict_shapes": {"minutes": 4, "difficulty": 1},
    "conv_output_size": {"minutes": 6, "difficulty": 2},
    "max_pool2d": {"minutes": 8, "difficulty": 2},
    "batch_norm": {"minutes": 14, "difficulty": 3},
    "dropout": {"minutes": 4, "difficulty": 1},
    "count_parameters": {"minutes": 4, "difficulty": 1},
    "tiny_vgg": {"minutes": 10, "difficulty": 3},
    "cross_entropy": {"minutes": 8, "difficulty": 3},
}
