"""A run: what a training script reports, and how it starts and ends."""

from .run import Run
from .start import init

__all__ = ["Run", "init"]
