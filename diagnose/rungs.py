"""The ladder's rungs, lowest first: an answer's verdict is the first that fails."""

from enum import IntEnum


class Rung(IntEnum):
    """The rungs in order: a lower one has a smaller number."""

    NOT_ATTEMPTED = 0
    DEFINED_DIFFERENTLY = 1  # a lambda, another signature, a class for a function
    STOPPED = 2  # interrupted by the student
    RAISED = 3
    RETURNED_NOTHING = 4
    WRONG_TYPE = 5
    WRONG_SHAPE = 6
    WRONG_DTYPE = 7
    NOT_FINITE = 8
    CHANGED_INPUTS = 9
    CHANGED_LIBRARY = 10  # numpy.allclose = ..., and the like
    KNOWN_MISTAKE = 11
    WRONG_VALUES = 12
    WRONG_GRADIENTS = 13
    PASSED = 14
