"""A server that streams a recorded run, or responds as a test scripts it."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
STREAM_KINDS = "stream-kinds.json"


def load_fixtures() -> List[Dict[str, Any]]:
    """All recorded streams."""
    paths = [path for path in sorted(FIXTURES.glob("*.json")) if path.name != STREAM_KINDS]
    return [json.loads(path.read_text("utf-8")) for path in paths]


def load_stream_kinds() -> List[str]:
    """The kinds of rows in a stream."""
    kinds: List[str] = json.loads((FIXTURES / STREAM_KINDS).read_text("utf-8"))
    return kinds


class StreamServer:
    """Responds with `route(handler)`; records the requests."""

    def __init__(self, route: Callable[["Handler"], None]) -> None:
        self.requested: List[str] = []
        self.lock = threading.Lock()
        handler = type("Bound", (Handler,), {"route": staticmethod(route), "owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    owner: StreamServer

    def do_GET(self) -> None:
        with self.owner.lock:
            self.owner.requested.append(self.path)
        type(self).route(self)

    def json(self, value: Any, status: int = 200, headers: Optional[Dict[str, str]] = None) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status: int, headers: Optional[Dict[str, str]] = None) -> None:
        error = {"code": f"code_{status}", "message": "refused", "request_id": "req_7"}
        self.json({"error": error}, status, headers)

    def begin_stream(self, content_type: str = "text/event-stream; charset=utf-8") -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def chunk(self, data: bytes) -> None:
        if data:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
            self.wfile.flush()

    def end_stream(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *arguments: Any) -> None:
        pass


def fixture_server(
    fixture: Dict[str, Any],
    *,
    stream: bool = True,
    cut: Callable[[bytes], List[bytes]] = lambda data: [data],
) -> StreamServer:
    """Serves a recorded run: one part of its wire per connection, or one page per request."""
    parts = [part.encode() for part in re.split(r"(?=^event: connected$)", fixture["wire"], flags=re.M) if part]
    pages = fixture["pages"]
    sent = {"parts": 0, "pages": 0}

    def generation() -> str:
        if stream:
            part = parts[min(sent["parts"], len(parts) - 1)].decode()
            return re.search(r'"generation":"(\w+)"', part).group(1)  # type: ignore[union-attr]
        return str(pages[min(sent["pages"], len(pages) - 1)]["generation"])

    def route(handler: Handler) -> None:
        path = handler.path.split("?")[0]
        if path.endswith("/rows"):
            page = pages[min(sent["pages"], len(pages) - 1)]
            sent["pages"] += 1
            handler.json(page)
        elif path.endswith("/stream"):
            if not stream:
                handler.refuse(404)
                return
            part = parts[min(sent["parts"], len(parts) - 1)]
            sent["parts"] += 1
            handler.begin_stream()
            for piece in cut(part):
                handler.chunk(piece)
            handler.end_stream()
        else:
            sent_all = sent["parts"] >= len(parts) if stream else sent["pages"] >= len(pages)
            status = fixture["final_status"] if sent_all else "running"
            last = pages[-1]["last_seq"] if sent_all and not stream else 0
            handler.json(
                {"id": fixture["job_id"], "status": status, "generation": generation(), "last_seq": last}
            )

    return StreamServer(route)
