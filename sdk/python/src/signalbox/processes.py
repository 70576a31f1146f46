"""Which of several processes of a training is the one that reports."""

from __future__ import annotations

import os
from typing import Mapping

# Launchers tell a process its rank so: torchrun, accelerate, Slurm, Open MPI, MPICH, Horovod.
RANK_VARIABLES = ("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "HOROVOD_RANK")


def process_rank(environment: Mapping[str, str] = os.environ) -> int:
    """The rank by the launcher's variables; 0 where there is none."""
    for name in (*RANK_VARIABLES, "LOCAL_RANK"):
        text = environment.get(name, "").strip()
        if text.isdigit():
            return int(text)
    return 0
