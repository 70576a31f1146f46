from __future__ import annotations

import os
import signal
import time
import unittest
from pathlib import Path

from signalbox.batches import batches_of
from signalbox.command_line import main
from signalbox.run_state import RunState
from signalbox.sender import LONGEST_WAIT, backoff
from signalbox.spool import EVENT, LINE, ROW, STATUS, SpoolWriter, segments_of
from signalbox.spool_reader import read_window
from tests.fake_dashboard import API_KEY
from tests.support import DashboardTest


class DeliveryTest(DashboardTest):
    def test_an_outage_loses_nothing_and_doubles_nothing(self):
        run = self.init()
        for step in range(100):
            run.log({"x": step}, step=step)
        self.dashboard.wait(lambda: "run" in self.dashboard.jobs and self.dashboard.series("run", "x"))
        self.dashboard.stop()
        for step in range(100, 200):
            run.log({"x": step}, step=step)
        time.sleep(0.3)
        self.dashboard.start()
        self.assertTrue(run.finish())
        self.assertEqual(self.dashboard.series("run", "x"), [(step, step) for step in range(200)])

    def test_a_batch_whose_answer_was_lost_is_recognised_when_it_comes_again(self):
        stored = []

        def lose_answers(method, path, value):
            # The first three batches are stored, and the connection breaks before the answer.
            if path.endswith("/metrics") and len(stored) < 3:
                stored.append(path)
                self.dashboard.fault = None
                headers = {"X-API-Key": API_KEY, "Idempotency-Key": value["batch_id"]}
                import json

                body = json.dumps(value, separators=(",", ":")).encode()
                self.dashboard._route(method, path, headers, value, _as_sent(value, body))
                self.dashboard.fault = lose_answers
                return 0, {}
            return None

        self.dashboard.fault = lose_answers
        run = self.init()
        for step in range(50):
            run.log({"x": step}, step=step)
        self.assertTrue(run.finish())
        self.assertEqual(len(stored), 3)
        self.assertEqual(self.dashboard.series("run", "x"), [(step, step) for step in range(50)])

    def test_busy_and_broken_answers_are_tried_again_after_what_they_ask(self):
        times = []

        def busy(method, path, value):
            if path.endswith("/metrics") and len(times) < 4:
                times.append(time.monotonic())
                return (429, {"Retry-After": "1"}) if len(times) == 1 else (503, {})
            return None

        self.dashboard.fault = busy
        run = self.init()
        run.log({"x": 1}, step=0)
        self.assertTrue(run.finish(timeout=30))
        self.assertGreaterEqual(times[1] - times[0], 0.95)
        self.assertEqual(self.dashboard.series("run", "x"), [(0, 1)])

    def test_one_poisoned_row_is_put_aside_and_the_rest_arrives(self):
        run = self.init()
        for step in range(64):
            run.log({"x": step, **({"poison": 1} if step == 21 else {})}, step=step)
        self.assertTrue(run.finish())
        steps = sorted(step for step, _ in self.dashboard.series("run", "x"))
        self.assertEqual(steps, [step for step in range(64) if step != 21])
        refused = list((self.dir / ".signalbox/runs/run/refused").glob("*.json"))
        self.assertEqual(len(refused), 1)
        self.assertIn(b'"step":21', refused[0].read_bytes())

    def test_a_batch_that_conflicts_is_put_aside_whole_and_not_told_in_parts(self):
        refused = []

        def conflict(method, path, value):
            if path.endswith("/metrics") and not refused:
                refused.append(path)
                return 409, {}
            return None

        self.dashboard.fault = conflict
        run = self.init()
        for step in range(20):
            run.log({"x": step}, step=step)
        self.dashboard.wait(lambda: refused)
        run.log({"y": 1}, step=20)
        self.assertTrue(run.finish())
        self.assertEqual(self.dashboard.series("run", "y"), [(20, 1)])
        kept = list((self.dir / ".signalbox/runs/run/refused").glob("*.json"))
        self.assertEqual(len(kept), 1)

    def test_after_the_run_was_attached_elsewhere_nothing_is_lost(self):
        run = self.init()
        run.log({"x": 0}, step=0)
        self.dashboard.wait(lambda: "run" in self.dashboard.jobs and self.dashboard.series("run", "x"))
        self.dashboard.job("run")["token"] = "another"
        run.log({"x": 1}, step=1)
        self.assertTrue(run.finish())
        self.assertEqual(self.dashboard.series("run", "x"), [(0, 0), (1, 1)])

    def test_a_run_that_was_deleted_while_it_lives_shows_itself_again(self):
        run = self.init()
        run.log({"x": 0}, step=0)
        self.dashboard.wait(lambda: "run" in self.dashboard.jobs and self.dashboard.series("run", "x"))
        del self.dashboard.jobs["run"]
        run.log({"x": 1}, step=1)
        self.assertTrue(run.finish())
        self.assertEqual(self.dashboard.series("run", "x"), [(1, 1)])

    def test_without_a_dashboard_a_run_ends_quickly_and_sync_sends_it_later(self):
        self.dashboard.stop()
        run = self.init()
        for step in range(10):
            run.log({"x": step}, step=step)
        started = time.monotonic()
        self.assertFalse(run.finish())
        self.assertLess(time.monotonic() - started, 8)
        self.dashboard.start()
        self.assertEqual(self._sync(), 0)
        self.assertEqual(self.dashboard.series("run", "x"), [(step, step) for step in range(10)])
        self.assertEqual(self.end_of()["status"], "succeeded")
        self.assertEqual(self._sync(), 0)
        self.assertEqual(len(self.dashboard.series("run", "x")), 10)

    def test_an_offline_run_is_whole_after_sync(self):
        with self.init(mode="offline") as run:
            run.log({"x": 5}, step=3)
        self.assertEqual(self.dashboard.requests, [])
        self.assertEqual(self._sync(), 0)
        self.assertEqual(self.dashboard.series("run", "x"), [(3, 5)])

    def test_sync_leaves_living_runs_alone_and_says_what_is_left(self):
        run = self.init(mode="offline")
        run.log({"x": 1})
        self.assertEqual(self._sync(), 0)
        self.assertEqual(self.dashboard.requests, [])
        run.finish()
        self.assertEqual(self._sync(key="wrong"), 1)
        self.assertEqual(self._sync(), 0)
        self.assertEqual(len(self.dashboard.series("run", "x")), 1)
        self.assertEqual(main(["sync", str(self.dir / "nowhere")]), 2)

    def _sync(self, key: str = API_KEY) -> int:
        import contextlib
        import io

        with contextlib.redirect_stdout(io.StringIO()):
            return main(["sync", str(self.dir), "--url", self.dashboard.url, "--api-key", key])


