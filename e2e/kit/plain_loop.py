"""A training loop as people write one, which also notes down what it logged."""

import json
import sys
import time

import signalbox

steps, pace, notes_file = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
notes = open(notes_file, "a")
run = signalbox.init(
    id="plain-loop", name="A plain Python loop", total_steps=steps, live_params={"learning_rate": (0, 1)}
)

for step in run.steps(range(run.step + 1, steps)):
    rate = run.param("learning_rate", 0.1)
    loss = 1 / (step + 2) + (step * 7919 % 1000) / 1e5
    run.log({"train/loss": loss, "train/learning_rate": rate}, step=step)
    notes.write(json.dumps([step, loss, rate]) + "\n")
    notes.flush()
    time.sleep(pace)

run.finish()
