"""A run that takes every command, until it is killed."""

import itertools
import time
from pathlib import Path

import signalbox

run = signalbox.init(id="my-run", live_params={"learning_rate": (0, 1)})


@run.checkpoint
def save(step):
    path = Path(f"weights-{step}")
    path.write_text("1")
    return path


for step in itertools.count():
    if not run.step_boundary():
        break
    run.log({"train/loss": 1 / (step + 1), "train/learning_rate": run.param("learning_rate", 0.1)}, step=step)
    time.sleep(0.02)
