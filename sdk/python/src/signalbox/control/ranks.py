"""
The processes of one training. Only rank 0 receives commands; it broadcasts them, so that every rank does the
same at the same step. Every rank must make the same calls in the same order.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, List, Mapping

from ..errors import ConfigurationError
from .launcher import launcher_world_size


class Ranks:
    """The only rank of a training in one process: there is nothing to synchronize."""

    is_rank_0 = True
    """Whether this is rank 0, which receives commands and reports."""
    distributed = False
    """Whether there are other ranks."""

    def broadcast(self, value: Any) -> Any:
        """Returns rank 0's value, which must be JSON-serializable, in every rank."""
        return value

    def all_gather(self, value: Any) -> List[Any]:
        """Returns every rank's value in every rank. Also a barrier."""
        return [value]


class TorchRanks(Ranks):
    """The default process group of torch.distributed. Its errors are raised unchanged."""

    distributed = True

    def __init__(self, process_group: Any) -> None:
        self._process_group = process_group
        self.is_rank_0 = process_group.get_rank() == 0

    def broadcast(self, value: Any) -> Any:
        objects = [json.dumps(value) if self.is_rank_0 else None]
        self._process_group.broadcast_object_list(objects, src=0)
        return json.loads(str(objects[0]))

    def all_gather(self, value: Any) -> List[Any]:
        objects: List[Any] = [None] * self._process_group.get_world_size()
        self._process_group.all_gather_object(objects, json.dumps(value))
        return [json.loads(text) for text in objects]


def _process_group() -> Any:
    # Importing torch takes seconds, and without an earlier import there is no process group.
    distributed = sys.modules.get("torch.distributed")
    if distributed is None or not (distributed.is_available() and distributed.is_initialized()):
        return None
    return distributed


def world_size(environment: Mapping[str, str] = os.environ) -> int:
    """The number of processes of the training: of the process group, or as the launcher says."""
    process_group = _process_group()
    if process_group is not None:
        return int(process_group.get_world_size())
    return launcher_world_size(environment)


def available_ranks() -> Ranks:
    """The ranks of the process group, or this process alone if there is none."""
    process_group = _process_group()
    return TorchRanks(process_group) if process_group is not None and world_size() > 1 else Ranks()


def required_ranks(environment: Mapping[str, str] = os.environ) -> Ranks:
    """The same. Raises ConfigurationError for several processes without a process group."""
    size = world_size(environment)
    if size > 1 and _process_group() is None:
        raise ConfigurationError(
            f"all_ranks=True: the launcher started {size} processes, but they cannot communicate yet. "
            "Call torch.distributed.init_process_group() first. With Hugging Face, create the TrainingArguments "
            "first; with Lightning, leave out all_ranks: its callback synchronizes the ranks itself."
        )
    return available_ranks()
