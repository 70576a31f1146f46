from __future__ import annotations

import signal
import threading
import time
import unittest

import signalbox
from signalbox.control import command_inbox
from signalbox.control.checkpoints import CheckpointError, verified
from signalbox.control.control_reporter import ControlReporter
from signalbox.control.live_params import LiveParams
from signalbox.control.run_control import RunControl
from tests.support import DashboardTest


class ControlTest(DashboardTest):
    def loop(self, run, steps=100_000, each=None):
        """Runs a training loop in a thread."""

        def train():
            for step in range(steps):
                run.log({"x": step}, step=step)
                if each:
                    each(step)
                if not run.step_boundary():
                    break
                time.sleep(0.001)

        thread = threading.Thread(target=train, daemon=True)
        thread.start()
        return thread

    def answered(self, command_id):
        return self.dashboard.wait(lambda: self.dashboard.ack(command_id))

    def test_hold_waits_at_a_step_and_continues_with_the_next(self):
        run = self.init()
        thread = self.loop(run)
        self.dashboard.command("pause", "p1", mode="hold")
        paused = self.answered("p1")
        self.assertEqual(paused["status"], "applied")
        held_at = run.step
        self.assertEqual(paused["applied_step"], held_at + 1)
        self.dashboard.command("update_params", "u1", unknown=1)
        self.assertEqual(self.answered("u1")["status"], "rejected")
        self.assertEqual(run.step, held_at)
        self.dashboard.command("resume", "r1")
        self.answered("r1")
        self.dashboard.command("stop", "s1")
        self.assertEqual(self.answered("s1")["status"], "applied")
        thread.join(5)
        self.assertFalse(thread.is_alive())
        run.finish()
        self.assertEqual(self.end_of()["status"], "cancelled")
        steps = [step for step, _ in self.dashboard.series("run", "x")]
        self.assertEqual(steps, list(range(len(steps))))

    def test_stop_ends_a_held_run(self):
        run = self.init()
        thread = self.loop(run)
        self.dashboard.command("pause", "p1")
        self.answered("p1")
        self.dashboard.command("stop", "s1")
        self.answered("s1")
        thread.join(5)
        self.assertFalse(thread.is_alive())

    def test_release_saves_verifies_reports_and_ends_the_loop(self):
        run = self.init()

        @run.checkpoint
        def save(step):
            path = self.dir / f"{step}.ckpt"
            path.write_bytes(b"weights")
            return path

        thread = self.loop(run)
        self.dashboard.command("pause", "p1", mode="release")
        answer = self.answered("p1")
        thread.join(5)
        self.assertFalse(thread.is_alive())
        self.assertTrue(run.finish())
        self.assertEqual(answer["result"]["step"], run.step)
        self.assertEqual(answer["result"]["bytes"], 7)
        self.assertEqual((self.end_of()["status"], self.end_of()["exited"]), ("paused", True))
        again = self.init()
        self.assertEqual(again.restored["path"], str((self.dir / f"{run.step}.ckpt").resolve()))
        self.assertEqual(again.step, run.step)

    def test_a_release_that_cannot_save_is_rejected_and_training_continues(self):
        run = self.init()
        thread = self.loop(run)
        self.dashboard.command("pause", "p1", mode="release")
        self.assertIn("no save function", self.answered("p1")["reason"])

        def save():
            raise OSError("disk full")

        run.checkpoint(save)
        self.dashboard.command("pause", "p2", mode="release")
        self.assertIn("disk full", self.answered("p2")["reason"])
        run.checkpoint(lambda: self.dir / "nothing")
        self.dashboard.command("checkpoint", "c1")
        self.assertIn("cannot be read back", self.answered("c1")["reason"])
        self.assertTrue(thread.is_alive())
        self.dashboard.command("stop", "s1")
        self.assertEqual(self.answered("s1")["status"], "applied")

    def test_a_live_parameter_takes_effect_at_the_reported_step(self):
        seen = {}
        run = self.init(live_params={"learning_rate": (0, 1)})

        def train(step):
            seen[step] = run.param("learning_rate", 0.1)

        thread = self.loop(run, each=train)
        self.dashboard.command("update_params", "u1", learning_rate=0.5)
        answer = self.answered("u1")
        self.dashboard.command("update_params", "u2", learning_rate=5)
        self.assertIn("from 0", self.answered("u2")["reason"])
        self.dashboard.command("stop", "s1")
        thread.join(5)
        self.assertEqual((answer["old"], answer["new"]), ({"learning_rate": 0.1}, {"learning_rate": 0.5}))
        first = min(step for step, rate in seen.items() if rate == 0.5)
        # This loop reads `param` after logging the row of the step, so the change may take effect one step earlier.
        self.assertIn(answer["applied_step"] - first, (0, 1))
        run.finish()
        self.assertEqual(self.init().param("learning_rate", 0.1), 0.5)

    def test_a_loop_that_only_reads_parameters_applies_changes_too(self):
        run = self.init()
        self.assertEqual(run.param("temperature", 1.0, min=0, max=2), 1.0)
        self.dashboard.command("update_params", "u1", temperature=0.5)
        deadline = time.monotonic() + 5
        while run.param("temperature", 1.0) != 0.5 and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(self.answered("u1")["applied_step"], 0)
        reported = [report for report in self.dashboard.job("run")["reports"] if "live_params" in report]
        self.assertEqual(reported[0]["live_params"], {"temperature": {"min": 0, "max": 2}})

    def test_callbacks_are_called_at_the_boundary_and_can_reject(self):
        run = self.init(live_params={"lr": (0, 1)})
        threads, main = [], []

        @run.on("update_params")
        def change(command):
            threads.append(threading.current_thread())
            if command.args["lr"] > 0.5:
                raise ValueError("too hot")

        thread = self.loop(run)
        main.append(thread)
        self.dashboard.command("update_params", "u1", lr=0.9)
        self.dashboard.command("update_params", "u2", lr=0.2)
        self.assertEqual(self.answered("u1")["reason"], "ValueError: too hot")
        self.assertEqual(self.answered("u2")["status"], "applied")
        self.assertEqual(threads, [thread, thread])
        self.assertEqual(run.params, {"lr": 0.2})
        self.dashboard.command("stop", "s1")
        thread.join(5)

    def test_a_script_can_carry_out_commands_itself(self):
        run = self.init()
        self.dashboard.command("checkpoint", "c1")
        commands = []
        deadline = time.monotonic() + 5
        while not commands and time.monotonic() < deadline:
            commands += run.commands()
        commands[0].applied(step=7, result={"path": "x"})
        commands[0].rejected("changed my mind")
        self.assertEqual(self.answered("c1")["applied_step"], 7)
        self.assertEqual(self.answered("c1")["result"], {"path": "x"})
        self.assertEqual(len(self.dashboard.acks), 1)
        self.dashboard.command("checkpoint", "c1")
        self.dashboard.command("stop", "s1")
        deadline = time.monotonic() + 5
        while not run.should_stop() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertTrue(run.should_stop())
        self.answered("s1")
        self.assertEqual(len(self.dashboard.acks), 2)

    def test_should_pause_and_hold_are_enough_for_a_loop(self):
        run = self.init()
        self.dashboard.command("pause", "p1")
        deadline = time.monotonic() + 5
        while not run.should_pause() and time.monotonic() < deadline:
            time.sleep(0.01)
        threading.Timer(0.2, lambda: self.dashboard.command("resume", "r1")).start()
        self.assertTrue(run.hold())
        self.assertFalse(run.should_pause())
        self.answered("r1")

    def test_the_loop_as_a_generator_ends_when_stopped(self):
        run = self.init()
        steps = []
        for step in run.steps(range(100_000)):
            run.log({"x": step}, step=step)
            if step == 10:
                self.dashboard.command("stop", "s1")
            steps.append(step)
            time.sleep(0.001)
        self.assertLess(steps[-1], 99_999)
        run.finish()
        self.assertEqual(self.end_of()["status"], "cancelled")

    def _start_script_without_commands(self, *, on_ctrl_c: str):
        return self.script(
            f"""
            import signal, time
            signal.signal(signal.SIGINT, signal.{on_ctrl_c})
            import signalbox
            from signalbox.control import command_inbox
            command_inbox.UNHANDLED_SECONDS = 0.2
            run = signalbox.init(id="run")
            while True:
                run.log({{"x": 1.0}})
                time.sleep(0.01)
            """,
            wait=False,
        )

    def test_a_script_that_handles_no_commands_is_answered_for_and_stopped_like_by_ctrl_c(self):
        process = self._start_script_without_commands(on_ctrl_c="default_int_handler")
        self.dashboard.command("pause", "p1")
        self.assertIn("does not ask", self.answered("p1")["reason"])
        self.dashboard.command("stop", "s1")
        self.assertEqual(self.answered("s1")["status"], "applied")
        process.wait(20)
        self.dashboard.wait(self.end_of)
        self.assertEqual(self.end_of()["status"], "cancelled")
        self.assertIn(process.returncode, (-signal.SIGINT, 130))

    def test_a_background_job_that_ignores_ctrl_c_is_stopped_too(self):
        process = self._start_script_without_commands(on_ctrl_c="SIG_IGN")
        self.dashboard.command("stop", "s1")
        self.assertEqual(self.answered("s1")["status"], "applied")
        process.wait(20)
        self.assertEqual(self.end_of()["status"], "cancelled")
        self.assertEqual(process.returncode, -signal.SIGTERM)

    def test_heartbeats_continue_while_the_run_is_held(self):
        from signalbox.delivery import sending_thread

        kept, sending_thread.HEARTBEAT_EVERY = sending_thread.HEARTBEAT_EVERY, 0.1
        self.addCleanup(setattr, sending_thread, "HEARTBEAT_EVERY", kept)
        run = self.init(total_steps=10)
        run.log({"x": 1}, step=5)
        thread = self.loop(run, steps=1)
        self.dashboard.command("pause", "p1")
        thread.join(5)
        self.dashboard.wait(lambda: len(self.dashboard.heartbeats) > 2)
        self.assertEqual(self.dashboard.heartbeats[-1], {"step": run.step, "progress": run.step / 10})


