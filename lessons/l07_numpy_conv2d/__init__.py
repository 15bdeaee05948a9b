"""Convolution in NumPy.

Shapes are torch's: x (N, C_in, H, W), weight (C_out, C_in / groups, kH, kW), bias
(C_out,), y (N, C_out, H_out, W_out). Each of stride, padding and dilation is an int or
a pair (rows, columns).
"""

EXERCISES = {
    "predict_sizes": {"minutes": 4, "difficulty": 1},
    "dilate_kernel": {"minutes": 6, "difficulty": 2},
    "conv2d_loops": {"minutes": 12, "difficulty": 3},
    "conv2d": {"minutes": 10, "difficulty": 3},
    "fold": {"minutes": 8, "difficulty": 3},
    "conv2d_backward": {"minutes": 12, "difficulty": 3},
    "max_pool2d_backward": {"minutes": 10, "difficulty": 3},
    "batch_norm_backward": {"minutes": 10, "difficulty": 3},
    "bce_with_logits": {"minutes": 6, "difficulty": 2},
}