class CrashTest(DashboardTest):
    def test_killed_at_any_moment_everything_that_log_took_arrives_after_the_restart(self):
        code = """
            import signalbox, sys
            run = signalbox.init(id="run")
            start = run.step + 1 if len(sys.argv) < 2 else 0
            for step in range(start, 100_000):
                run.log({"x": step}, step=step)
                if step % 50 == 0:
                    print(step, flush=True)
            """
        seen = -1
        for _ in range(3):
            process = self.script(code, wait=False)
            for line in process.stdout:
                seen = max(seen, int(line))
                if seen % 1000 == 0 and self.dashboard.jobs:
                    break
            process.kill()
            rest = process.communicate()[0].split()
            seen = max([seen, *map(int, rest)])
        run = self.init()
        self.assertTrue(run.finish())
        steps = [step for step, _ in self.dashboard.series("run", "x")]
        self.assertEqual(sorted(set(steps)), list(range(max(steps) + 1)))
        self.assertGreaterEqual(max(steps), seen)
        # Restarted scripts count on from what they had logged: no step came twice.
        self.assertEqual(len(steps), len(set(steps)))

    def test_killed_while_the_dashboard_is_away_a_restart_sends_what_is_left_first(self):
        self.dashboard.stop()
        process = self.script(
            """
            import os, signal, signalbox
            run = signalbox.init(id="run")
            for step in range(300):
                run.log({"x": step}, step=step)
            os.kill(os.getpid(), signal.SIGKILL)
            """
        )
        self.assertEqual(process.returncode, -signal.SIGKILL)
        self.dashboard.start()
        run = self.init()
        for step in range(300, 310):
            run.log({"x": step}, step=step)
        self.assertTrue(run.finish())
        self.assertEqual(self.dashboard.series("run", "x"), [(step, step) for step in range(310)])

    def test_an_uncaught_exception_is_a_failure_with_its_traceback(self):
        process = self.script(
            """
            import signalbox
            run = signalbox.init(id="run")
            run.log({"x": 1})
            raise ValueError("no gradient")
            """
        )
        self.assertEqual(process.returncode, 1)
        self.assertIn("ValueError: no gradient", process.output[1])
        self.assertEqual(self.end_of()["status"], "failed")
        self.assertEqual(self.end_of()["error"], "ValueError: no gradient")
        event = self.dashboard.job("run")["events"][0]
        self.assertEqual((event["level"], event["type"]), ("error", "exception"))
        self.assertIn("Traceback (most recent call last)", event["data"]["traceback"])

    def test_each_way_to_end_a_script_is_told_as_what_it_is(self):
        ends = {
            "pass": ("succeeded", 0, 0),
            "import sys; sys.exit()": ("succeeded", 0, 0),
            "import sys; sys.exit(3)": ("failed", 3, 3),
            "raise KeyboardInterrupt": ("cancelled", 130, None),
            "import os, signal; os.kill(os.getpid(), signal.SIGTERM)": ("cancelled", 143, -15),
            "run.finish('cancelled')": ("cancelled", 130, 0),
        }
        for number, (code, (status, exit_code, returned)) in enumerate(ends.items()):
            with self.subTest(code):
                id_ = f"run{number}"
                process = self.script(f"import signalbox\nrun = signalbox.init(id='{id_}')\n{code}")
                self.assertEqual(self.end_of(id_)["status"], status)
                self.assertEqual(self.end_of(id_)["exit_code"], exit_code)
                if returned is not None:
                    self.assertEqual(process.returncode, returned)

    def test_as_a_context_a_run_ends_as_its_block_does(self):
        with self.assertRaises(ZeroDivisionError), self.init():
            raise ZeroDivisionError("division by zero")
        self.assertEqual(self.end_of()["error"], "ZeroDivisionError: division by zero")

    def test_an_exception_in_another_thread_is_told_and_ends_nothing(self):
        self.script(
            """
            import signalbox, threading
            run = signalbox.init(id="run")
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start(); thread.join()
            run.log({"x": 1})
            """
        )
        self.assertEqual(self.dashboard.job("run")["events"][0]["level"], "error")
        self.assertEqual(self.end_of()["status"], "succeeded")

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork here")
    def test_a_forked_child_reports_nothing_and_ends_nothing(self):
        process = self.script(
            """
            import os, signalbox, sys
            run = signalbox.init(id="run", capture_output=True)
            run.log({"x": 0}, step=0)
            child = os.fork()
            if child == 0:
                run.log({"x": 1}, step=1)
                print("from the child")
                assert run.disabled and run.step_boundary()
                sys.exit(5)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 5
            run.log({"x": 2}, step=2)
            """
        )
        self.assertEqual(process.returncode, 0, process.output)
        self.assertEqual(self.dashboard.series("run", "x"), [(0, 0), (2, 2)])
        lines = [line["text"] for line in self.dashboard.job("run")["lines"]]
        self.assertNotIn("from the child", lines)
        self.assertEqual(self.end_of()["status"], "succeeded")

    def test_many_threads_lose_nothing(self):
        self.script(
            """
            import signalbox, threading
            run = signalbox.init(id="run")
            def work(name):
                for step in range(500):
                    run.log({name: step}, step=step)
            threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(8)]
            [t.start() for t in threads]; [t.join() for t in threads]
            """
        )
        for number in range(8):
            self.assertEqual(
                self.dashboard.series("run", f"t{number}"), [(step, step) for step in range(500)]
            )


