"""Keras and Lightning, with the real frameworks if they are installed."""

from __future__ import annotations

import os
import types
import unittest
import warnings
from typing import Any

from tests.support import DashboardTest

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

try:
    import keras
except ImportError:
    keras = None
try:
    import lightning.pytorch as lightning
    import torch
except ImportError:
    lightning = None


def arrive(run: Any, type_: str, id_: str, **args: Any) -> None:
    run._control.receive({"id": id_, "type": type_, "args": args})


class KerasOrderTest(DashboardTest):
    def test_the_documented_order_of_calls_reports_and_carries_out_commands(self):
        from signalbox.integrations.keras import SignalboxCallback

        run = self.init()
        callback = SignalboxCallback(run, predict=lambda model, epoch: [{"prompt": "a", "prediction": "b"}])
        callback.params = {"steps": 2, "epochs": 2}
        model = types.SimpleNamespace(optimizer=types.SimpleNamespace(learning_rate=0.1), stop_training=False)
        try:
            callback.model = model
        except AttributeError:
            callback.set_model(model)
        callback.on_train_begin()
        callback.on_epoch_begin(0)
        callback.on_train_batch_end(0, {"loss": 2.0})
        arrive(run, "update_params", "u1", learning_rate=0.05)
        callback.on_train_batch_end(1, {"loss": 1.0})
        callback.on_epoch_end(0, {"loss": 1.5, "val_loss": 3.0})
        self.assertEqual(model.optimizer.learning_rate, 0.05)
        arrive(run, "stop", "s1")
        run.checkpoint(lambda: self.dir / "none")
        callback.on_train_batch_end(0, {"loss": 0.5})
        self.assertTrue(model.stop_training)
        callback.on_train_end()
        self.assertEqual(self.dashboard.series("run", "train/loss"), [(0, 2.0), (1, 1.0), (2, 0.5)])
        self.assertEqual(self.dashboard.series("run", "train/learning_rate"), [(0, 0.1), (1, 0.1), (2, 0.05)])
        self.assertEqual(self.dashboard.series("run", "eval/loss"), [(1, 3.0)])
        self.assertEqual(self.dashboard.job("run")["attached"][-1]["total_steps"], 4)
        self.assertEqual(self.end_of()["status"], "cancelled")
        events = [(event["type"], event["data"]["step"]) for event in self.dashboard.job("run")["events"]]
        progress = [(name, step) for step in (0, 1) for name in ("sft.progress", "sft.loss")]
        self.assertEqual(events[:5], [("sft.training.started", 0), *progress])
        self.assertIn(("sft.validation.summary", 1), events)


@unittest.skipIf(keras is None, "Keras is not installed: only the order of calls is tested")
class RealKerasTest(DashboardTest):
    def fit(self, run: Any, optimizer: Any, **options: Any) -> Any:
        import numpy

        from signalbox.integrations.keras import SignalboxCallback

        model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
        model.compile(optimizer=optimizer, loss="mse")

        class At(keras.callbacks.Callback):
            def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
                if run.step == 6:
                    arrive(run, "update_params", "u1", learning_rate=0.5)

        x = numpy.linspace(0, 1, 40).reshape(-1, 1)
        callback = SignalboxCallback(run, save_dir=str(self.dir), **options)
        model.fit(x, 2 * x, batch_size=4, epochs=2, verbose=0, validation_split=0.2, callbacks=[callback, At()])
        return model

    def test_a_constant_rate_changes_and_a_schedule_rejects_with_a_reason(self):
        run = self.init()
        self.fit(run, keras.optimizers.SGD(0.01), predict=lambda model, epoch: [])
        rates = [round(rate, 6) for _, rate in self.dashboard.series("run", "train/learning_rate")]
        self.assertEqual(rates, [0.01] * 8 + [0.5] * 8)
        self.assertEqual(self.dashboard.ack("u1")["applied_step"], 8)
        self.assertEqual(len(self.dashboard.series("run", "eval/loss")), 2)
        self.assertEqual(self.end_of()["status"], "succeeded")
        self.dashboard.acks.clear()
        schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
        self.fit(self.init(id="other"), keras.optimizers.SGD(schedule))
        self.assertIn("LearningRateSchedule", self.dashboard.ack("u1")["reason"])


@unittest.skipIf(lightning is None, "Lightning is not installed")
class RealLightningTest(DashboardTest):
    def test_logger_and_callback_report_and_carry_out_commands(self):
        from signalbox.integrations.lightning import SignalboxCallback, SignalboxLogger

        run = self.init()

        class Line(lightning.LightningModule):
            def __init__(self) -> None:
                super().__init__()
                self.layer = torch.nn.Linear(1, 1)

            def training_step(self, batch: Any, index: int) -> Any:
                if self.global_step == 5:
                    arrive(run, "update_params", "u1", learning_rate=0.004)
                    arrive(run, "checkpoint", "c1")
                if self.global_step == 12:
                    arrive(run, "pause", "p1", mode="release")
                x = batch[0]
                loss = ((self.layer(x) - 2 * x) ** 2).mean()
                self.log("train/loss", loss)
                self.log("train/learning_rate", self.optimizers().param_groups[0]["lr"])
                return loss

            def validation_step(self, batch: Any, index: int) -> None:
                self.log("eval/loss", ((self.layer(batch[0]) - 2 * batch[0]) ** 2).mean())

            def configure_optimizers(self) -> Any:
                optimizer = torch.optim.SGD(self.parameters(), lr=0.01)
                schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / 40)
                return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

        data = torch.utils.data.DataLoader(
            torch.utils.data.TensorDataset(torch.linspace(0, 1, 40).reshape(-1, 1)), batch_size=4
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            trainer = lightning.Trainer(
                max_epochs=4,
                accelerator="cpu",
                logger=SignalboxLogger(run),
                callbacks=[
                    SignalboxCallback(
                        run, save_dir=str(self.dir), predict=lambda m, e: [{"prompt": "a", "prediction": str(e)}]
                    )
                ],
                enable_checkpointing=False,
                enable_progress_bar=False,
                enable_model_summary=False,
                log_every_n_steps=1,
                num_sanity_val_steps=0,
                default_root_dir=str(self.dir),
            )
            trainer.fit(Line(), data, data)
        self.assertTrue(run.released)
        run.finish()
        self.assertEqual(self.end_of()["status"], "paused")
        self.assertEqual(self.dashboard.ack("c1")["status"], "applied")
        self.assertEqual(self.dashboard.ack("p1")["status"], "applied")
        rates = [rate for _, rate in self.dashboard.series("run", "train/learning_rate")]
        changed = next(index for index, rate in enumerate(rates) if abs(rate - 0.004) < 1e-9)
        for index, rate in enumerate(rates):
            share = 1 - index / 40
            held = 0.01 * share if index < changed else 0.004 * share / (1 - changed / 40)
            self.assertAlmostEqual(rate, held, 7)
        self.assertGreater(len(rates), changed + 3)
        self.assertEqual(self.dashboard.job("run")["predictions"][0]["prediction"], "1")
        self.assertTrue(self.dashboard.series("run", "eval/loss"))


if __name__ == "__main__":
    unittest.main()
