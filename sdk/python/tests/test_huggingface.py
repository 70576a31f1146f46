from __future__ import annotations

import math
import sys
import tempfile
import threading
import types
import unittest
from pathlib import Path
from typing import Any, List
from unittest import mock

from signalbox.integrations import huggingface
from signalbox.integrations.huggingface import SignalboxCallback, series_name
from tests.support import DashboardTest
from tests.thread_ranks import run_in_all, thread_ranks

try:
    import torch
    from transformers import Trainer, TrainerCallback, TrainingArguments
except ImportError:
    torch = None

MISSING = "transformers and torch are not installed: only the Trainer's order of calls is tested"
if torch is None:
    # Skipped tests are not shown by default; this one should be.
    print(MISSING, file=sys.stderr)


class OrderOfCallsTest(DashboardTest):
    """Calls the callback in the documented order of the Trainer."""

    def test_the_documented_order_of_calls_reports_and_carries_out_commands(self):
        run = self.init()
        callback = SignalboxCallback(run, predict=lambda **_: [{"prompt": "p", "prediction": "q"}])
        optimizer = types.SimpleNamespace(param_groups=[{"lr": 0.1, "initial_lr": 0.2}])
        scheduler = types.SimpleNamespace(base_lrs=[0.2], _last_lr=[0.1])
        args = types.SimpleNamespace(
            output_dir=str(self.dir / "out"), num_train_epochs=1, save_strategy="no", run_name="r", hub_token="t"
        )
        state = types.SimpleNamespace(is_world_process_zero=True, max_steps=4, global_step=0, epoch=0.0)
        control = types.SimpleNamespace(should_training_stop=False, should_save=False)
        both = {"optimizer": optimizer, "lr_scheduler": scheduler, "model": types.SimpleNamespace()}
        callback.on_train_begin(args, state, control, **both)
        state.global_step, state.epoch = 1, 0.25
        callback.on_step_end(args, state, control, **both)
        callback.on_log(args, state, control, logs={"loss": 2.0, "learning_rate": 0.1, "epoch": 0.25})
        self.dashboard.command("update_params", "u1", learning_rate=0.4)
        self.dashboard.command("pause", "p1", mode="release")
        self.dashboard.wait(lambda: not self.dashboard.commands)
        self.wait_until(lambda: run._control.peek("pause") and run._control.peek("update_params"))
        state.global_step = 2
        callback.on_step_end(args, state, control, **both)
        self.assertTrue(control.should_save)
        self.assertEqual((optimizer.param_groups[0]["lr"], scheduler.base_lrs), (0.4, [0.8]))
        folder = self.dir / "out" / "checkpoint-2"
        folder.mkdir(parents=True)
        (folder / "model").write_bytes(b"w")
        callback.on_save(args, state, control)
        self.assertTrue(control.should_training_stop)
        callback.on_epoch_end(args, state, control, **both)
        callback.on_train_end(args, state, control)
        self.assertEqual(self.dashboard.ack("u1")["old"], {"learning_rate": 0.1})
        self.assertEqual(self.dashboard.ack("p1")["result"]["path"], str(folder.resolve()))
        self.assertEqual(self.end_of()["status"], "paused")
        self.assertEqual(self.dashboard.series("run", "train/loss"), [(1, 2.0)])
        self.assertEqual(len(self.dashboard.job("run")["predictions"]), 1)
        events = {event["type"]: event for event in self.dashboard.job("run")["events"]}
        self.assertEqual(events["sft.training.started"]["data"]["total_steps"], 4)
        self.assertEqual(events["sft.progress"]["message"], "Step 1 of 4 (25 %), loss 2.0000")
        loss = {"loss": 2.0, "step": 1, "total_steps": 4, "epoch": 0.25, "progress": 0.25}
        self.assertEqual(events["sft.loss"]["data"], loss)
        attached = self.dashboard.job("run")["attached"][-1]
        self.assertNotIn("hub_token", attached["config"])
        self.assertEqual(attached["total_steps"], 4)

    def test_a_checkpoint_requested_while_held_is_saved_and_the_run_stays_held(self):
        run = self.init()
        callback = SignalboxCallback(run)
        args = types.SimpleNamespace(output_dir=str(self.dir), num_train_epochs=1, save_strategy="no")
        state = types.SimpleNamespace(is_world_process_zero=True, max_steps=4, global_step=2, epoch=0.0)
        control = types.SimpleNamespace(should_training_stop=False, should_save=False)
        callback.on_train_begin(args, state, control)

        def arrive(id_, type_, **args):
            run._control.receive({"id": id_, "type": type_, "args": args})

        arrive("p1", "pause")
        arrive("c1", "checkpoint")
        callback.on_step_end(args, state, control)
        self.assertTrue(control.should_save)
        (self.dir / "checkpoint-2").mkdir()
        (self.dir / "checkpoint-2" / "model").write_bytes(b"w")
        arrive("c2", "checkpoint")
        arrive("r1", "resume")
        callback.on_save(args, state, control)
        self.assertFalse(control.should_training_stop)
        for id_ in ("p1", "c1", "c2", "r1"):
            self.assertEqual(self.dashboard.wait(lambda: self.dashboard.ack(id_))["status"], "applied")
        self.assertEqual(self.dashboard.ack("c2")["result"], self.dashboard.ack("c1")["result"])
        # Held again, then released: the run resumes from the checkpoint that was just saved.
        control.should_save = False
        arrive("p2", "pause")
        arrive("c3", "checkpoint")
        callback.on_step_end(args, state, control)
        arrive("p3", "pause", mode="release")
        callback.on_save(args, state, control)
        self.assertTrue(control.should_training_stop)
        callback.on_train_end(args, state, control)
        self.assertEqual(self.end_of()["status"], "paused")
        self.assertEqual(self.dashboard.ack("p3")["result"], self.dashboard.ack("c1")["result"])

    def in_two_ranks(self, train):
        """Calls `train` in two ranks, like the Trainer; only the run of rank 0 reports."""
        here = threading.local()
        run = self.init()

        def begin(rank):
            here.rank = rank
            one = run if rank.is_rank_0 else self.init(mode="disabled")
            callback = SignalboxCallback(one)
            state = types.SimpleNamespace(is_world_process_zero=rank.is_rank_0, max_steps=4, global_step=0, epoch=0.0)
            return train(rank, one, callback, state)

        with mock.patch.object(huggingface, "available_ranks", lambda: here.rank):
            return run_in_all(thread_ranks(2), begin)

    def test_two_ranks_change_their_rate_save_and_release_at_the_same_steps(self):
        folder = self.dir / "out"
        args = types.SimpleNamespace(output_dir=str(folder), num_train_epochs=1, save_strategy="no")

        def train(rank, run, callback, state):
            optimizer = types.SimpleNamespace(param_groups=[{"lr": 0.1, "initial_lr": 0.1}])
            control = types.SimpleNamespace(should_training_stop=False, should_save=False)
            callback.on_train_begin(args, state, control, optimizer=optimizer)
            log = []
            while not control.should_training_stop:
                state.global_step += 1
                if rank.is_rank_0 and state.global_step in (2, 4):
                    # The first release finds no files, so training continues.
                    id_ = f"p{state.global_step}"
                    run._control.receive({"id": f"u{id_}", "type": "update_params", "args": {"learning_rate": 0.4}})
                    run._control.receive({"id": id_, "type": "pause", "args": {"mode": "release"}})
                callback.on_step_end(args, state, control)
                log.append((state.global_step, optimizer.param_groups[0]["lr"], control.should_save))
                if control.should_save:
                    control.should_save = False
                    if rank.is_rank_0 and run.step > 3:
                        (folder / f"checkpoint-{run.step}").mkdir(parents=True)
                        (folder / f"checkpoint-{run.step}" / "model").write_bytes(b"w")
                    callback.on_save(args, state, control)
            callback.on_train_end(args, state, control)
            return log, run.released

        with mock.patch("signalbox.control.rank_sync.SYNC_EVERY", 0.0):
            found = self.in_two_ranks(train)
        self.assertEqual(found[0], found[1])
        log, released = found[0]
        self.assertTrue(released)
        self.assertEqual([rate for _, rate, _ in log], [0.1] + [0.4] * (len(log) - 1))
        self.assertEqual([step for step, _, saves in log if saves], [2, 4])
        self.assertIn("could not be read back", self.dashboard.ack("p2")["reason"])
        self.assertEqual(self.dashboard.ack("p4")["status"], "applied")
        self.assertEqual(self.end_of()["status"], "paused")

    def test_a_rank_that_starts_at_a_different_step_logs_a_warning(self):
        warnings = []

        def train(rank, run, callback, state):
            state.global_step = 0 if rank.is_rank_0 else 5
            run.warn_once = lambda kind, text: warnings.append((rank.is_rank_0, text))
            callback.on_train_begin(types.SimpleNamespace(output_dir="x"), state, types.SimpleNamespace())

        self.in_two_ranks(train)
        self.assertEqual([first for first, _ in warnings], [False])
        self.assertIn("starts at step 5, rank 0 at step 0", warnings[0][1])

    def wait_until(self, what):
        self.dashboard.wait(what)

    def test_metric_names_are_grouped_like_panels(self):
        names = ["loss", "eval_loss", "test_f1", "train_runtime", "a/b"]
        self.assertEqual(
            [series_name(name) for name in names],
            ["train/loss", "eval/loss", "test/f1", "train/train_runtime", "a/b"],
        )


