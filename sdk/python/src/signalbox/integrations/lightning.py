"""
Lightning.

    run = signalbox.init(name="my run")
    Trainer(logger=SignalboxLogger(run), callbacks=[SignalboxCallback(run)])
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Mapping, Optional

from ..control.command import Command
from ..control.ranks import available_ranks
from ..run.exit_hooks import status_of_exception
from ..run.run import Run
from ..run.start import init
from ..values import to_json
from .learning_rate import ScheduleScale

try:
    from lightning.pytorch.callbacks import Callback
    from lightning.pytorch.loggers.logger import Logger
    from lightning.pytorch.utilities import rank_zero_only
except ImportError:
    try:
        from pytorch_lightning.callbacks import Callback
        from pytorch_lightning.loggers.logger import Logger
        from pytorch_lightning.utilities import rank_zero_only
    except ImportError:  # the module can be imported without Lightning
        Callback = Logger = object

        def rank_zero_only(function: Any) -> Any:
            return function


class SignalboxLogger(Logger):  # type: ignore[misc]
    """Reports the values of `self.log` and `log_hyperparams`."""

    def __init__(self, run: Optional[Run] = None, **init_options: Any) -> None:
        super().__init__()
        self._run = run
        self._own = run is None
        self._init_options = init_options

    @property
    def experiment(self) -> Run:
        """The run; created at the first use if none was passed."""
        if self._run is None:
            self._run = init(**self._init_options)
        return self._run

    @property
    def name(self) -> str:
        return self.experiment.name

    @property
    def version(self) -> str:
        return self.experiment.id

    @rank_zero_only
    def log_hyperparams(self, params: Any, *_: Any, **__: Any) -> None:
        plain = to_json(params if isinstance(params, Mapping) else vars(params))
        self.experiment.describe(config={**self.experiment.config, **plain})

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, Any], step: Optional[int] = None) -> None:
        values = dict(metrics)
        epoch = values.pop("epoch", None)
        self.experiment.log(values, step=step, epoch=epoch)

    @rank_zero_only
    def finalize(self, status: str) -> None:
        # A failure is reported with its traceback when the process ends.
        if self._own and self._run is not None and status == "success":
            self._run.finish()


class SignalboxCallback(Callback):  # type: ignore[misc]
    """
    Carries out commands between batches: hold, release and checkpoint with `trainer.save_checkpoint` into
    `save_dir`, stop, and a learning rate that keeps the schedule's shape. `predict(module, epoch)` returns
    predictions after each validation. The processes of a distributed training share commands from the
    start of training on.
    """

    def __init__(
        self,
        run: Run,
        *,
        save_dir: str = ".",
        predict: Optional[Callable[[Any, int], Iterable[Mapping[str, Any]]]] = None,
        learning_rate_range: Any = (0.0, 1.0),
    ) -> None:
        super().__init__()
        self.run = run
        self._save_dir = save_dir
        self._predict = predict
        self._range = learning_rate_range
        self._trainer: Any = None
        self._scale: Optional[ScheduleScale] = None

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        self._trainer = trainer
        self.run.join_ranks(available_ranks())
        steps = trainer.estimated_stepping_batches
        known: Dict[str, Any] = {"total_epochs": trainer.max_epochs if (trainer.max_epochs or 0) > 0 else None}
        if isinstance(steps, int) and steps > 0 and not self.run.total_steps:
            known["total_steps"] = steps
        self.run.describe(**known)
        if trainer.optimizers:
            configs = getattr(trainer, "lr_scheduler_configs", None) or []
            scheduler = configs[0].scheduler if configs else None
            remembered = self.run.remembered("schedule")
            self._scale = ScheduleScale(trainer.optimizers[0], scheduler, remembered)
            self.run.declare("learning_rate", self._range)
            self.run.on("update_params", self._change)
        self.run.checkpoint(self._save)

    def on_train_batch_end(self, trainer: Any, pl_module: Any, *_: Any, **__: Any) -> None:
        if not self.run.step_boundary(step=int(trainer.global_step)):
            trainer.should_stop = True

    def on_validation_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        if self._predict is None or getattr(trainer, "sanity_checking", False) or self.run.disabled:
            return
        epoch = int(trainer.current_epoch) + 1
        try:
            rows = list(self._predict(pl_module, epoch))
            self.run.log_predictions(rows, step=int(trainer.global_step), epoch=epoch)
        except Exception as error:  # noqa: BLE001 - never into the training
            self.run.event("predictions", f"predict failed: {error!r}", "warning")

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        status, code = status_of_exception(exception)
        self.run.conclude(status, exception if status == "failed" else None, code)

    def _save(self, step: int) -> Path:
        path = Path(self._save_dir) / f"step-{step}.ckpt"
        self._trainer.save_checkpoint(str(path))
        return path

    def _change(self, command: Command) -> None:
        value = command.args.get("learning_rate")
        if value is None or self._scale is None:
            return
        old = self._scale.set(float(value))
        self.run.remember(schedule=self._scale.as_remembered())
        if len(command.args) == 1:
            command.applied(old={"learning_rate": old}, new={"learning_rate": value})
