"""From NumPy to CNN: the code behind the notebooks.

The names that every notebook imports; the rest is imported from where it lives.
"""

from helpers.decorator import exercise
from helpers.environment import doctor
from helpers.progress_file import progress

__all__ = ["doctor", "exercise", "progress"]