@unittest.skipIf(torch is None, MISSING)
class RealTrainerTest(DashboardTest):
    def trainer(self, run, folder: str, callbacks: List[Any] = (), **arguments: Any):
        class Line(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.layer = torch.nn.Linear(1, 1)

            def forward(self, x, labels=None):
                y = self.layer(x)
                return {"loss": ((y - labels) ** 2).mean(), "logits": y}

        data = [{"x": torch.tensor([i / 40]), "labels": torch.tensor([i / 20])} for i in range(40)]
        given = {
            "output_dir": folder,
            "max_steps": 40,
            "per_device_train_batch_size": 4,
            "learning_rate": 1e-2,
            "logging_steps": 1,
            "save_strategy": "no",
            "report_to": [],
            "use_cpu": True,
            "disable_tqdm": True,
            "dataloader_pin_memory": False,
            **arguments,
        }
        callback = SignalboxCallback(run)
        return Trainer(
            model=Line(),
            args=TrainingArguments(**given),
            train_dataset=data,
            eval_dataset=data[:8],
            callbacks=[callback, *callbacks],
        )

    def at_step(self, step: int, what):
        class At(TrainerCallback):
            def on_step_begin(self, args, state, control, **kwargs):
                if state.global_step == step:
                    what()

        return At()

    def arrive(self, run, type_, id_, **args):
        """Delivers a command to the next boundary directly, without the network."""
        return lambda: run._control.receive({"id": id_, "type": type_, "args": args})

    def test_a_rate_set_at_a_step_persists_under_schedules_and_after_a_resume(self):
        for schedule in ("linear", "cosine"):
            with self.subTest(schedule), tempfile.TemporaryDirectory() as folder:
                id_ = f"hf-{schedule}"
                run = self.init(id=id_)
                extra = {"lr_scheduler_type": schedule, "save_strategy": "steps", "save_steps": 5}
                # The change is applied at the end of the current step, 12.
                at = self.at_step(11, self.arrive(run, "update_params", "u1", learning_rate=5e-3))
                stop = self.at_step(24, self.arrive(run, "pause", "p1", mode="release"))
                trainer = self.trainer(run, folder, [at, stop], **extra)
                trainer.train()
                self.assertEqual(self.end_of(id_)["status"], "paused")
                again = self.init(id=id_)
                self.assertEqual(again.param("learning_rate"), 5e-3)
                second = self.trainer(again, folder, **extra)
                second.train(resume_from_checkpoint=again.restored["path"])
                rates = dict(self.dashboard.series(id_, "train/learning_rate"))
                self.assertEqual(sorted(rates), list(range(1, 41)))

                # A step logs the rate it used; older versions log that of the next step.
                taken = 1 if rates[1] == 1e-2 else 0

                def shape(step):
                    done = (step - taken) / 40
                    return 1 - done if schedule == "linear" else 0.5 * (1 + math.cos(math.pi * done))

                ack = self.dashboard.ack("u1")
                self.assertEqual((ack["status"], ack["applied_step"]), ("applied", 13))
                for step, rate in rates.items():
                    first = 12 + taken
                    held = 1e-2 * shape(step) if step < first else 5e-3 * shape(step) / shape(first)
                    self.assertAlmostEqual(rate, held, 9, f"{schedule}, step {step}")
                self.assertEqual(self.end_of(id_)["status"], "succeeded")
                self.dashboard.acks.clear()

    def test_hold_waits_and_stop_saves_a_checkpoint_if_the_trainer_saves_any(self):
        with tempfile.TemporaryDirectory() as folder:
            run = self.init()
            hold = self.at_step(5, self.arrive(run, "pause", "p1", mode="hold"))
            stop = self.at_step(9, self.arrive(run, "stop", "s1"))
            resume = self.arrive(run, "resume", "r1")

            def resume_when_held():
                self.dashboard.wait(lambda: self.dashboard.ack("p1"), 30)
                resume()

            threading.Thread(target=resume_when_held, daemon=True).start()
            trainer = self.trainer(run, folder, [hold, stop], save_strategy="steps", save_steps=100)
            trainer.train()
            self.assertEqual(self.end_of()["status"], "cancelled")
            self.assertEqual(self.dashboard.ack("p1")["applied_step"], 7)
            self.assertTrue((Path(folder) / "checkpoint-10").is_dir())
            self.assertEqual([s for s, _ in self.dashboard.series("run", "train/loss")], list(range(1, 11)))

    def test_evaluations_and_requested_checkpoints_are_reported(self):
        with tempfile.TemporaryDirectory() as folder:
            run = self.init()
            ask = self.at_step(5, self.arrive(run, "checkpoint", "c1"))
            trainer = self.trainer(run, folder, [ask], eval_strategy="steps", eval_steps=10, max_steps=20)
            trainer.train()
            self.assertEqual([s for s, _ in self.dashboard.series("run", "eval/loss")], [10, 20])
            self.assertEqual(self.dashboard.ack("c1")["result"]["step"], 6)
            self.assertEqual(self.end_of()["status"], "succeeded")


if __name__ == "__main__":
    unittest.main()