class SpoolTest(DashboardTest):
    def test_segments_that_are_written_while_they_are_sent_lose_nothing(self):
        import threading

        from signalbox.link import STORED, Delivery
        from signalbox.sender import Sender

        got = []

        class Link:
            def deliver(self, batch):
                got.extend(record.payload for record in batch.records)
                return Delivery(STORED)

        state = RunState(self.dir / "spool")
        writer = self._writer(segment_bytes=300)
        sender = Sender("run", state, Link(), writer=writer)
        done = threading.Event()

        def write():
            for number in range(3000):
                writer.append(ROW, 1, b'{"step":%d}' % number)
            done.set()

        threading.Thread(target=write).start()
        while not done.is_set() or sender.pending():
            sender.send_next()
        state.release()
        self.assertEqual(got, [b'{"step":%d}' % number for number in range(3000)])

    def _writer(self, **options) -> SpoolWriter:
        writer = SpoolWriter(self.dir / "spool", **options)
        self.addCleanup(writer.close)
        return writer

    def test_damaged_and_cut_off_records_are_passed_over(self):
        writer = self._writer()
        for number in range(5):
            writer.append(ROW, 1, b'{"step":%d}' % number)
        path = segments_of(writer.folder)[0].path
        data = bytearray(path.read_bytes())
        data[data.index(b'"step":2') + 7] = ord("9")
        path.write_bytes(data[:-4])
        window = read_window(segments_of(writer.folder)[0], 0, len(data) - 4)
        self.assertEqual([r.payload for r in window.records], [b'{"step":%d}' % n for n in (0, 1, 3)])
        self.assertEqual((window.damaged, window.end), (2, len(data) - 4))

    def test_a_window_read_again_makes_the_same_batches_byte_for_byte(self):
        writer = self._writer()
        for number in range(6000):
            writer.append(ROW, 2, b'{"step":%d}' % number)
            if number % 7 == 0:
                writer.append(LINE, 1, b'{"text":"t"}')
        segment = segments_of(writer.folder)[0]
        window = read_window(segment, 0, writer.size)
        again = read_window(segment, window.start, window.end, fixed=True)
        self.assertEqual(batches_of("run", window), batches_of("run", again))
        self.assertEqual([batch.kind for batch in batches_of("run", window)], [ROW, LINE])
        self.assertLessEqual(sum(record.items for record in window.records if record.kind == ROW), 5000)

    def test_windows_of_any_size_hold_every_record_once(self):
        writer = self._writer(segment_bytes=10_000)
        kinds = [ROW, ROW, EVENT, STATUS, LINE]
        sent = []
        for number in range(2000):
            payload = b'{"n":%d,"pad":"%b"}' % (number, b"x" * (number % 97))
            writer.append(kinds[number % 5], 1, payload)
            sent.append(payload)
        found = []
        for segment in segments_of(writer.folder):
            at, end = 0, writer.end_of(segment)
            while at < end:
                window = read_window(segment, at, end)
                found += [record.payload for record in window.records]
                self.assertTrue(len(window.records) == 1 or STATUS not in {r.kind for r in window.records})
                at = window.end
        self.assertEqual(found, sent)

    def test_a_record_larger_than_a_read_is_whole(self):
        writer = self._writer()
        payload = b'{"x":"' + b"y" * 3_000_000 + b'"}'
        writer.append(EVENT, 1, payload)
        window = read_window(segments_of(writer.folder)[0], 0, writer.size)
        self.assertEqual(window.records[0].payload, payload)

    def test_a_full_spool_refuses_figures_says_so_and_keeps_how_the_run_ended(self):
        said = []
        writer = self._writer(limit_bytes=2000, on_trouble=lambda kind, text: said.append(kind))
        taken = [writer.append(LINE, 1, b'{"text":"t"}') for _ in range(100)]
        self.assertFalse(all(taken))
        self.assertLess(writer.total, 1100)
        taken = [writer.append(ROW, 1, b'{"step":1}') for _ in range(100)]
        self.assertFalse(taken[-1])
        self.assertTrue(writer.append(STATUS, 1, b"{}"))
        self.assertEqual(set(said), {"spool half full", "spool full"})

    def test_a_cursor_that_is_damaged_is_none(self):
        state = RunState(Path(self.dir))
        from signalbox.run_state import Cursor

        state.write_cursor(Cursor("0123456789ab", 5, 900))
        self.assertEqual(state.read_cursor(), Cursor("0123456789ab", 5, 900))
        (self.dir / "cursor").write_text("00000000 nonsense")
        self.assertIsNone(state.read_cursor())
        state.release()

    def test_backoff_has_full_jitter_and_a_cap(self):
        self.assertEqual(backoff(0, lambda: 0.0), 0.0)
        self.assertEqual(backoff(3, lambda: 1.0), 2.0)
        self.assertEqual(backoff(10_000, lambda: 1.0), LONGEST_WAIT)


def _as_sent(value, body):
    """The bytes as the SDK writes them: its head has spaces."""
    import json

    head = json.dumps({"job_id": value["job_id"], "batch_id": value["batch_id"]})[:-1]
    rows = json.dumps(value["metrics"], separators=(",", ":"))
    return f'{head},"metrics":{rows}}}'.encode()


if __name__ == "__main__":
    unittest.main()
