from __future__ import annotations

import time
import unittest

from signalbox.cli.main import main
from tests.fake_dashboard import API_KEY
from tests.support import DashboardTest


class DeliveryTest(DashboardTest):
    def test_an_outage_loses_and_duplicates_nothing(self):
        run = self.init()
        for step in range(100):
            run.log({"x": step}, step=step)
        self.dashboard.wait(lambda: "run" in self.dashboard.jobs and len(self.dashboard.series("run", "x")) == 100)
        self.dashboard.stop()
        for step in range(100, 200):
            run.log({"x": step}, step=step)
        self.dashboard.wait(lambda: run._journal._sending.failing)
        self.assertEqual(len(self.dashboard.series("run", "x")), 100)
        self.dashboard.start()
        self.assertTrue(run.finish())
        self.assertEqual(self.dashboard.series("run", "x"), [(step, step) for step in range(200)])

    def test_a_batch_that_is_resent_after_a_lost_response_is_stored_once(self):
        stored = []

        def lose_answers(method, path, value):
            # The first three batches are stored, and the connection breaks before the response.
            if path.endswith("/metrics") and len(stored) < 3:
                stored.append(path)
                self.dashboard.fault = None
                headers = {"X-API-Key": API_KEY, "Idempotency-Key": value["batch_id"]}
                import json

                body = json.dumps(value, separators=(",", ":")).encode()
                self.dashboard._route(method, path, headers, value, _as_sdk_writes(value, body))
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

    def test_rate_limits_and_server_errors_are_retried_after_the_requested_time(self):
        times = []

        def busy(method, path, value):
            if path.endswith("/metrics") and len(times) < 4:
                times.append(time.monotonic())
                return (429, {"Retry-After": "1"}) if len(times) == 1 else (503, {})
            return None

        self.dashboard.fault = busy
        run = self.init()
        run.log({"x": 1}, step=0)
        # `finish` retries at once, so it must not run before the second request.
        self.dashboard.wait(lambda: len(times) > 1)
        self.assertTrue(run.finish(timeout=30))
        self.assertGreaterEqual(times[1] - times[0], 0.95)
        self.assertEqual(self.dashboard.series("run", "x"), [(0, 1)])

    def test_a_refused_row_is_kept_locally_and_the_rest_arrives(self):
        run = self.init()
        for step in range(64):
            run.log({"x": step, **({"poison": 1} if step == 21 else {})}, step=step)
        self.assertTrue(run.finish())
        steps = sorted(step for step, _ in self.dashboard.series("run", "x"))
        self.assertEqual(steps, [step for step in range(64) if step != 21])
        refused = list((self.dir / ".signalbox/runs/run/refused").glob("*.json"))
        self.assertEqual(len(refused), 1)
        self.assertIn(b'"step":21', refused[0].read_bytes())

    def test_a_conflicting_batch_is_kept_locally_as_a_whole_and_not_split(self):
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

    def test_at_a_limit_of_storage_data_is_kept_and_said_once_and_sync_sends_it_when_there_is_room(self):
        def full(method, path, value):
            if path.endswith(("/metrics", "/local/jobs")) and full.limit:
                return 409, {}, {"limit": full.limit, "maximum": 1, "used": 1}
            return None

        full.limit = "runs"
        self.dashboard.fault = full
        with self.assertLogs("signalbox", "WARNING") as logged:
            run = self.init()
            for step in range(20):
                run.log({"x": step}, step=step)
            self.dashboard.wait(lambda: run._journal._sending.failing)
            full.limit = "points"
            self.assertFalse(run.finish(timeout=2))
        said = [line for line in logged.output if "refused 409" in line]
        self.assertEqual(len(said), 1, logged.output)
        self.assertIn("kept on disk", said[0])
        self.assertEqual(self._sync(), 1)
        self.assertFalse((self.dir / ".signalbox/runs/run/refused").exists())
        full.limit = None
        self.assertEqual(self._sync(), 0)
        self.assertEqual(self.dashboard.series("run", "x"), [(step, step) for step in range(20)])
        self.assertEqual(self.end_of()["status"], "succeeded")

    def test_a_batch_with_too_many_samples_is_kept_as_a_whole_and_the_rest_arrives(self):
        def samples(method, path, value):
            if path.endswith("/predictions"):
                return 409, {}, {"limit": "samples", "maximum": 1, "used": 1}
            return None

        self.dashboard.fault = samples
        run = self.init()
        run.log_predictions([{"prompt": str(n), "prediction": "x"} for n in range(3)], epoch=1, step=1)
        run.log({"x": 1}, step=1)
        self.assertTrue(run.finish())
        self.assertEqual(self.dashboard.series("run", "x"), [(1, 1)])
        kept = list((self.dir / ".signalbox/runs/run/refused").glob("*.json"))
        self.assertEqual(len(kept), 1)

    def test_nothing_is_lost_after_the_run_was_attached_elsewhere(self):
        run = self.init()
        run.log({"x": 0}, step=0)
        self.dashboard.wait(lambda: "run" in self.dashboard.jobs and self.dashboard.series("run", "x"))
        self.dashboard.job("run")["token"] = "another"
        run.log({"x": 1}, step=1)
        self.assertTrue(run.finish())
        self.assertEqual(self.dashboard.series("run", "x"), [(0, 0), (1, 1)])

    def test_a_running_run_that_was_deleted_attaches_again(self):
        run = self.init()
        run.log({"x": 0}, step=0)
        self.dashboard.wait(lambda: "run" in self.dashboard.jobs and self.dashboard.series("run", "x"))
        del self.dashboard.jobs["run"]
        run.log({"x": 1}, step=1)
        self.assertTrue(run.finish())
        self.assertEqual(self.dashboard.series("run", "x"), [(1, 1)])

    def test_without_a_dashboard_a_run_finishes_quickly_and_sync_sends_it_later(self):
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

    def test_an_offline_run_is_complete_after_sync(self):
        with self.init(mode="offline") as run:
            run.log({"x": 5}, step=3)
        self.assertEqual(self.dashboard.requests, [])
        self.assertEqual(self._sync(), 0)
        self.assertEqual(self.dashboard.series("run", "x"), [(3, 5)])

    def test_sync_skips_active_runs_and_reports_what_is_unsent(self):
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


def _as_sdk_writes(value, body):
    """The bytes as the SDK writes them: the first fields have spaces."""
    import json

    head = json.dumps({"job_id": value["job_id"], "batch_id": value["batch_id"]})[:-1]
    rows = json.dumps(value["metrics"], separators=(",", ":"))
    return f'{head},"metrics":{rows}}}'.encode()


if __name__ == "__main__":
    unittest.main()
