"""Ranks as threads: all do the same at the same step. For ranks as processes see test_torch_ranks."""

from __future__ import annotations

import random
import threading
import time
import unittest
from typing import Any, Callable, Dict, List, Optional
from unittest import mock

import signalbox
from signalbox.control import command_inbox, rank_sync
from signalbox.control.control_reporter import ControlReporter
from signalbox.control.live_params import LiveParams
from signalbox.control.rank_sync import RankSync
from signalbox.control.ranks import Ranks
from signalbox.control.run_control import RunControl
from tests.thread_ranks import ThreadRanks, run_in_all, thread_ranks


class RecordingReporter(ControlReporter):
    """Records answers and warnings."""

    def __init__(self) -> None:
        self.answers: Dict[str, Dict[str, Any]] = {}
        self.answered = threading.Condition()
        self.step = -1
        self.ended = False
        self.warnings: List[str] = []

    def answer(self, command_id: str, body: Dict[str, Any]) -> None:
        with self.answered:
            assert command_id not in self.answers, "answered twice"
            self.answers[command_id] = body
            self.answered.notify_all()

    def wait_for(self, command_id: str) -> bool:
        """True once a command is answered; False if training ended before."""
        with self.answered:
            there = self.answered.wait_for(lambda: self.ended or command_id in self.answers, 20)
            assert there, f"{command_id} is not answered"
            return command_id in self.answers

    def end(self) -> None:
        with self.answered:
            self.ended = True
            self.answered.notify_all()

    def next_step(self) -> int:
        return self.step + 1

    def set_next_step(self, next_step: int) -> None:
        self.step = next_step - 1

    def warn_once(self, kind: str, text: str) -> None:
        self.warnings.append(text)


class Training:
    """A rank with its control, and a log of the parameters at each step."""

    def __init__(self, rank: Ranks, declared: Any = {"lr": (0, 1)}) -> None:  # noqa: B006 - not changed
        self.reporter = RecordingReporter()
        self.control = RunControl(self.reporter, LiveParams(declared, {}))
        self.control.join(rank)
        self.log: List[Any] = []

    def steps(self, count: int, each: Optional[Callable[[int], None]] = None) -> "Training":
        for step in range(count):
            if self.control.ranks.is_rank_0:
                self.reporter.step = step
            if each is not None:
                each(step)
            going = self.control.boundary()
            self.log.append((step, dict(self.control.params.set_live), going))
            if not going:
                break
        return self


def command(control: RunControl, id_: str, type_: str, **args: Any) -> None:
    control.receive({"id": id_, "type": type_, "args": args})


