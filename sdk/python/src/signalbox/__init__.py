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
from .control.command import Command
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
from .run.run import Run
from .run.start import init

if TYPE_CHECKING:
    from .client import AsyncClient, AsyncJobHandle, Client, JobHandle
    from .streaming import (
        AsyncJobStreamer,
        BufferedHandler,
        CallbackHandler,
        CLIHandler,
        JobStreamer,
        JSONHandler,
        RichHandler,
        StreamConfig,
        StreamHandler,
        StreamMessage,
        StreamType,
    )

# Imported on first access: training scripts do not need these.
_LAZY = {
    "AsyncClient": ".client", "AsyncJobHandle": ".client", "Client": ".client", "JobHandle": ".client",
    "AsyncJobStreamer": ".streaming", "BufferedHandler": ".streaming",
    "CallbackHandler": ".streaming", "CLIHandler": ".streaming", "JobStreamer": ".streaming",
    "JSONHandler": ".streaming", "RichHandler": ".streaming", "StreamConfig": ".streaming",
    "StreamHandler": ".streaming", "StreamMessage": ".streaming", "StreamType": ".streaming",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_LAZY[name], __name__), name)


__all__ = [
    "ApiError", "AsyncClient", "AsyncJobHandle", "AsyncJobStreamer", "BadRequestError", "BufferedHandler",
    "CLIHandler", "CallbackHandler", "Client", "Command", "ConfigurationError", "ConflictError",
    "ForbiddenError", "JSONHandler", "JobHandle", "JobStreamer",
    "NotFoundError", "RateLimitedError", "RequestTimeoutError", "RichHandler", "Run", "RunInUseError",
    "ServerError", "SignalboxError", "StreamConfig", "StreamHandler", "StreamMessage", "StreamTimeout",
    "StreamType", "TooLargeError", "UnauthorizedError", "UnreachableError", "UnsupportedError",
    "__version__", "init",
]  # fmt: skip
