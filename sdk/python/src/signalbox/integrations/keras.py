"""
Keras 3 and tf.keras.

    model.fit(x, y, callbacks=[SignalboxCallback(name="my run")])
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping, Optional

from ..control.command import Command
from ..run.run import Run
from ..run.start import init
from ..values import to_float
from .training_events import TrainingEvents

try:
    from keras.callbacks import Callback
except ImportError:  # the callback can be tested without Keras
    Callback = object


def series_name(name: str) -> str:
    """`val_loss` → `eval/loss`, `loss` → `train/loss`."""
    if name.startswith("val_"):
        return "eval/" + name[4:]
    return name if "/" in name else f"train/{name}"


class SignalboxCallback(Callback):  # type: ignore[misc]
    """
    Reports every `log_every` batches and at the end of every epoch; holds, stops and changes the learning
    rate between batches. A new learning rate stays constant; with a LearningRateSchedule, the command is
    rejected.

    run: from `signalbox.init`; by default, one is created with `init_options`. predict: called as
    `predict(model, epoch)` after each epoch; returns rows for `run.log_predictions`. save: called as
    `save(step)` for checkpoints; returns the path it wrote; default: `model.save` into `save_dir`.
    """

    def __init__(
        self,
        run: Optional[Run] = None,
        *,
        log_every: int = 1,
        predict: Optional[Callable[[Any, int], Iterable[Mapping[str, Any]]]] = None,
        save: Optional[Callable[[int], Any]] = None,
        save_dir: str = ".",
        finish: bool = True,
        learning_rate_range: Any = (0.0, 1.0),
        **init_options: Any,
    ) -> None:
        super().__init__()
        self.run = run
        self._log_every = max(1, log_every)
        self._predict = predict
        self._save = save
        self._save_dir = save_dir
        self._finish = finish
        self._range = learning_rate_range
        self._init_options = init_options
        self._step = -1
        self._epoch = 0
        self._steps_per_epoch: Optional[int] = None
        self._events: Optional[TrainingEvents] = None

    def on_train_begin(self, logs: Any = None) -> None:
        params = getattr(self, "params", None) or {}
        self._steps_per_epoch = params.get("steps")
        epochs = params.get("epochs")
        total = self._steps_per_epoch * epochs if self._steps_per_epoch and epochs else None
        if self.run is None:
            self.run = init(total_steps=total, total_epochs=epochs, **self._init_options)
        else:
            self.run.describe(total_steps=None if self.run.total_steps else total, total_epochs=epochs)
        self._step = self.run.step
        self._events = TrainingEvents(self.run, self._step + 1)
        self.run.declare("learning_rate", self._range)
        self.run.on("update_params", self._change)
        self.run.checkpoint(self._save or self._save_model)
        if "learning_rate" in self.run.params:
            self._set_rate(float(self.run.params["learning_rate"]))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        run = self.run
        if run is None:
            return
        self._step += 1
        if self._step % self._log_every == 0:
            share = (batch + 1) / self._steps_per_epoch if self._steps_per_epoch else 0.0
            values = {series_name(name): value for name, value in (logs or {}).items()}
            rate = self._rate()
            if rate is not None:
                values["train/learning_rate"] = rate
            run.log(values, step=self._step, epoch=self._epoch + share)
            if self._events is not None:
                self._events.progress(self._step, self._epoch + share, values)
        if not run.step_boundary(step=self._step):
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        run = self.run
        if run is None:
            return
        values = {series_name(name): value for name, value in (logs or {}).items() if name.startswith("val_")}
        if values:
            run.log(values, step=max(0, self._step), epoch=epoch + 1)
            if self._events is not None:
                self._events.evaluated(max(0, self._step), epoch + 1, values)
        if self._predict is not None:
            try:
                run.log_predictions(list(self._predict(self.model, epoch + 1)), epoch=epoch + 1)
            except Exception as error:  # noqa: BLE001 - never into the training
                run.event("predictions", f"predict failed: {error!r}", "warning")

    def on_train_end(self, logs: Any = None) -> None:
        if self.run is not None and (self._finish or self.run.released):
            self.run.finish()

    # The learning rate ------------------------------------------------------------------------

    def _rate(self) -> Optional[float]:
        try:
            return to_float(self.model.optimizer.learning_rate)
        except (AttributeError, ValueError):
            return None

    def _set_rate(self, value: float) -> None:
        optimizer = self.model.optimizer
        if hasattr(getattr(optimizer, "_learning_rate", None), "get_config"):
            raise ValueError("a LearningRateSchedule controls this optimizer: its rate cannot be changed live")
        optimizer.learning_rate = value

    def _change(self, command: Command) -> None:
        value = command.args.get("learning_rate")
        if value is not None:
            self._set_rate(float(value))

    def _save_model(self, step: int) -> str:
        path = f"{self._save_dir}/step-{step}.keras"
        self.model.save(path)
        return path
