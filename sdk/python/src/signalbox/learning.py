"""Waiting for a run to end: `from signalbox.learning import JobHandle`."""

from .client import AsyncJobHandle, JobHandle

__all__ = ["AsyncJobHandle", "JobHandle"]
