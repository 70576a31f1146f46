from __future__ import annotations

import json
import random
import threading
import time
import unittest
from typing import Any, Dict, List

import signalbox
from signalbox.streaming import (
    CallbackHandler,
    JobStreamer,
    StreamConfig,
    StreamHandler,
    connection,
)
from signalbox.streaming.chunked_body import ChunkedBody
from signalbox.streaming.decode import DECODERS, decode_row
from signalbox.streaming.kinds import KINDS_OF_TYPE, STREAM_KINDS
from signalbox.streaming.sse import SseParser
from tests.story import AT, Story
from tests.stream_server import StreamServer, fixture_server, load_fixtures, load_stream_kinds
from tests.support import DashboardTest


def streamer(server: StreamServer, **options: Any) -> JobStreamer:
    options = {"job_id": "run", "interval_seconds": 0.01, **options}
    return JobStreamer(server.url, "sbx_test", **options)


def json_of(messages: List[Any]) -> List[Dict[str, Any]]:
    return [json.loads(message.to_json()) for message in messages]


class FixtureTest(unittest.TestCase):
    def stream(self, fixture, transport, **server_options):
        server = fixture_server(fixture, **server_options)
        self.addCleanup(server.close)
        messages: List[Any] = []
        follower = streamer(
            server,
            job_id=fixture["job_id"],
            config=fixture["config"],
            handlers=[CallbackHandler(messages.append)],
            transport=transport,
            timeout_seconds=30,
        )
        job = follower.stream_until_terminal()
        self.assertEqual(json_of(messages), fixture["messages"])
        self.assertEqual(job["status"], fixture["final_status"])
        return server

    def test_every_recorded_stream_decodes_to_its_messages_live(self):
        for fixture in load_fixtures():
            with self.subTest(fixture["name"]):
                self.stream(fixture, "sse")

    def test_every_recorded_stream_decodes_to_the_same_by_polling(self):
        for fixture in load_fixtures():
            with self.subTest(fixture["name"]):
                self.stream(fixture, "poll", stream=False)

    def test_every_recorded_stream_decodes_to_the_same_without_a_live_stream(self):
        for fixture in load_fixtures():
            with self.subTest(fixture["name"]):
                server = self.stream(fixture, "auto", stream=False)
                self.assertEqual(sum("/stream" in path for path in server.requested), 1)

    def test_every_recorded_stream_decodes_to_the_same_wherever_its_bytes_are_split(self):
        rng = random.Random(7)
        for fixture in load_fixtures():
            for _ in range(3):

                def cut(data: bytes) -> List[bytes]:
                    places = sorted(rng.randrange(len(data)) for _ in range(rng.randrange(60)))
                    edges = [0, *places, len(data)]
                    return [data[a:b] for a, b in zip(edges, edges[1:])]

                with self.subTest(fixture["name"]):
                    self.stream(fixture, "sse", cut=cut)

    def test_the_parser_returns_the_same_frames_byte_by_byte(self):
        for fixture in load_fixtures():
            data = fixture["wire"].encode()
            whole = list(SseParser().feed(data))
            for wire in (data, data.replace(b"\n", b"\r\n"), data.replace(b"\n", b"\r")):
                single = SseParser()
                frames = [frame for at in range(len(wire)) for frame in single.feed(wire[at : at + 1])]
                self.assertEqual(frames, whole)

    def test_a_chunked_body_is_complete_wherever_it_is_split(self):
        rng = random.Random(3)
        content = bytes(rng.randrange(256) for _ in range(5000))
        wire, at = b"", 0
        while at < len(content):
            piece = content[at : at + rng.randrange(1, 400)]
            at += len(piece)
            wire += b"%x;note=1\r\n%b\r\n" % (len(piece), piece)
        wire += b"0\r\n\r\n"
        for size in (1, 2, 3, 7, 100, len(wire)):
            body = ChunkedBody()
            pieces = [body.feed(wire[at : at + size]) for at in range(0, len(wire), size)]
            self.assertEqual(b"".join(pieces), content)
            self.assertTrue(body.ended)

    def test_there_are_recorded_streams_of_every_kind(self):
        fixtures = load_fixtures()
        self.assertGreaterEqual(len(fixtures), 12)
        types = {message["stream_type"] for fixture in fixtures for message in fixture["messages"]}
        self.assertEqual(types, {kind.value for kind in signalbox.StreamType})


