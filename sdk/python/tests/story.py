"""A run that a test extends step by step, on a server that follows the stream protocol."""

from __future__ import annotations

import json
import threading
import unittest
from typing import Any, Dict, List

from tests.stream_server import Handler, StreamServer

AT = "2026-11-20T12:00:00.000Z"


class Story:
    """A run that a test extends step by step; the server follows the protocol."""

    def __init__(self, test: unittest.TestCase) -> None:
        self.rows: List[Dict[str, Any]] = []
        self.status = "running"
        self.generation = "gen1"
        self.on_stream: Any = None
        self.on_events_stream: Any = None
        self.changed = threading.Condition()
        self.server = StreamServer(self.route)
        test.addCleanup(self.server.close)

    def add(self, event: str, data: Dict[str, Any]) -> None:
        with self.changed:
            self.rows.append({"seq": len(self.rows) + 1, "event": event, "data": data})
            self.changed.notify_all()

    def metrics(self, step: int, name: str = "train/loss") -> None:
        self.add("metrics", {name: [[step, step / 2, 1_700_000_000_000, None, None]]})

    def end(self, status: str = "succeeded") -> None:
        with self.changed:
            self.status = status
            self.add("status", {"to": status, "from": "running", "attempt": 1, "created_at": AT})

    def route(self, handler: Handler) -> None:
        path, _, query = handler.path.partition("?")
        if path.endswith("/rows"):
            fields = dict(pair.split("=") for pair in query.split("&"))
            since, limit = int(fields["since_seq"]), int(fields["limit"])
            rows = self.rows[since : since + limit]
            handler.json(
                {
                    "generation": self.generation,
                    "status": self.status,
                    "last_seq": len(self.rows),
                    "rows": rows,
                    "next_seq": rows[-1]["seq"] if rows else since,
                }
            )
        elif path.endswith("/events/stream"):
            if self.on_events_stream is None:
                handler.refuse(404)
            else:
                self.on_events_stream(handler)
        elif path.endswith("/stream"):
            if self.on_stream is None or not self.on_stream(handler):
                self.send(handler, query)
        else:
            handler.json(
                {"status": self.status, "generation": self.generation, "last_seq": len(self.rows)}
            )

    def send(self, handler: Handler, query: str, rows: int = 10**9) -> None:
        generation, seq = query.split("after=")[1].split("&")[0].rsplit("-", 1)
        at = int(seq)
        handler.begin_stream()
        handler.chunk(b'event: connected\ndata: {"generation":"%b"}\n\n' % self.generation.encode())
        if generation != self.generation:
            handler.chunk(b'event: reset\ndata: {"reason":"new"}\n\n')
            return
        while rows > 0:
            with self.changed:
                while at >= len(self.rows) and self.status == "running":
                    self.changed.wait(0.1)
            if at >= len(self.rows):
                handler.chunk(b'event: end\ndata: {"status":"%b"}\n\n' % self.status.encode())
                break
            row = self.rows[at]
            at += 1
            rows -= 1
            frame = f"id: {self.generation}-{at}\nevent: {row['event']}\ndata: {json.dumps(row['data'])}\n\n"
            handler.chunk(frame.encode())
        handler.end_stream()
