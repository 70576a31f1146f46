"""A script that trains while the dashboard is away: what it logs stays on disk."""

import signalbox

run = signalbox.init(id="unsent", name="unsent", total_steps=50)
for step in run.steps(range(1, 51)):
    run.log({"train/loss": 1 / step}, step=step)
print("trained without the dashboard")
run.finish()
