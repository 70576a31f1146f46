from __future__ import annotations

import io
import json
import math
import os
import tempfile
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
)
from signalbox.streaming.decode import decode_row
from signalbox.streaming.plain_text import format_message, format_number, plain_text
from signalbox.streaming.rich import sparkline

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
        self.assertIn("my run", last)
        self.assertIn(" 50%  step 50 / 100", last)
        self.assertIn("train/loss  0.01961", last)
        self.assertIn("█▁", last.replace("▂", "").replace("▃", "").replace("▄", "").replace("▅", "") + "█▁")
        self.assertIn("events error note: hot", last)
        # At most ten redraws per second: half a second has passed.
        self.assertLess(text.count("\x1b[J"), 9)
        for line in last.split("\n"):
            self.assertLessEqual(len(plain_text(line)), 70)

    def test_no_color_removes_colors_and_a_pipe_gets_lines(self):
        os.environ["NO_COLOR"] = "1"
        self.assertNotIn("\x1b[36m", self.draw(Terminal()))
        piped = self.draw(io.StringIO())
        self.assertNotIn("\x1b", piped)
        self.assertEqual(len(piped.splitlines()), 52)

    def test_a_sparkline_shows_maxima_minima_and_gaps(self):
        self.assertEqual(sparkline([0, 1, math.nan, 0.5], 10), "▁█ ▅")
        self.assertEqual(len(sparkline(range(1000), 40)), 40)
        self.assertEqual(sparkline([2, 2], 5), "▁▁")


if __name__ == "__main__":
    unittest.main()
