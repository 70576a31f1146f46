"""
What `run.log()` costs a training loop. Arguments: seconds a part, path of the SDK. Prints one JSON
object: nanoseconds of single calls at 1,000 a second, and seconds that fixed work took with and without.
"""

import json
import statistics
import sys
import time

seconds = float(sys.argv[1])
sys.path.insert(0, sys.argv[2])

import signalbox  # noqa: E402

clock = time.perf_counter_ns


def at_a_thousand_a_second(call):
    """Nanoseconds of each call, on a beat of a millisecond."""
    count = int(seconds * 1000)
    took = [0] * count
    start = clock()
    for index in range(count):
        due = start + index * 1_000_000
        while clock() < due:
            time.sleep(0.0002)
        before = clock()
        call(index)
        took[index] = clock() - before
    return took


def work(amount):
    """Work that holds the interpreter's lock all the time: the worst case for a thread beside it."""
    total = 0
    for value in range(amount):
        total += value * value
    return total


def loop(steps, amount, call):
    """Seconds that so many steps of fixed work take, each with a call."""
    start = clock()
    for step in range(steps):
        work(amount)
        call(step)
    return (clock() - start) / 1e9


def amount_for(step_seconds):
    """How much work takes so long."""
    work(100_000)
    best = min(timed(work, 200_000) for _ in range(5))
    return max(1, int(200_000 * step_seconds / best))


def timed(function, *arguments):
    start = clock()
    function(*arguments)
    return (clock() - start) / 1e9


def slowdown(step_seconds, run):
    """Ratios of a loop with logging to one without, taken in turn so that both see the same machine."""
    amount, steps = amount_for(step_seconds), max(20, int(seconds / 8 / step_seconds))
    ratios = []
    for _ in range(5):
        without = loop(steps, amount, nothing)
        with_log = loop(steps, amount, lambda step: run.log(values(step), step=step))
        after = loop(steps, amount, nothing)
        ratios.append(with_log / ((without + after) / 2))
    return statistics.median(ratios), min(ratios), max(ratios)


def nothing(step):
    pass


def values(step):
    return {"train/loss": 1 / (step + 1), "train/learning_rate": 3e-4, "train/grad_norm": 1.5}


run = signalbox.init(name="bench: log()")
time.sleep(1)
calls = at_a_thousand_a_second(lambda index: run.log(values(index), step=index))
empty = at_a_thousand_a_second(nothing)
results = {
    "python": sys.version.split()[0],
    "calls": calls,
    "nothing": empty,
    "loops": [[step, *slowdown(step, run)] for step in (0.001, 0.01, 0.05)],
    "sent": run.finish(),
}
print(json.dumps(results))
