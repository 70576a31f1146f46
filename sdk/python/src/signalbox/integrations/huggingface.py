"""
Hugging Face Trainer.

    run = signalbox.init(id="my-run")
    trainer = Trainer(..., callbacks=[SignalboxCallback(run)])
    trainer.train(resume_from_checkpoint=run.restored and run.restored["path"])
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional

from ..commands import Command
from ..run import Run
from ..start import init
from .learning_rate import ScheduleScale

try:
    from transformers import TrainerCallback
except ImportError:  # the callback's order of calls can be tested without it
    TrainerCallback = object

# In a distributed training the processes agree on what to do so often: it makes them wait.
SHARE_EVERY = 10

Predict = Callable[..., Iterable[Mapping[str, Any]]]

# The Trainer's own names for what it logs, as panels here are grouped.
_PREFIXES = (("eval_", "eval/"), ("test_", "test/"))


def series_name(name: str) -> str:
    """`eval_loss` → `eval/loss`, `loss` → `train/loss`."""
    for prefix, group in _PREFIXES:
        if name.startswith(prefix):
            return group + name[len(prefix) :]
    return name if "/" in name else f"train/{name}"


class SignalboxCallback(TrainerCallback):  # type: ignore[misc]
    """
    Reports what the Trainer logs, and carries out commands between its steps: hold, release (saves a
    checkpoint, verifies it, stops), stop, checkpoint, and a learning rate that keeps the schedule's shape.

    run: one from `signalbox.init`; without it, one is made when training begins, with `init_options`.
    predict: called as `predict(model=…, processing_class=…, epoch=…, step=…)` after each epoch; returns
    rows for `run.log_predictions`. finish: whether the run ends with the training.
    """

    def __init__(
        self,
        run: Optional[Run] = None,
        *,
        predict: Optional[Predict] = None,
        finish: bool = True,
        learning_rate_range: Any = (0.0, 1.0),
        **init_options: Any,
    ) -> None:
        self.run = run
        self._predict = predict
        self._finish = finish
        self._range = learning_rate_range
        self._init_options = init_options
        self._saving: List[Command] = []
        self._scale: Optional[ScheduleScale] = None
        self._set_rate: Optional[float] = None

    # Called by the Trainer, in this order ---------------------------------------------------

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if not getattr(state, "is_world_process_zero", True):
            self.run = self.run or init(mode="disabled")
        run = self.run
        if run is None:
            options = {"name": getattr(args, "run_name", None), "config": _config(args), **self._init_options}
            run = self.run = init(
                total_steps=getattr(state, "max_steps", None) or None,
                total_epochs=getattr(args, "num_train_epochs", None),
                **options,
            )
        else:
            run.describe(
                total_steps=None if run.total_steps else getattr(state, "max_steps", None) or None,
                config=None if run.config else _config(args),
            )
        optimizer = kwargs.get("optimizer")
        if optimizer is not None:
            remembered = _from_first(run.remembered("schedule"))
            self._scale = ScheduleScale(optimizer, kwargs.get("lr_scheduler"), remembered)
            run.declare("learning_rate", self._range)
            run.on("update_params", self._change)

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
        run = self.run
        distributed = _processes() > 1
        if distributed and int(state.global_step) % SHARE_EVERY:
            return control
        if run is None or run.disabled:
            return self._share(control) if distributed else control
        run.step = max(run.step, int(state.global_step))
        while True:
            command = run.take(lambda one: one.type == "checkpoint" or one.mode == "release" and one.type == "pause")
            if command is None:
                break
            # Answered when the Trainer has written it and it was read back.
            self._saving.append(command)
            control.should_save = True
        if not run.step_boundary():
            control.should_training_stop = True
            if getattr(args, "save_strategy", "no") not in ("no", None):
                control.should_save = True
        return self._share(control) if distributed else control

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        if self.run is None or not logs:
            return
        values = {series_name(name): value for name, value in logs.items() if _is_number(value)}
        values.pop("train/epoch", None)
        self.run.log(values, step=int(state.global_step), epoch=getattr(state, "epoch", None))

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
        run = self.run
        if run is None or run.disabled:
            return control
        path = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        saved = run.checkpoint(path, step=int(state.global_step))
        waiting, self._saving = self._saving, []
        for command in waiting:
            if saved is None:
                command.rejected(f"The checkpoint {path} could not be read back.")
            else:
                command.applied(step=int(state.global_step), result=saved.as_result())
                if command.type == "pause":
                    run.release()
                    control.should_training_stop = True
        return control

    def on_epoch_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        run = self.run
        if run is None or run.disabled or self._predict is None:
            return
        epoch, step = round(float(state.epoch or 0), 6), int(state.global_step)
        model = kwargs.get("model")
        was_training = getattr(model, "training", False)
        try:
            rows = self._predict(
                model=model,
                processing_class=kwargs.get("processing_class", kwargs.get("tokenizer")),
                epoch=epoch,
                step=step,
            )
            run.log_predictions(list(rows), step=step, epoch=epoch)
        except Exception as error:  # noqa: BLE001 - never into the training
            run.event("predictions", f"predict failed: {error!r}", "warning")
        finally:
            if model is not None and was_training:
                model.train()

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        run = self.run
        if run is None:
            return
        for command in self._saving:
            command.rejected("Training ended first.")
        self._saving = []
        if self._finish or run.released:
            run.finish()

    # Commands --------------------------------------------------------------------------------

    def _change(self, command: Command) -> None:
        value = command.args.get("learning_rate")
        if value is None or self._scale is None or self.run is None:
            return
        old = self._scale.set(float(value))
        self._set_rate = float(value)
        self.run.remember(schedule=self._scale.as_remembered())
        others = {name: item for name, item in command.args.items() if name != "learning_rate"}
        if not others:
            command.applied(old={"learning_rate": old}, new={"learning_rate": value})

    def _share(self, control: Any) -> Any:
        """Has all processes of a distributed training do what the first one was told."""
        told = [bool(control.should_training_stop), bool(control.should_save), self._set_rate]
        stop, save, rate = _from_first(told)
        first = self._set_rate is not None
        self._set_rate = None
        control.should_training_stop, control.should_save = stop, save
        if rate is not None and not first and self._scale is not None:
            self._scale.set(float(rate))
        return control


def _processes() -> int:
    try:
        import torch.distributed as distributed
    except ImportError:
        return 1
    if not (distributed.is_available() and distributed.is_initialized()):
        return 1
    return int(distributed.get_world_size())


def _from_first(value: Any) -> Any:
    """The first process's value, in all processes of a distributed training."""
    if _processes() == 1:
        return value
    import torch.distributed as distributed

    box = [value]
    distributed.broadcast_object_list(box, src=0)
    return box[0]


def _is_number(value: Any) -> bool:
    return not isinstance(value, (str, bytes, list, dict, tuple)) and value is not None


def _config(args: Any) -> Dict[str, Any]:
    try:
        config = dict(args.to_sanitized_dict() if hasattr(args, "to_sanitized_dict") else vars(args))
    except TypeError:
        return {}
    # Keys and tokens are nobody's business.
    return {name: value for name, value in config.items() if "token" not in name and value not in (None, "")}
