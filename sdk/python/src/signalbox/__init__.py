"""
Signalbox from Python.

    import signalbox

    run = signalbox.init(name="my run", total_steps=1000)
    for step in run.steps(range(1000)):
        run.log({"train/loss": train(step)}, step=step)
    run.finish()
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._version import VERSION as __version__
from .commands import Command
from .errors import (
    ApiError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RateLimitedError,
    RequestTimeoutError,
    RunInUseError,
    ServerError,
    SignalboxError,
    StreamTimeout,
    TooLargeError,
    UnauthorizedError,
    UnreachableError,
    UnsupportedError,
)
from .run import Run
from .start import init

__all__ = [
    "ApiError", "BadRequestError", "Command", "ConfigurationError", "ConflictError", "ForbiddenError",
    "NotFoundError", "RateLimitedError", "RequestTimeoutError", "Run", "RunInUseError", "ServerError",
    "SignalboxError", "StreamTimeout", "TooLargeError", "UnauthorizedError", "UnreachableError",
    "UnsupportedError", "__version__", "init",
]  # fmt: skip
