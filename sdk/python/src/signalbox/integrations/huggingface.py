"""
Hugging Face Trainer.

    run = signalbox.init(id="my-run")
    trainer = Trainer(..., callbacks=[SignalboxCallback(run)])
    trainer.train(resume_from_checkpoint=run.restored and run.restored["path"])
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple

from ..control.command import Command
from ..control.ranks import Ranks, available_ranks
from ..run.run import Run
from ..run.start import init
from .learning_rate import ScheduleScale
from .training_events import TrainingEvents

try:
    from transformers import TrainerCallback
except ImportError:  # the callback can be tested without transformers
    TrainerCallback = object

Predict = Callable[..., Iterable[Mapping[str, Any]]]

# The path of a checkpoint and its description; None if it could not be read back.
Saved = Tuple[Path, Optional[Dict[str, Any]]]

# Prefixes of the Trainer's metric names → groups of series.
_PREFIXES = (("eval_", "eval/"), ("test_", "test/"))


def series_name(name: str) -> str:
    """`eval_loss` → `eval/loss`, `loss` → `train/loss`."""
    for prefix, group in _PREFIXES:
        if name.startswith(prefix):
            return group + name[len(prefix) :]
    return name if "/" in name else f"train/{name}"


class SignalboxCallback(TrainerCallback):  # type: ignore[misc]
    """
    Reports the Trainer's metrics and progress, and carries out commands between its steps: hold, release (saves a
    checkpoint, verifies it, stops), stop, checkpoint, and a learning rate that keeps the schedule's shape.
    The processes of a distributed training share commands from the start of training on.

    run: from `signalbox.init`; by default, one is created when training starts, with `init_options`.
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
        self._waiting_for_save: List[Command] = []
        self._saved: Optional[Saved] = None
        self._scale: Optional[ScheduleScale] = None
        self._events: Optional[TrainingEvents] = None

    # Called by the Trainer, in this order ---------------------------------------------------

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        ranks = available_ranks()
        if not (ranks.distributed or getattr(state, "is_world_process_zero", True)):
            self.run = self.run or init(mode="disabled")
        run = self.run
        if run is None:
            run = self.run = self._create_run(args, state, ranks)
        else:
            run.describe(
                total_steps=None if run.total_steps else getattr(state, "max_steps", None) or None,
                config=None if run.config else _config(args),
            )
            run.join_ranks(ranks)
        start = int(getattr(state, "global_step", 0))
        self._compare_starts(run, start)
        self._events = TrainingEvents(run, start)
        run.claim(self._claim)
        run.on("checkpoint", self._answer)
        run.on("pause", self._answer)
        optimizer = kwargs.get("optimizer")
        if optimizer is not None:
            self._scale = ScheduleScale(optimizer, kwargs.get("lr_scheduler"), run.remembered("schedule"))
            run.declare("learning_rate", self._range)
            run.on("update_params", self._change)

    def _create_run(self, args: Any, state: Any, ranks: Ranks) -> Run:
        options = {
            "name": getattr(args, "run_name", None),
            "config": _config(args),
            "all_ranks": ranks.distributed,
            **self._init_options,
        }
        return init(
            total_steps=getattr(state, "max_steps", None) or None,
            total_epochs=getattr(args, "num_train_epochs", None),
            **options,
        )

    def _compare_starts(self, run: Run, step: int) -> None:
        rank_0_step = run.ranks.broadcast(step)
        if rank_0_step != step:
            run.warn_once(
                "start",
                f"this process starts at step {step}, rank 0 at step {rank_0_step}: resume all of them from the "
                "same checkpoint. signalbox.init(…, all_ranks=True) sets run.restored in every process.",
            )

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
        run = self.run
        if run is None:
            return control
        run.step = max(run.step, int(state.global_step))
        if not run.step_boundary():
            control.should_training_stop = True
            if getattr(args, "save_strategy", "no") not in ("no", None):
                control.should_save = True
        if self._waiting_for_save:
            control.should_save = True
        return control

    def _claim(self, command: Command) -> bool:
        # Answered after the Trainer has written the checkpoint and it was read back.
        claimed = self._saved is None and _saves(command)
        if claimed:
            self._waiting_for_save.append(command)
        return claimed

    def _answer(self, command: Command) -> None:
        if self.run is None or self._saved is None or not _saves(command):
            return
        path, result = self._saved
        if result is None:
            command.rejected(f"The checkpoint {path} could not be read back.")
        elif command.type == "pause" and (self.run.stopping or self.run.released):
            command.rejected("The run was ended by an earlier command.")
        else:
            command.applied(step=int(result["step"]), result=result)
            if command.type == "pause":
                self.run.release()

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        if self.run is None or not logs:
            return
        values = {series_name(name): value for name, value in logs.items() if _is_number(value)}
        values.pop("train/epoch", None)
        step, epoch = int(state.global_step), getattr(state, "epoch", None)
        self.run.log(values, step=step, epoch=epoch)
        if self._events is not None:
            if "train/loss" in values:
                self._events.progress(step, epoch, values)
            self._events.evaluated(step, epoch, values)

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
        run = self.run
        if run is None:
            return control
        waiting, self._waiting_for_save = self._waiting_for_save, []
        if waiting:
            # Waits until the other ranks have written their files.
            run.ranks.all_gather(None)
        path = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        saved = run.checkpoint(path, step=int(state.global_step))
        if not waiting:
            return control
        self._saved = path, run.ranks.broadcast(None if saved is None else saved.as_result())
        for command in waiting:
            self._answer(command)
        # A held run stays held; requests for a checkpoint meanwhile are answered with this one.
        if run.released or not run.step_boundary():
            control.should_training_stop = True
        self._saved = None
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
        for command in self._waiting_for_save:
            command.rejected("Training ended first.")
        self._waiting_for_save = []
        if self._finish or run.released:
            run.finish()

    # Commands --------------------------------------------------------------------------------

    def _change(self, command: Command) -> None:
        value = command.args.get("learning_rate")
        if value is None or self._scale is None or self.run is None:
            return
        old = self._scale.set(float(value))
        self.run.remember(schedule=self._scale.as_remembered())
        others = {name: item for name, item in command.args.items() if name != "learning_rate"}
        if not others:
            command.applied(old={"learning_rate": old}, new={"learning_rate": value})


def _saves(command: Command) -> bool:
    return command.type == "checkpoint" or (command.type == "pause" and command.mode == "release")


def _is_number(value: Any) -> bool:
    return not isinstance(value, (str, bytes, list, dict, tuple)) and value is not None


def _config(args: Any) -> Dict[str, Any]:
    try:
        config = dict(args.to_sanitized_dict() if hasattr(args, "to_sanitized_dict") else vars(args))
    except TypeError:
        return {}
    # Access tokens must not be reported.
    return {name: value for name, value in config.items() if "token" not in name and value not in (None, "")}
