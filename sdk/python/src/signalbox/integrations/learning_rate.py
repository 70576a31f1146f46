"""Changes a learning rate so that the scheduler keeps the change."""

from __future__ import annotations

from typing import Any, Iterator, List, Optional

# Rates that schedulers store in a parameter group.
_GROUP_RATES = ("lr", "initial_lr", "max_lr", "min_lr")


def current_learning_rate(optimizer: Any) -> float:
    """The learning rate of the first parameter group."""
    return float(optimizer.param_groups[0]["lr"])


def unwrapped_schedulers(scheduler: Any) -> Iterator[Any]:
    """A scheduler without its wrappers (such as accelerate's), and the schedulers it consists of."""
    inner = getattr(scheduler, "scheduler", None)
    if scheduler is None:
        return
    if inner is not None and inner is not scheduler:
        yield from unwrapped_schedulers(inner)
        return
    yield scheduler
    for part in getattr(scheduler, "_schedulers", None) or ():
        yield from unwrapped_schedulers(part)


def scale_learning_rate(optimizer: Any, scheduler: Optional[Any], ratio: float) -> None:
    """
    Scales the whole schedule: the current rates, and the base rates from which the scheduler computes later
    ones. The ratios between parameter groups stay the same.
    """
    for group in optimizer.param_groups:
        for name in _GROUP_RATES:
            if name in group:
                group[name] = group[name] * ratio
    for part in unwrapped_schedulers(scheduler):
        for name in ("base_lrs", "_last_lr"):
            rates: Optional[List[Any]] = getattr(part, name, None)
            if isinstance(rates, list):
                setattr(part, name, [rate * ratio for rate in rates])


class ScheduleScale:
    """
    The factor by which a schedule was scaled. It is relative to the base rate of the first process, so that
    applying it again after a resume is correct whether or not the checkpoint contains it.
    """

    def __init__(self, optimizer: Any, scheduler: Optional[Any], remembered: Any = None) -> None:
        self._optimizer = optimizer
        self._scheduler = scheduler
        self.base = float(remembered["base"]) if remembered else self._base_now()
        self.scale = float(remembered["scale"]) if remembered else 1.0
        if remembered and self._base_now() > 0:
            scale_learning_rate(optimizer, scheduler, self.base * self.scale / self._base_now())

    def _base_now(self) -> float:
        for part in unwrapped_schedulers(self._scheduler):
            bases = getattr(part, "base_lrs", None)
            if isinstance(bases, list) and bases:
                return float(bases[0])
        group = self._optimizer.param_groups[0]
        return float(group.get("initial_lr", group["lr"]))

    def set(self, value: float) -> float:
        """
        Sets the current rate; the schedule continues from there, in proportion. Returns the previous rate.
        Raises ValueError if the schedule is at 0, which cannot be scaled.
        """
        old = current_learning_rate(self._optimizer)
        if old == 0:
            raise ValueError("the schedule's learning rate is 0 at this step, so it cannot be scaled")
        scale_learning_rate(self._optimizer, self._scheduler, value / old)
        self.scale *= value / old
        return old

    def as_remembered(self) -> Any:
        """The values to persist for the next process of the run."""
        return {"base": self.base, "scale": self.scale}