class StreamKindsTest(unittest.TestCase):
    def test_every_kind_of_the_protocol_has_a_decoder_and_a_stream_type(self):
        kinds = load_stream_kinds()
        self.assertEqual(list(STREAM_KINDS), kinds)
        self.assertEqual(set(DECODERS), set(kinds))
        self.assertEqual(sorted(kind for kinds in KINDS_OF_TYPE.values() for kind in kinds), sorted(kinds))
        self.assertEqual(set(KINDS_OF_TYPE), set(signalbox.StreamType))

    def test_a_kind_from_a_newer_server_is_ignored(self):
        self.assertEqual(list(decode_row("run", {"seq": 1, "event": "newer", "data": {"x": 1}})), [])


class StreamerTest(DashboardTest):
    def setUp(self) -> None:
        super().setUp()
        self.story = Story(self)
        self.messages: List[Any] = []

    def follow(self, **options: Any) -> JobStreamer:
        options = {"handlers": [CallbackHandler(self.messages.append)], "timeout_seconds": 20, **options}
        return streamer(self.story.server, **options)

    def steps(self) -> List[Any]:
        return [m.step for m in self.messages if m.stream_type == "metrics"]

    def test_broken_connections_lose_and_duplicate_nothing(self):
        for step in range(40):
            self.story.metrics(step)
        self.story.end()

        def break_off(handler):
            self.story.send(handler, handler.path.partition("?")[2], rows=7)
            return True

        self.story.on_stream = break_off
        follower = self.follow()
        follower._context = None
        self.assertEqual(follower.stream_until_terminal()["status"], "succeeded")
        self.assertEqual(self.steps(), list(range(40)))
        self.assertEqual(self.messages[-1].data["status"], "succeeded")

    def test_204_is_the_end_of_a_run_without_more_rows(self):
        for step in range(3):
            self.story.metrics(step)
        self.story.end()
        opened = []

        def cut_before_the_end(handler):
            opened.append(handler.path)
            if len(opened) == 1:
                self.story.send(handler, handler.path.partition("?")[2], rows=4)
            else:
                handler.send_response(204)
                handler.send_header("Content-Length", "0")
                handler.end_headers()
            return True

        self.story.on_stream = cut_before_the_end
        self.assertEqual(self.follow(transport="sse").stream_until_terminal()["status"], "succeeded")
        self.assertEqual((self.steps(), len(opened)), ([0, 1, 2], 2))

    def test_a_status_that_is_filtered_or_sampled_out_still_ends_the_stream(self):
        for step in range(300):
            self.story.metrics(step)
        self.story.end("failed")
        for transport in ("sse", "poll"):
            self.messages.clear()
            config = StreamConfig(streams=["metrics"], metric_names=["nothing"], max_events_per_poll=7)
            job = self.follow(config=config, transport=transport).stream_until_terminal()
            self.assertEqual((job["status"], self.messages), ("failed", []))
            self.follow(config={"sample_rate": 0.1}, transport=transport).stream_until_terminal()
            kinds = [str(message.stream_type) for message in self.messages]
            self.assertEqual(kinds.count("status"), 1)
            self.assertTrue(5 < kinds.count("metrics") < 80)

    def test_everything_is_delivered_and_flushed_before_the_end_including_late_rows(self):
        order = []

        class Handler_(StreamHandler):
            def handle(self, message):
                order.append(message.key)

            def flush(self):
                order.append("flush")

        self.story.metrics(0)
        self.story.end()
        self.story.metrics(9, "eval/late")
        self.follow(handlers=[Handler_()], transport="poll").stream_until_terminal()
        self.assertEqual(order, ["metrics:1:train/loss:0", "status:2", "metrics:3:eval/late:0", "flush"])

    def test_a_quiet_run_is_no_error_and_only_the_total_time_is_limited(self):
        self.story.add("status", {"to": "running", "from": None, "attempt": 1, "created_at": AT})
        for transport in ("sse", "poll"):
            with self.assertRaises(signalbox.StreamTimeout) as caught:
                self.follow(transport=transport, timeout_seconds=0.5).stream_until_terminal()
            self.assertEqual(caught.exception.last_status, "running")

    def test_a_handler_that_raises_is_logged_once_and_stops_no_other(self):
        for step in range(5):
            self.story.metrics(step)
        self.story.end()

        def explode(message):
            raise RuntimeError("boom")

        follower = self.follow(
            handlers=[CallbackHandler(explode), CallbackHandler(self.messages.append)]
        )
        with self.assertLogs("signalbox", "ERROR") as logs:
            follower.stream_until_terminal()
        self.assertEqual(len(logs.records), 1)
        self.assertEqual(follower.handler_errors, {0: 6})
        self.assertEqual(len(self.messages), 6)

    def test_a_new_generation_is_streamed_from_its_start(self):
        self.story.metrics(1)
        first = threading.Event()

        def see(message):
            self.messages.append(message)
            first.set()

        follower = self.follow(handlers=[CallbackHandler(see)], transport="poll")
        thread = threading.Thread(target=follower.stream_until_terminal)
        thread.start()
        first.wait(5)
        with self.story.changed:
            self.story.rows.clear()
            self.story.generation = "gen2"
            self.story.metrics(7)
            self.story.rows[0]["data"]["train/loss"][0][2] += 1000
            self.story.end()
        thread.join(10)
        self.assertEqual(self.steps(), [1, 7])

    def test_permanent_errors_are_raised_with_their_type_at_once(self):
        for status, kind in ((401, signalbox.UnauthorizedError), (404, signalbox.NotFoundError)):
            server = StreamServer(lambda handler, status=status: handler.refuse(status))
            self.addCleanup(server.close)
            with self.assertRaises(kind) as caught:
                streamer(server).stream_until_terminal()
            self.assertEqual(caught.exception.request_id, "req_7")

    def test_transient_errors_are_retried_from_the_cursor(self):
        for step in range(6):
            self.story.metrics(step)
        self.story.end()
        refusals = [503, 429, 500]

        def refuse_first(handler):
            if refusals:
                handler.refuse(refusals.pop())
                return True
            return False

        self.story.on_stream = refuse_first
        self.follow().stream_until_terminal()
        self.assertEqual(self.steps(), list(range(6)))
        self.assertEqual(refusals, [])

    def test_a_wrong_content_type_and_stalled_streams_fall_back_to_polling(self):
        self.story.metrics(0)
        self.story.end()

        def wrong_type(handler):
            handler.begin_stream("text/html")
            handler.end_stream()
            return True

        def silent(handler):
            handler.begin_stream()
            time.sleep(0.3)
            return True

        kept, connection.FIRST_FRAME_TIMEOUT_SECONDS = connection.FIRST_FRAME_TIMEOUT_SECONDS, 0.1
        self.addCleanup(setattr, connection, "FIRST_FRAME_TIMEOUT_SECONDS", kept)
        for behave, connections in ((wrong_type, 1), (silent, 3)):
            self.story.on_stream = behave
            self.story.server.requested.clear()
            self.messages.clear()
            self.follow().stream_until_terminal()
            self.assertEqual(self.steps(), [0])
            self.assertEqual(sum("/stream" in path for path in self.story.server.requested), connections)

    def test_stop_from_another_thread_ends_the_wait(self):
        self.story.metrics(0)
        for transport in ("sse", "poll"):
            follower = self.follow(transport=transport)
            threading.Timer(0.2, follower.stop).start()
            started = time.monotonic()
            follower.stream_until_terminal()
            self.assertLess(time.monotonic() - started, 5)

    def test_the_generator_yields_the_same_messages(self):
        self.story.metrics(0)
        self.story.end()
        keys = [message.key for message in self.follow().stream()]
        self.assertEqual(keys, ["metrics:1:train/loss:0", "status:2"])

    def test_a_job_handle_passes_on_events_and_metrics_until_the_end(self):
        self.story.metrics(3)
        self.story.add("event", {"type": "t", "level": "info", "message": "m", "data": {}, "created_at": AT})
        self.story.end()
        events: List[Any] = []
        client = signalbox.Client(self.story.server.url, "sbx_test")
        self.addCleanup(client.__exit__)
        handle = client.jobs.handle("run")
        job = handle.poll_until_terminal(events.append, self.messages.append)
        self.assertEqual((job["status"], len(events), self.steps()), ("succeeded", 1, [3]))


if __name__ == "__main__":
    unittest.main()
