"""`init(all_ranks=True)`: all ranks start from the same state, or fail with a reason."""

from __future__ import annotations

import threading
import time
import types
from typing import Any, Callable, List
from unittest import main, mock

import signalbox
from signalbox.control import ranks
from signalbox.errors import ConfigurationError
from signalbox.run import start
from signalbox.run.run import Run
from signalbox.warn_once import WarnOnce
from tests.support import DashboardTest
from tests.thread_ranks import ThreadRanks, run_in_all, thread_ranks


class InitTest(DashboardTest):
    def start(self, rank: ThreadRanks, **fields: Any) -> Run:
        return self.init(all_ranks=True, **fields)

    def in_all_ranks(self, count: int, train: Callable[[ThreadRanks], Any]) -> List[Any]:
        """Calls `train` in each rank; `init` uses the rank of its thread."""
        here = threading.local()

        def begin(rank: ThreadRanks) -> Any:
            here.rank = rank
            return train(rank)

        with mock.patch.object(start, "required_ranks", lambda: here.rank):
            return run_in_all(thread_ranks(count), begin)

    def test_every_rank_starts_from_the_state_of_rank_0(self):
        with self.init(name="earlier") as run:
            run._control.receive({"id": "u", "type": "update_params", "args": {"lr": 0.25}})
            self.assertEqual(run.param("lr", 0.5, min=0, max=1), 0.25)
            run.log({"x": 1}, step=7)
            (self.dir / "c").write_bytes(b"123")
            run.checkpoint(self.dir / "c")
            run.remember(schedule={"scale": 2})

        def train(rank: ThreadRanks) -> Any:
            run = self.start(rank, id="run" if rank.is_rank_0 else None)
            found = (run.id, run.step, run.restored, run.params, run.remembered("schedule"), run.param("lr", 0.5))
            self.assertEqual(run.disabled, not rank.is_rank_0)
            self.assertIsNone(run.remembered("job_token") if not rank.is_rank_0 else None)
            return found

        found = self.in_all_ranks(3, train)
        self.assertEqual(found[0][:2] + found[0][3:], ("run", 7, {"lr": 0.25}, {"scale": 2}, 0.25))
        self.assertEqual(found[0][2]["path"], str((self.dir / "c").resolve()))
        self.assertEqual(found[1], found[0])
        self.assertEqual(found[2], found[0])

    def test_ranks_report_once_and_leave_the_loop_at_the_same_step(self):
        def train(rank: ThreadRanks) -> Any:
            run = self.start(rank)
            seen = []
            for step in run.steps(range(100_000)):
                run.log({"x": step}, step=step)
                seen.append((step, run.param("lr", 0.5, min=0, max=1)))
                if rank.is_rank_0 and step == 20:
                    self.dashboard.command("update_params", "u", lr=0.125)
                    self.dashboard.command("stop", "s")
                time.sleep(0.001)
            return seen, run.finish()

        found = self.in_all_ranks(2, train)
        self.assertEqual(found[0], found[1])
        self.assertEqual(self.end_of()["status"], "cancelled")
        points = self.dashboard.series("run", "x")
        self.assertEqual(points, [(step, step) for step, _ in found[0][0]])
        self.assertEqual([ack["status"] for ack in self.dashboard.acks], ["applied", "applied"])

    def test_loops_that_poll_themselves_get_the_same_commands(self):
        def train(rank: ThreadRanks) -> Any:
            run = self.start(rank)
            seen: List[Any] = []
            for step in range(100_000):
                if run.should_stop():
                    return seen
                if run.should_pause():
                    seen.append((step, "held", run.hold()))
                if rank.is_rank_0 and step == 5:
                    self.dashboard.command("pause", "p")
                    threading.Thread(target=self._then_stop, daemon=True).start()
                time.sleep(0.001)
            return None

        found = self.in_all_ranks(2, train)
        self.assertEqual(found[0], found[1])
        self.assertEqual(len(found[0]), 1)

    def _then_stop(self) -> None:
        self.dashboard.wait(lambda: self.dashboard.ack("p"))
        self.dashboard.command("resume", "r")
        self.dashboard.wait(lambda: self.dashboard.ack("r"))
        self.dashboard.command("stop", "s")

    def test_if_rank_0_cannot_start_the_others_fail_with_its_reason(self):
        self.init()

        def train(rank: ThreadRanks) -> str:
            with self.assertRaises(signalbox.SignalboxError) as raised:
                self.start(rank)
            return str(raised.exception)

        found = self.in_all_ranks(2, train)
        self.assertIn("A running process writes", found[0])
        self.assertIn("Rank 0 could not start the run: RunInUseError", found[1])

    def test_if_rank_0_is_disabled_no_rank_synchronizes(self):
        def train(rank: ThreadRanks) -> Any:
            run = self.start(rank, mode="disabled")
            return run.step_boundary(), run.ranks.distributed

        self.assertEqual(self.in_all_ranks(2, train), [(True, False)] * 2)

    def test_all_ranks_without_a_process_group_says_what_to_do(self):
        with mock.patch.dict("os.environ", {"WORLD_SIZE": "4"}), mock.patch.dict("sys.modules"):
            ranks.sys.modules.pop("torch.distributed", None)
            with self.assertRaisesRegex(ConfigurationError, "4 processes.*init_process_group"):
                self.init(all_ranks=True)
        # A single process needs no process group.
        self.assertTrue(self.init(all_ranks=True).step_boundary())

    def test_without_all_ranks_the_first_command_of_several_processes_logs_a_warning(self):
        run = self.init()
        warnings = []
        with mock.patch.object(WarnOnce, "__call__", lambda _, kind, text: warnings.append((kind, text))):
            with mock.patch.dict("os.environ", {"WORLD_SIZE": "2"}):
                run._control.receive({"id": "c", "type": "checkpoint"})
                self.assertTrue(run.step_boundary())
        self.assertEqual([kind for kind, _ in warnings], ["ranks"])
        self.assertIn("all_ranks=True", warnings[0][1])

    def test_without_all_ranks_only_rank_0_of_the_process_group_reports(self):
        group = types.SimpleNamespace(
            is_available=lambda: True, is_initialized=lambda: True, get_world_size=lambda: 2, get_rank=lambda: 1
        )
        # torch.multiprocessing sets no launcher variables.
        with mock.patch.dict("sys.modules", {"torch.distributed": group}):
            self.assertTrue(self.init().disabled)

    def test_the_world_size_comes_from_the_process_group_or_the_launcher(self):
        group = types.SimpleNamespace(
            is_available=lambda: True, is_initialized=lambda: True, get_world_size=lambda: 3, get_rank=lambda: 1
        )
        with mock.patch.dict("sys.modules", {"torch.distributed": group}):
            self.assertEqual(ranks.world_size({"WORLD_SIZE": "2"}), 3)
            found = ranks.available_ranks()
            self.assertEqual((found.distributed, found.is_rank_0), (True, False))
        with mock.patch.dict("sys.modules"):
            ranks.sys.modules.pop("torch.distributed", None)
            self.assertEqual(ranks.world_size({"OMPI_COMM_WORLD_SIZE": "2"}), 2)
            self.assertEqual(ranks.world_size({}), 1)


if __name__ == "__main__":
    main()
