"""
Measures what synchronizing commands costs a training with several ranks: `python bench/ranks.py [STEPS] [RANKS]`.
Needs torch. Each step waits 10 ms and all-reduces with gloo; alternates turns with and without
`step_boundary()`. Prints one JSON object: the durations of steps, and of boundaries with and without a sync.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
RANKS = int(sys.argv[2]) if len(sys.argv) > 2 else 2
ROUNDS = 4


def train() -> None:
    """One rank."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
    import torch
    import torch.distributed as distributed

    import signalbox

    torch.set_num_threads(1)
    distributed.init_process_group("gloo")
    run = signalbox.init(mode="offline", all_ranks=True, dir=os.environ["FOLDER"])
    gradient = torch.ones(1000)
    steps = {True: [], False: []}
    boundaries = {True: [], False: []}
    rank_sync = run._control._rank_sync
    for turn in range(2 * ROUNDS):
        with_boundary = bool(turn % 2)
        # Excludes the turn without boundaries from the interval.
        rank_sync.restart(rank_sync.interval)
        for _ in range(STEPS // ROUNDS):
            start = time.perf_counter()
            time.sleep(0.01)
            distributed.all_reduce(gradient)
            reduced = time.perf_counter()
            if with_boundary:
                left = rank_sync.calls_left
                run.step_boundary()
                boundaries[left <= 1].append(time.perf_counter() - reduced)
            steps[with_boundary].append(time.perf_counter() - start)
    run.finish()
    if distributed.get_rank() == 0:
        print(json.dumps(report(steps, boundaries)))
    distributed.destroy_process_group()


def report(steps, boundaries):
    """The result in milliseconds and microseconds, from durations in seconds."""
    without, with_boundary = (statistics.fmean(steps[turn]) for turn in (False, True))
    return {
        "ranks": RANKS,
        "steps": len(steps[True]),
        "step_ms": round(1e3 * without, 3),
        "step_with_boundary_ms": round(1e3 * with_boundary, 3),
        "boundaries_percent": round(100 * sum(map(sum, boundaries.values())) / sum(steps[True]), 3),
        "syncs": len(boundaries[True]),
        "sync_us": round(1e6 * statistics.median(boundaries[True]), 1),
        "sync_p99_us": round(1e6 * sorted(boundaries[True])[int(0.99 * len(boundaries[True]))], 1),
        "between_us": round(1e6 * statistics.median(boundaries[False]), 2),
    }


def main() -> None:
    """Starts the ranks like torchrun."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        given = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": str(RANKS), "FOLDER": folder}
        ranks = [
            subprocess.Popen([sys.executable, *sys.argv], env={**os.environ, **given, "RANK": str(rank)})
            for rank in range(RANKS)
        ]
        sys.exit(max(abs(rank.wait()) for rank in ranks))


if __name__ == "__main__":
    train() if "RANK" in os.environ else main()
