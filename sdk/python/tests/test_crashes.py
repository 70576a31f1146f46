from __future__ import annotations

import os
import signal
import unittest

from tests.support import DashboardTest


class CrashTest(DashboardTest):
    def test_after_kill_9_at_any_moment_everything_logged_arrives_after_a_restart(self):
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
        # Restarted scripts continue after the last logged step: no step is repeated.
        self.assertEqual(len(steps), len(set(steps)))

    def test_after_kill_9_during_an_outage_a_restart_sends_the_unsent_rows_first(self):
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

    def test_each_way_to_end_a_script_is_reported_with_its_status(self):
        ends = {
            "pass": ("succeeded", 0, 0),
            "import sys; sys.exit()": ("succeeded", 0, 0),
            "import sys; sys.exit(3)": ("failed", 3, 3),
            "import sys\ntry: sys.exit(3)\nexcept SystemExit: raise": ("failed", 3, 3),
            "import sys\ntry: sys.exit(3)\nexcept SystemExit: sys.exit(4)": ("failed", 4, 4),
            # If the script keeps the exception, a caught exit cannot be detected.
            "import sys\ntry: sys.exit(3)\nexcept SystemExit as e: kept = e; raise": ("failed", 3, 3),
            "import sys\ntry: sys.exit(3)\nexcept SystemExit: pass": ("succeeded", 0, 0),
            "import argparse\ntry: argparse.ArgumentParser().parse_args(['--no'])\nexcept SystemExit: pass": (
                "succeeded",
                0,
                0,
            ),
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

    def test_a_run_as_a_context_manager_ends_like_its_block(self):
        with self.assertRaises(ZeroDivisionError), self.init():
            raise ZeroDivisionError("division by zero")
        self.assertEqual(self.end_of()["error"], "ZeroDivisionError: division by zero")

    def test_an_exception_in_another_thread_is_reported_and_does_not_end_the_run(self):
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
    def test_a_forked_child_neither_reports_nor_ends_the_run(self):
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

    def test_rows_of_many_threads_all_arrive(self):
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
