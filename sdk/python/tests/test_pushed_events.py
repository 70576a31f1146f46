from __future__ import annotations

import json
import threading
import unittest
from typing import Any, Dict, List

from signalbox.streaming import CallbackHandler, JobStreamer
from tests.story import AT, Story
from tests.stream_server import Handler
from tests.support import DashboardTest


class PushedEventsTest(DashboardTest):
    def setUp(self) -> None:
        super().setUp()
        self.story = Story(self)
        self.messages: List[Any] = []
        self.delivered = threading.Event()

    def event(self, name: str) -> Dict[str, Any]:
        row = {"type": name, "level": "info", "message": "", "data": {}, "created_at": AT}
        self.story.add("event", row)
        return {"seq": len(self.story.rows), **row}

    def follow(self, interval_seconds: float) -> Any:
        def on_message(message: Any) -> None:
            self.messages.append(message)
            self.delivered.set()

        return JobStreamer(
            self.story.server.url,
            "sbx_test",
            "run",
            handlers=[CallbackHandler(on_message)],
            interval_seconds=interval_seconds,
            timeout_seconds=20,
            transport="events",
        ).stream_until_terminal()

    def seqs(self) -> List[int]:
        return [message.seq for message in self.messages]

    def push(self, handler: Handler, *events: Dict[str, Any]) -> None:
        for event in events:
            handler.chunk(f"data: {json.dumps(event)}\n\n".encode())

    def test_events_arrive_at_once_and_everything_else_by_polling_each_once(self):
        self.story.metrics(0)
        before = self.event("before")

        def push(handler: Handler) -> None:
            handler.begin_stream()
            handler.chunk(b"event: connected\ndata: {}\n\n")
            # Every event from the first on, and a repetition: the client knows which of them are new.
            self.push(handler, before, before, self.event("during"))
            self.delivered.wait(5)
            self.delivered.clear()
            self.story.metrics(1)
            self.push(handler, self.event("last"))
            self.delivered.wait(5)
            self.story.end()
            handler.end_stream()

        self.story.on_events_stream = push
        # Polls alone would take a minute.
        self.assertEqual(self.follow(60)["status"], "succeeded")
        self.assertEqual(self.seqs(), [1, 2, 3, 5, 4, 6])
        names = [message.data["type"] for message in self.messages if message.stream_type == "events"]
        self.assertEqual(names, ["before", "during", "last"])

    def test_a_broken_connection_is_opened_again_after_the_last_event(self):
        events = [self.event(str(n)) for n in range(4)]
        starts: List[str] = []

        def push(handler: Handler) -> None:
            starts.append(handler.path.partition("?")[2])
            handler.begin_stream()
            self.push(handler, self.event(f"pushed {len(starts)}"))
            if len(starts) == 3:
                self.story.end()
            handler.end_stream()

        self.story.on_events_stream = push
        self.assertEqual(self.follow(30)["status"], "succeeded")
        self.assertEqual(self.seqs(), list(range(1, len(events) + 5)))
        self.assertEqual(starts, ["since_seq=4", "since_seq=5", "since_seq=6"])

    def test_a_dashboard_without_the_stream_of_events_is_polled(self):
        self.event("one")
        timer = threading.Timer(0.2, self.story.end)
        timer.start()
        self.addCleanup(timer.cancel)
        self.assertEqual(self.follow(0.05)["status"], "succeeded")
        self.assertEqual(self.seqs(), [1, 2])
        opened = [path for path in self.story.server.requested if "/events/stream" in path]
        self.assertEqual(len(opened), 1)


if __name__ == "__main__":
    unittest.main()
