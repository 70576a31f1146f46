"""Following a run: messages, filters, handlers, and the streamer that connects them."""

from .buffered_handler import BufferedHandler
from .callback_handler import CallbackHandler, MessageData
from .config import StreamConfig
from .decode import decode_row
from .final_job import FinalJob
from .handlers import CLIHandler, JSONHandler, StreamHandler
from .messages import StreamMessage, StreamType
from .rich import RichHandler
from .streamer import AsyncJobStreamer, JobStreamer

__all__ = [
    "AsyncJobStreamer", "BufferedHandler", "CLIHandler", "CallbackHandler", "FinalJob", "JSONHandler",
    "JobStreamer", "MessageData", "RichHandler", "StreamConfig", "StreamHandler", "StreamMessage",
    "StreamType", "decode_row",
]  # fmt: skip
