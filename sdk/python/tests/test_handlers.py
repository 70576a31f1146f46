from __future__ import annotations

import copy
import io
import json
import math
import os
import re
import tempfile
import threading
import time
import unittest
from pathlib import Path

import signalbox
from signalbox.streaming import (
    BufferedHandler,
    CallbackHandler,
    CLIHandler,
    JSONHandler,
    RichHandler,
    StreamMessage,
    StreamType,
)
from signalbox.streaming.decode import decode_row
from signalbox.streaming.handlers.plain_text import format_message, format_number, plain_text
from signalbox.streaming.handlers.rich_state import RichState, progress_bar, sparkline

AT = "2026-11-20T12:04:31.000Z"


def message(event, data, seq=1):
    return next(iter(decode_row("run", {"seq": seq, "event": event, "data": data})))


def point(step, value, name="train/loss"):
    return message("metrics", {name: [[step, value, 1_795_176_271_000, None, None]]}, seq=step + 1)


class Terminal(io.StringIO):
    def isatty(self):
        return True


class HandlersTest(unittest.TestCase):
    def test_messages_are_formatted_as_readable_lines(self):
        output = io.StringIO()
        CLIHandler(output).handle(point(40, 0.56921))
        self.assertRegex(output.getvalue(), r"^\d\d:04:31 metrics train/loss 0\.5692 step 40\n$")
        status = {"to": "failed", "from": "running", "reason": "no memory", "created_at": AT}
        self.assertEqual(format_message(message("status", status)), "status running → failed: no memory")

    def test_numbers_have_four_significant_digits(self):
        shown = [format_number(value) for value in (0, 40, 0.56921, 3e-4, 1.5e12, 1234.5678, math.nan, -math.inf)]
        self.assertEqual(shown, ["0", "40", "0.5692", "3e-4", "1.5e12", "1235", "NaN", "-∞"])

    def test_control_sequences_are_removed(self):
        self.assertEqual(plain_text("a\x1b[31mb\x1b]0;t\x07c\rd\u202ee\x00"), "abc de")

    def test_json_lines_are_complete_and_contain_non_finite_numbers_as_strings(self):
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "out.jsonl")
            handler = JSONHandler(path)
            handler.handle(point(0, "NaN"))
            first = json.loads(Path(path).read_text("utf-8"))
            self.assertEqual((first["data"]["value"], first["step"]), ("NaN", 0))
            handler.handle(point(1, 0.5))
            handler.close()
            self.assertEqual(len(Path(path).read_text("utf-8").splitlines()), 2)
            again = JSONHandler(path)
            again.flush()
            again.close()
            self.assertEqual(Path(path).read_text("utf-8"), "")

    def test_a_json_line_names_its_stream_and_leaves_out_what_a_message_lacks(self):
        output = io.StringIO()
        handler = JSONHandler(output=output)
        handler.handle(point(3, 0.5))
        handler.handle(message("status", {"to": "running", "created_at": AT}, seq=9))
        metric, status = map(json.loads, output.getvalue().splitlines())
        self.assertEqual(
            metric,
            {
                "stream_type": "METRICS",
                "timestamp": point(3, 0.5).timestamp,
                "job_id": "run",
                "data": {"name": "train/loss", "value": 0.5, "epoch": None},
                "seq": 4,
                "step": 3,
                "phase": "train",
                "key": "metrics:4:train/loss:0",
            },
        )
        self.assertEqual((status["stream_type"], status["seq"], status["data"]["status"]), ("STATUS", 9, "running"))
        self.assertEqual([name for name in ("step", "phase") if name in status], [])

    def test_a_function_for_one_type_gets_only_that_type(self):
        heard = []
        handler = CallbackHandler(metrics=heard.append)
        self.assertTrue(handler.should_handle(point(0, 1)))
        status = message("status", {"to": "running", "created_at": AT})
        self.assertFalse(handler.should_handle(status))
        handler.handle(point(0, 1))
        self.assertEqual(len(heard), 1)
        with self.assertRaises(signalbox.ConfigurationError):
            CallbackHandler(metric=heard.append)

    def test_callbacks_by_name_get_the_data_with_its_place_in_the_run(self):
        heard = []
        callbacks = {
            f"on_{name}": lambda data, name=name: heard.append((name, data))
            for name in ("status", "event", "metric", "timeline", "log", "prediction")
        }
        handler = CallbackHandler(**callbacks)
        handler.handle(message("status", {"to": "running", "created_at": AT}))
        handler.handle(
            message("event", {"type": "t", "level": "info", "message": "m", "data": {"step": 4}, "created_at": AT})
        )
        handler.handle(point(3, 0.5))
        handler.handle(message("timeline", {"phase": "saving", "metadata": {"a": 1}, "created_at": AT}))
        handler.handle(message("logs", {"lines": [{"line": 1, "stream": "stdout", "text": "hello", "ts": AT}]}))
        row = {"epoch": 1, "step": 2, "sample_index": 0, "prompt": "p", "prediction": "q", "created_at": AT}
        handler.handle(message("prediction", {"prediction": row}))
        names, data = zip(*heard)
        self.assertEqual(names, ("status", "event", "metric", "timeline", "log", "prediction"))
        self.assertEqual((data[0]["status"], data[0]["job_id"]), ("running", "run"))
        self.assertEqual((data[1]["type"], data[1]["data"], data[1]["created_at"]), ("t", {"step": 4}, AT))
        self.assertEqual((data[2]["name"], data[2]["step"], data[2]["value"]), ("train/loss", 3, 0.5))
        self.assertEqual((data[3]["phase"], data[3]["metadata"]), ("saving", {"a": 1}))
        self.assertEqual((data[4]["text"], data[5]["prediction"]), ("hello", "q"))
        self.assertEqual((data[2].step, data[2].stream_type), (3, "metrics"))
        self.assertEqual(data[2].message, point(3, 0.5))
        self.assertEqual(copy.copy(data[2]), data[2])

    def test_unknown_and_doubled_callbacks_raise(self):
        for wrong in ({"on_metrics": print}, {"on_metric": print, "metrics": print}, {"loss": print}):
            with self.subTest(wrong), self.assertRaises(signalbox.ConfigurationError):
                CallbackHandler(**wrong)
        with self.assertRaises(signalbox.ConfigurationError):
            CallbackHandler(print, on_event=print)

    def test_a_subclass_processes_batches(self):
        class Uploader(BufferedHandler):
            def __init__(self):
                super().__init__(flush_interval=60, max_buffer_size=2)
                self.batches = []

            def process_batch(self, messages):
                self.batches.append([message.step for message in messages])

        uploader = Uploader()
        for step in range(3):
            uploader.handle(point(step, 1))
        uploader.flush()
        self.assertEqual(uploader.batches, [[0, 1], [2]])
        for wrong in ({}, {"give": print, "size": 1, "max_buffer_size": 1}, {"give": print, "flush_interval": 0}):
            with self.subTest(wrong), self.assertRaises(signalbox.ConfigurationError):
                BufferedHandler(**wrong)

    def test_messages_are_buffered_while_a_batch_is_processed(self):
        started, go_on = threading.Event(), threading.Event()
        batches = []

        def slowly(batch):
            batches.append([message.step for message in batch])
            started.set()
            go_on.wait(5)

        handler = BufferedHandler(slowly, flush_interval=0.01, max_buffer_size=3)
        handler.handle(point(0, 1))
        started.wait(5)
        before = time.monotonic()
        handler.handle(point(1, 1))
        handler.handle(point(2, 1))
        self.assertLess(time.monotonic() - before, 1)
        self.assertEqual(batches, [[0]])
        go_on.set()
        handler.flush()
        self.assertEqual([step for batch in batches for step in batch], [0, 1, 2])

    def test_a_json_file_is_given_by_either_name(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "out.jsonl"
            handler = JSONHandler(output_file=path)
            handler.handle(point(0, 1))
            handler.close()
            self.assertEqual(json.loads(path.read_text("utf-8"))["data"]["value"], 1)
            with self.assertRaises(signalbox.ConfigurationError):
                JSONHandler(str(path), output_file=path)

    def test_batches_are_passed_on_by_size_by_time_and_at_a_flush(self):
        batches = []
        handler = BufferedHandler(batches.append, size=3, seconds=0.1)
        for step in range(4):
            handler.handle(point(step, 1))
        self.assertEqual([len(batch) for batch in batches], [3])
        deadline = time.monotonic() + 5
        while len(batches) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual([len(batch) for batch in batches], [3, 1])
        handler.handle(point(9, 1))
        handler.flush()
        handler.flush()
        self.assertEqual([len(batch) for batch in batches], [3, 1, 1])
        for wrong in ({"size": 0}, {"seconds": 0}):
            with self.assertRaises(signalbox.ConfigurationError):
                BufferedHandler(batches.append, **wrong)


class MessagesTest(unittest.TestCase):
    def test_messages_are_made_from_what_the_api_returns(self):
        status = StreamMessage.from_status("run", {"status": "running", "updated_at": AT})
        self.assertEqual((status.stream_type, status.timestamp, status.data["status"]), ("status", AT, "running"))
        event = StreamMessage.from_event("run", {"seq": 7, "type": "t", "data": {"step": 3}, "created_at": AT})
        self.assertEqual((event.seq, event.step, event.key, event.data["type"]), (7, 3, "events:7", "t"))
        point_row = {"name": "train/loss", "value": "NaN", "step": 3, "phase": None, "created_at": AT}
        metric = StreamMessage.from_metric("run", point_row)
        self.assertEqual((metric.step, metric.phase, metric.timestamp), (3, "train", AT))
        self.assertTrue(math.isnan(metric.data["value"]))
        entry = StreamMessage.from_timeline("run", {"phase": "saving", "metadata": {}, "created_at": AT})
        self.assertEqual((entry.phase, entry.key), ("saving", f"timeline:saving:{AT}"))
        for message in (status, event, metric, entry):
            self.assertEqual(message.job_id, "run")
            self.assertTrue(format_message(message))
            self.assertEqual(json.loads(message.to_json())["key"], message.key)

    def test_a_message_needs_only_its_type_time_job_and_data(self):
        made = StreamMessage(stream_type=StreamType.EVENTS, timestamp=AT, job_id="run", data={"type": "t"})
        self.assertEqual((made.step, made.phase, made.data), (None, None, {"type": "t"}))

    def test_a_message_from_the_api_is_the_one_from_the_stream(self):
        row = {"type": "t", "level": "info", "message": "m", "data": {}, "created_at": AT}
        self.assertEqual(StreamMessage.from_event("run", {"seq": 5, **row}).key, message("event", row, seq=5).key)

    def test_each_stream_type_names_its_route(self):
        paths = [kind.endpoint_path for kind in StreamType]
        self.assertEqual(paths, ["", "/events", "/metrics", "/timeline", "/rows", "/rows"])


class RichHandlerTest(unittest.TestCase):
    def setUp(self) -> None:
        kept = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(kept)))
        os.environ.pop("NO_COLOR", None)
        os.environ["TERM"] = "xterm"

    def draw(self, output, **options):
        now = [0.0]
        handler = RichHandler(output, width=70, clock=lambda: now[0], **options)
        handler.begin({"name": "my run", "total_steps": 100, "status": "running"})
        for step in range(51):
            handler.handle(point(step, 1 / (step + 1)))
            now[0] += 0.01
        handler.handle(message("event", {"type": "note", "level": "error", "message": "hot", "created_at": AT}))
        handler.flush()
        return output.getvalue()

    def test_it_redraws_progress_metrics_events_and_the_loss_in_place(self):
        text = self.draw(Terminal())
        last = text[text.rindex("\x1b[J") :]
        last = re.sub(r"\x1b\[\d*[mK]", "", last)
        self.assertIn("my run  running  step 50 / 100\n", last)
        self.assertRegex(last, r"\n█{30}░{30}  50%\n")
        self.assertRegex(last, r"train/loss +0\.01961  step 50\n")
        self.assertRegex(last, r"train/loss █[▁-█]+")
        self.assertIn("events error note: hot", last)
        # At most ten redraws per second: half a second has passed.
        self.assertLess(text.count("\x1b[J"), 9)
        for line in last.split("\n"):
            self.assertLessEqual(len(plain_text(line)), 70)

    def test_progress_does_not_push_other_events_out_of_view(self):
        output = Terminal()
        handler = RichHandler(output, width=70, clock=lambda: 0.0)
        handler.handle(message("event", {"type": "note", "level": "info", "message": "keep", "created_at": AT}))
        for step in range(50):
            for name in ("sft.progress", "sft.loss"):
                row = {"type": name, "level": "info", "message": f"at {step}", "created_at": AT}
                handler.handle(message("event", row, seq=step + 2))
        handler.flush()
        last = output.getvalue()[output.getvalue().rindex("\x1b[J") :]
        self.assertIn("note: keep", last)
        self.assertEqual((last.count("sft.progress: at 49"), last.count("sft.")), (1, 2))

    def test_no_color_removes_colors_and_a_pipe_gets_lines(self):
        os.environ["NO_COLOR"] = "1"
        self.assertNotIn("\x1b[36m", self.draw(Terminal()))
        piped = self.draw(io.StringIO())
        self.assertNotIn("\x1b", piped)
        self.assertEqual(len(piped.splitlines()), 52)

    def test_a_sparkline_shows_maxima_minima_and_gaps(self):
        self.assertEqual(sparkline([0, 1, math.nan, 0.5], 10), "▁█ ▅")
        self.assertEqual(len(sparkline(range(1000), 40)), 40)
        self.assertEqual(sparkline([2, 2], 5), "▄▄")
        self.assertEqual(sparkline([0, 0, 9, 9], 2), "▁█")
        self.assertEqual(sparkline([math.inf, math.nan], 2), "  ")
        self.assertEqual([progress_bar(0.5, 4), progress_bar(2, 3), progress_bar(-1, 2)], ["██░░", "███", "░░"])

    def test_it_shows_the_same_series_whichever_was_reported_last_and_machine_figures_last(self):
        for order in (("system/gpu", "train/loss", "eval/loss"), ("eval/loss", "train/loss", "system/gpu")):
            state = RichState()
            for name in order:
                state.add(message("metrics", {name: [[1, 1, 0]]}))
            self.assertEqual([name for name, _ in state.shown_series(3)], ["eval/loss", "train/loss", "system/gpu"])
            self.assertEqual((state.loss_name, len(state.shown_series(1))), ("train/loss", 1))

    def test_the_last_message_before_a_pause_is_drawn_too(self):
        drawn = threading.Event()

        class Watched(Terminal):
            def write(self, text):
                if "train/loss" in text:
                    drawn.set()
                return super().write(text)

        handler = RichHandler(Watched(), width=70)
        handler.begin({"name": "quiet", "status": "running"})
        handler.handle(point(1, 0.5))
        self.assertTrue(drawn.wait(5))


if __name__ == "__main__":
    unittest.main()
