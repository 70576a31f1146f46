"""What launchers tell a process about its training: its rank, and the number of processes."""

from __future__ import annotations

import os
from typing import Mapping, Optional, Sequence

# torchrun and accelerate, Slurm, Open MPI, MPICH, Horovod.
RANK_VARIABLES = ("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "HOROVOD_RANK")
WORLD_VARIABLES = (
    "WORLD_SIZE",
    "SLURM_STEP_NUM_TASKS",
    "OMPI_COMM_WORLD_SIZE",
    "PMI_SIZE",
    "HOROVOD_SIZE",
)


def launcher_rank(environment: Mapping[str, str] = os.environ) -> int:
    """The rank from the launcher's variables; 0 without a launcher."""
    return _first_number(environment, (*RANK_VARIABLES, "LOCAL_RANK")) or 0


def launcher_world_size(environment: Mapping[str, str] = os.environ) -> int:
    """The number of processes from the launcher's variables; 1 without a launcher."""
    size = _first_number(environment, WORLD_VARIABLES)
    return 1 if size is None else size


def _first_number(environment: Mapping[str, str], names: Sequence[str]) -> Optional[int]:
    for name in names:
        text = environment.get(name, "").strip()
        if text.isdigit():
            return int(text)
    return None
