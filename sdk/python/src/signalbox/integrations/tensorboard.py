"""A replacement for TensorBoard's SummaryWriter that reports to Signalbox."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from ..run.run import Run
from ..run.start import init
from ..values import BadValue, to_float

_IGNORED = (
    "add_image", "add_images", "add_image_with_boxes", "add_figure", "add_video", "add_audio", "add_graph",
    "add_onnx_graph", "add_embedding", "add_mesh", "add_pr_curve", "add_pr_curve_raw", "add_tensor",
    "add_custom_scalars", "add_custom_scalars_multilinechart", "add_custom_scalars_marginchart",
    "add_histogram_raw",
)  # fmt: skip


class SummaryWriter:
    """
    Has the methods of `torch.utils.tensorboard.SummaryWriter`. Reports scalars, text, hyperparameters, and
    the mean, standard deviation, minimum and maximum of histograms; ignores images, audio and graphs.

    run: from `signalbox.init`; by default, one is created with `init_options`, and ends with `close()`.
    """

    def __init__(
        self,
        log_dir: Optional[str] = None,
        comment: str = "",
        purge_step: Optional[int] = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        filename_suffix: str = "",
        *,
        run: Optional[Run] = None,
        **init_options: Any,
    ) -> None:
        self.log_dir = log_dir or "runs"
        self._own = run is None
        name = init_options.pop("name", None) or (log_dir or None)
        self.run = run if run is not None else init(name=_run_name(name, comment), **init_options)

    def add_scalar(
        self,
        tag: str,
        scalar_value: Any,
        global_step: Optional[int] = None,
        walltime: Optional[float] = None,
        new_style: bool = False,
        double_precision: bool = False,
    ) -> None:
        """A value of a series; `walltime` in seconds since 1970, by default now."""
        self._log({tag: scalar_value}, global_step, walltime)

    def add_scalars(
        self,
        main_tag: str,
        tag_scalar_dict: Mapping[str, Any],
        global_step: Optional[int] = None,
        walltime: Optional[float] = None,
    ) -> None:
        """Values of several series, each named `main_tag/<tag>`."""
        values = {f"{main_tag}/{tag}": value for tag, value in tag_scalar_dict.items()}
        self._log(values, global_step, walltime)

    def add_histogram(
        self, tag: str, values: Any, global_step: Optional[int] = None, *_: Any, **__: Any
    ) -> None:
        """Mean, standard deviation, minimum and maximum of the values."""
        found = {}
        for name in ("mean", "std", "min", "max"):
            try:
                found[f"{tag}/{name}"] = to_float(getattr(values, name)())
            except (AttributeError, BadValue, RuntimeError, TypeError):
                pass
        self._log(found, global_step, None)

    def add_text(
        self, tag: str, text_string: str, global_step: Optional[int] = None, walltime: Optional[float] = None
    ) -> None:
        """A text, as an event of type `text`."""
        data = {"tag": tag} if global_step is None else {"tag": tag, "step": int(global_step)}
        self.run.event("text", f"{tag}: {text_string}", data=data)

    def add_hparams(
        self,
        hparam_dict: Mapping[str, Any],
        metric_dict: Mapping[str, Any],
        hparam_domain_discrete: Any = None,
        run_name: Optional[str] = None,
        global_step: Optional[int] = None,
    ) -> None:
        """Hyperparameters go to the run's configuration, the metrics to series."""
        self.run.describe(config={**self.run.config, **dict(hparam_dict)})
        self._log(dict(metric_dict), global_step, None)

    def _log(self, values: Mapping[str, Any], step: Optional[int], walltime: Optional[float]) -> None:
        # Without a step before, TensorBoard uses step 0.
        step = max(0, self.run.step) if step is None else step
        self.run.log_at(values, step, None if walltime is None else int(walltime * 1000))

    def __getattr__(self, name: str) -> Any:
        if name not in _IGNORED:
            raise AttributeError(f"SummaryWriter has no {name!r}")

        def ignore(*_: Any, **__: Any) -> None:
            run: Run = self.__dict__["run"]
            run.warn_once(
                "tensorboard", f"{name} is ignored: Signalbox supports scalars, text and hyperparameters"
            )

        return ignore

    def get_logdir(self) -> str:
        """The log folder's name; nothing is written to it."""
        return self.log_dir

    def flush(self) -> None:
        """Does nothing: added values are on disk already."""

    def close(self) -> None:
        """Ends the run if this writer created it."""
        if self._own:
            self.run.finish()

    def __enter__(self) -> "SummaryWriter":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def _run_name(name: Optional[str], comment: str) -> Optional[str]:
    return (f"{name or ''}{comment}").strip() or None