class AgreementTest(unittest.TestCase):
    def assert_same_effects(self, trainings: List[Training]) -> None:
        for other in trainings[1:]:
            self.assertEqual(other.log, trainings[0].log)
            self.assertEqual(other.reporter.answers.keys(), trainings[0].reporter.answers.keys())

    def test_random_commands_at_random_times_have_the_same_effect_in_every_rank(self):
        ways = set()
        with mock.patch.object(rank_sync, "SYNC_EVERY", 0.01):
            for seed in range(16):
                with self.subTest(seed=seed):
                    ways.add(self.random_training(seed))
        self.assertEqual(ways, {"stopped", "released"})

    def random_training(self, seed: int) -> str:
        chance = random.Random(seed)
        group = thread_ranks(chance.choice((2, 3)))
        trainings = [Training(rank) for rank in group]
        first = trainings[0]
        caller = threading.Thread(target=self.send_commands, args=(first, chance), daemon=True)

        def train(rank: ThreadRanks) -> Training:
            # Rank 1 sometimes fails to save, and each rank has its own speed.
            def save(step: int) -> Any:
                if step % 7 == 3 and rank.rank == 1:
                    raise OSError("disk full")
                return __file__ if rank.is_rank_0 else None

            def each(step: int) -> None:
                if pace.random() < 0.1:
                    time.sleep(0.001)

            pace = random.Random(f"{seed} {rank.rank}")
            trainings[rank.rank].control.set_save(save, None)
            return trainings[rank.rank].steps(100_000, each)

        caller.start()
        try:
            self.assert_same_effects(run_in_all(group, train))
        finally:
            first.reporter.end()
            caller.join(20)
        self.assertFalse(caller.is_alive())
        self.assertFalse(first.log[-1][2])
        for calls in group[0]._board.calls:
            self.assertEqual(calls, group[0]._board.calls[0])
        if first.control.released:
            return "released"
        self.assertEqual(set(first.reporter.answers), {*map(str, range(25)), "stop"})
        return "stopped"

    def send_commands(self, first: Training, chance: random.Random) -> None:
        """Sends random commands; waits for some of the answers."""
        for number in range(25):
            type_ = chance.choice(("update_params", "update_params", "pause", "resume", "checkpoint"))
            args: Dict[str, Any] = {}
            if type_ == "update_params":
                args = {"lr": chance.choice((0.1, 0.5, 2))}
            elif type_ == "pause" and chance.random() < 0.2:
                args = {"mode": "release"}
            command(first.control, str(number), type_, **args)
            if chance.random() < 0.5 and not first.reporter.wait_for(str(number)):
                return
        command(first.control, "stop", "stop")

    def test_held_ranks_keep_synchronizing_and_apply_a_new_rate_after_the_hold(self):
        group = thread_ranks(2)
        trainings = [Training(rank) for rank in group]
        first = trainings[0]

        def send_commands() -> None:
            command(first.control, "p", "pause")
            first.reporter.wait_for("p")
            synced = len(group[0]._board.calls[0])
            deadline = time.monotonic() + 20
            while len(group[0]._board.calls[0]) < synced + 5 and time.monotonic() < deadline:
                time.sleep(0.005)
            command(first.control, "u", "update_params", lr=0.5)
            first.reporter.wait_for("u")
            command(first.control, "r", "resume")
            first.reporter.wait_for("r")
            command(first.control, "s", "stop")

        caller = threading.Thread(target=send_commands, daemon=True)
        with mock.patch.object(command_inbox, "WAIT_SLICE_SECONDS", 0.01):
            caller.start()
            self.assert_same_effects(run_in_all(group, lambda rank: trainings[rank.rank].steps(1_000_000)))
        self.assertEqual(first.reporter.answers["u"]["applied_step"], first.reporter.answers["p"]["applied_step"])
        rates = {step: live.get("lr") for step, live, _ in first.log}
        held_at = first.reporter.answers["p"]["applied_step"] - 1
        self.assertEqual((rates.get(held_at - 1), rates[held_at]), (None, 0.5))

    def release(self, save: Callable[[ThreadRanks, int], Any]) -> List[Training]:
        group = thread_ranks(3)
        trainings = [Training(rank) for rank in group]
        first = trainings[0]

        def train(rank: ThreadRanks) -> Training:
            training = trainings[rank.rank]
            training.control.set_save(lambda step: save(rank, step), None)

            def each(step: int) -> None:
                if rank.is_rank_0 and step == 3:
                    command(first.control, "p", "pause", mode="release")
                if rank.is_rank_0 and step == 5:
                    command(first.control, "s", "stop")

            return training.steps(100, each)

        with mock.patch.object(rank_sync, "SYNC_EVERY", 0.0):
            found = run_in_all(group, train)
        self.assert_same_effects(found)
        return found

    def test_a_release_ends_all_ranks_at_the_same_step(self):
        saved = []

        def save(rank: ThreadRanks, step: int) -> Any:
            saved.append((rank.rank, step))
            return __file__ if rank.is_rank_0 else None

        found = self.release(save)
        self.assertEqual([training.control.released for training in found], [True] * 3)
        self.assertEqual(found[0].log[-1][0], 3)
        self.assertEqual(sorted(saved), [(0, 3), (1, 3), (2, 3)])

    def test_a_release_that_rank_0_cannot_save_lets_all_ranks_continue(self):
        found = self.release(lambda rank, step: "/nowhere/at/all" if rank.is_rank_0 else None)
        self.assertIn("cannot be read back", found[0].reporter.answers["p"]["reason"])
        self.assertEqual([training.control.released for training in found], [False] * 3)
        self.assertEqual(found[2].log[-1][0], 5)

    def test_a_checkpoint_does_not_count_if_one_rank_fails_to_save(self):
        def save(rank: ThreadRanks, step: int) -> Any:
            if rank.rank == 2:
                raise OSError("disk full")
            return __file__

        found = self.release(save)
        self.assertIn("disk full", found[0].reporter.answers["p"]["reason"])
        self.assertEqual(found[0].log[-1][0], 5)

    def test_parameters_and_functions_registered_only_in_rank_0_apply_to_all(self):
        def train(rank: ThreadRanks) -> Training:
            training = Training(rank, {"lr": (0, 1)} if rank.is_rank_0 else {})
            if rank.is_rank_0:
                training.control.set_save(lambda: __file__, None)
                command(training.control, "u", "update_params", lr=0.5)
                command(training.control, "c", "checkpoint")
                command(training.control, "s", "stop")
            return training.steps(10)

        found = run_in_all(thread_ranks(2), train)
        self.assert_same_effects(found)
        self.assertEqual(found[1].control.params.set_live, {"lr": 0.5})
        self.assertEqual({answer["status"] for answer in found[0].reporter.answers.values()}, {"applied"})
        self.assertEqual(found[0].reporter.answers["s"]["result"], found[0].reporter.answers["c"]["result"])

    def test_a_rejection_in_rank_0_applies_everywhere_and_an_error_in_another_rank_only_warns(self):
        group = thread_ranks(2)
        trainings = [Training(rank) for rank in group]

        def train(rank: ThreadRanks) -> Training:
            training = trainings[rank.rank]

            def callback(one: signalbox.Command) -> None:
                if one.args["lr"] == 0.9 and rank.is_rank_0:
                    raise ValueError("too hot")
                if one.args["lr"] == 0.2 and not rank.is_rank_0:
                    raise ValueError("only here")

            training.control.on("update_params", callback)
            if rank.is_rank_0:
                command(training.control, "a", "update_params", lr=0.2)
                command(training.control, "b", "update_params", lr=0.9)
                command(training.control, "c", "stop")
            return training.steps(10)

        found = run_in_all(group, train)
        self.assert_same_effects(found)
        self.assertEqual(found[1].control.params.set_live, {"lr": 0.2})
        self.assertEqual(found[0].reporter.answers["a"]["status"], "applied")
        self.assertEqual(found[0].reporter.answers["b"]["reason"], "ValueError: too hot")
        self.assertTrue(any("only here" in text for text in found[1].reporter.warnings))

    def test_a_command_that_the_script_does_not_handle_is_rejected_and_dropped(self):
        clock = [0.0]
        group = thread_ranks(2)
        reporter = RecordingReporter()

        def train(rank: ThreadRanks) -> Any:
            own = reporter if rank.is_rank_0 else ControlReporter()
            control = RunControl(own, LiveParams(None, {}), lambda: clock[0])
            control.join(rank)
            control.handles("stop")
            if rank.is_rank_0:
                command(control, "p", "pause")
            control.sync()
            self.assertIsNone(control.peek("pause"))
            if rank.is_rank_0:
                clock[0] = 11.0
                control.reject_unhandled()
            control.handles("pause")
            control.sync()
            return control.peek("pause")

        self.assertEqual(run_in_all(group, train), [None, None])
        self.assertIn("does not ask", reporter.answers["p"]["reason"])


class RankSyncTest(unittest.TestCase):
    def syncs_in(self, seconds_a_step: float, steps: int) -> List[int]:
        clock = [0.0]
        synced = RankSync(lambda: clock[0])
        found = []
        for step in range(steps):
            clock[0] += seconds_a_step
            if synced.due():
                found.append(step)
                synced.restart(synced.next_interval())
        return found

    def test_syncs_are_about_a_quarter_of_a_second_apart(self):
        found = self.syncs_in(1 / 128, 1000)
        gaps = [b - a for a, b in zip(found, found[1:])]
        self.assertEqual(gaps[:4], [2, 4, 8, 16])
        self.assertEqual(set(gaps[4:]), {32})

    def test_slow_steps_sync_every_time_and_fast_ones_after_at_most_a_thousand(self):
        self.assertEqual(self.syncs_in(2.0, 10), list(range(10)))
        quick = self.syncs_in(1e-6, 10_000)
        self.assertEqual(max(b - a for a, b in zip(quick, quick[1:])), 1000)


if __name__ == "__main__":
    unittest.main()
