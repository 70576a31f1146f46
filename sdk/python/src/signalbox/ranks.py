"""
The processes of one training. Rank 0 hears the dashboard; at meetings it tells the others, so that all of
them do the same at the same step. Every rank must make the same calls in the same order.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any, Callable, List, Mapping

from .errors import ConfigurationError

# How many processes a launcher has started: torchrun and accelerate, Slurm's srun, Open MPI, MPICH, Horovod.
WORLD_VARIABLES = (
    "WORLD_SIZE",
    "SLURM_STEP_NUM_TASKS",
    "OMPI_COMM_WORLD_SIZE",
    "PMI_SIZE",
    "HOROVOD_SIZE",
)
# A meeting makes the ranks wait for one another, so it is held about so often, not at every step.
MEET_EVERY = 0.25
MOST_CALLS = 1000


class Ranks:
    """Those of a training that is one process: nothing has to be agreed on."""

    first = True
    """Whether this is rank 0, which hears the dashboard and reports."""
    several = False

    def share(self, value: Any) -> Any:
        """Rank 0's value, which JSON can carry, in every rank."""
        return value

    def gather(self, value: Any) -> List[Any]:
        """Every rank's value, in every rank. All of them have come here when it returns."""
        return [value]


class TorchRanks(Ranks):
    """The default process group of torch.distributed. What goes wrong there is raised as it is."""

    several = True

    def __init__(self, distributed: Any) -> None:
        self._distributed = distributed
        self.first = distributed.get_rank() == 0

    def share(self, value: Any) -> Any:
        box = [json.dumps(value) if self.first else None]
        self._distributed.broadcast_object_list(box, src=0)
        return json.loads(str(box[0]))

    def gather(self, value: Any) -> List[Any]:
        boxes: List[Any] = [None] * self._distributed.get_world_size()
        self._distributed.all_gather_object(boxes, json.dumps(value))
        return [json.loads(box) for box in boxes]


def _process_group() -> Any:
    # Nobody has made a process group without importing this, and importing it takes seconds.
    distributed = sys.modules.get("torch.distributed")
    if distributed is None or not (distributed.is_available() and distributed.is_initialized()):
        return None
    return distributed


def world_size(environment: Mapping[str, str] = os.environ) -> int:
    """How many processes train together, by the process group, else by the launcher's variables."""
    distributed = _process_group()
    if distributed is not None:
        return int(distributed.get_world_size())
    for name in WORLD_VARIABLES:
        text = environment.get(name, "").strip()
        if text.isdigit():
            return int(text)
    return 1


def present_ranks() -> Ranks:
    """The ranks that can be talked to now: those of the process group, or this process alone."""
    distributed = _process_group()
    return TorchRanks(distributed) if distributed is not None and world_size() > 1 else Ranks()


def required_ranks(environment: Mapping[str, str] = os.environ) -> Ranks:
    """The same. Raises ConfigurationError where there are several processes without a process group."""
    size = world_size(environment)
    if size > 1 and _process_group() is None:
        raise ConfigurationError(
            f"all_ranks=True: the launcher started {size} processes, but they cannot talk to one another yet. "
            "Call torch.distributed.init_process_group() first. With Hugging Face, make the TrainingArguments "
            "first; with Lightning, leave all_ranks out: its callback shares by itself."
        )
    return present_ranks()


class Meetings:
    """Which calls of a loop are meetings: counted alike in every rank, paced by rank 0's clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since = clock()
        self.calls = 1
        """After how many calls the ranks meet, as rank 0 said last."""
        self._left = 1

    def due(self) -> bool:
        """Counts a call; whether it is a meeting."""
        self._left -= 1
        return self._left <= 0

    def pace(self) -> int:
        """After how many calls the next meeting is, by the time that the last ones took. Rank 0's to say."""
        each = max(1e-9, self._clock() - self._since) / self.calls
        # At most twice as many as last time: a few quick calls do not postpone the next meeting by far.
        return int(max(1, min(MEET_EVERY / each, 2 * self.calls, MOST_CALLS)))

    def again_after(self, calls: int) -> None:
        """Notes what rank 0 said."""
        self.calls = self._left = calls
        self._since = self._clock()
