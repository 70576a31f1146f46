"""Following a run: messages, filters, handlers, and the streamer that connects them."""

from .config import StreamConfig
from .decode import decode_row
from .final_job import FinalJob
from .handlers.buffered_handler import BufferedHandler
from .handlers.callback_handler import CallbackHandler, MessageData
from .handlers.line_handlers import CLIHandler, JSONHandler, StreamHandler
from .handlers.rich import RichHandler
from .messages import StreamMessage, StreamType
from .streamer import AsyncJobStreamer, JobStreamer

__all__ = [
    "AsyncJobStreamer", "BufferedHandler", "CLIHandler", "CallbackHandler", "FinalJob", "JSONHandler",
    "JobStreamer", "MessageData", "RichHandler", "StreamConfig", "StreamHandler", "StreamMessage",
    "StreamType", "decode_row",
]  # fmt: skip
