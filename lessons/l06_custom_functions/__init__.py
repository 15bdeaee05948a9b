"""Your own Functions."""

EXERCISES = {
    "mul_constant": {"minutes": 5, "difficulty": 1},
    "linear_function": {"minutes": 12, "difficulty": 2},
    "function_or_module": {"minutes": 3, "difficulty": 1},
    "linear_module": {"minutes": 12, "difficulty": 2},
    "check_module_gradients": {"minutes": 10, "difficulty": 3},
    "fft_magnitude": {"minutes": 12, "difficulty": 3},
    "scipy_conv2d": {"minutes": 15, "difficulty": 3},
    "straight_through_round": {"minutes": 8, "difficulty": 2},
}