class CheckpointTest(DashboardTest):
    def test_all_files_of_a_folder_are_verified(self):
        folder = self.dir / "model"
        folder.mkdir()
        with self.assertRaisesRegex(CheckpointError, "empty"):
            verified(folder, 3)
        (folder / "a").write_bytes(b"12")
        (folder / "b").write_bytes(b"345")
        self.assertEqual(verified(folder, 3).bytes, 5)
        with self.assertRaisesRegex(CheckpointError, "not valid"):
            verified(folder, 3, lambda path: False)

    def test_a_checkpoint_that_the_script_saved_is_reported_and_persisted(self):
        run = self.init()
        run.log({"x": 1}, step=8)
        (self.dir / "c").write_bytes(b"123")
        self.assertEqual(run.checkpoint(self.dir / "c").step, 8)
        self.assertIsNone(run.checkpoint(self.dir / "nothing"))
        run.finish()
        self.assertEqual(self.dashboard.job("run")["events"][0]["data"]["bytes"], 3)
        self.assertEqual(self.init().restored["step"], 8)


class LiveParamsTest(unittest.TestCase):
    def test_ranges_are_accepted_in_both_forms(self):
        params = LiveParams({"a": (0, 1), "b": {"max": 5}, "c": None}, {})
        self.assertEqual(params.ranges, {"a": {"min": 0, "max": 1}, "b": {"max": 5}, "c": {}})
        self.assertIsNone(params.check({"a": 1, "b": -100, "c": "text"}))
        for wrong in ({"a": 2}, {"a": "x"}, {"b": True}, {"d": 1}):
            self.assertIsNotNone(params.check(wrong))

    def test_the_number_of_remembered_commands_is_bounded(self):
        control = RunControl(ControlReporter(), LiveParams(None, {}))
        for number in range(3000):
            control.receive({"id": str(number), "type": "checkpoint"})
            control.take()
        self.assertLessEqual(len(control._arrived), command_inbox.REMEMBERED_COMMANDS)
        self.assertTrue(signalbox.Command({"id": "1", "type": "stop"}, lambda *_: None))


if __name__ == "__main__":
    unittest.main()
