"""Following a run: messages, filters, handlers, and the streamer that connects them."""

from .config import StreamConfig
from .decode import decode_row
from .handlers import (
    BufferedHandler,
    CallbackHandler,
    CLIHandler,
    JSONHandler,
    StreamHandler,
)
from .messages import StreamMessage, StreamType
from .rich import RichHandler
from .streamer import JobStreamer

__all__ = [
    "BufferedHandler", "CLIHandler", "CallbackHandler", "JSONHandler", "JobStreamer", "RichHandler",
    "StreamConfig", "StreamHandler", "StreamMessage", "StreamType", "decode_row",
]  # fmt: skip
