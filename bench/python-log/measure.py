"""
What `run.log()` costs a training loop. Arguments: seconds a part, path of the SDK. Prints one JSON
object: nanoseconds of single calls, on a beat of 1,000 a second and one after the other, and how much
longer fixed work takes with a call a step than without.
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
    """Nanoseconds of each call on a beat of a millisecond, and the share of a core of all other threads."""
    count = int(seconds * 1000)
    took = [0] * count
    start, others = clock(), time.process_time() - time.thread_time()
    for index in range(count):
        due = start + index * 1_000_000
        while clock() < due:
            time.sleep(0.0002)
        before = clock()
        call(index)
        took[index] = clock() - before
    others = time.process_time() - time.thread_time() - others
    return took, others / ((clock() - start) / 1e9)


def work(amount):
    """Work that holds the interpreter's lock all the time: the worst case for a thread beside it."""
    total = 0
    for value in range(amount):
        total += value * value
    return total


def loop(steps, amount, call):
    """Seconds by the clock and of processor time, all threads, for steps of fixed work with a call each."""
    start, cpu = clock(), time.process_time()
    for step in range(steps):
        work(amount)
        call(step)
    return (clock() - start) / 1e9, time.process_time() - cpu


def amount_for(step_seconds):
    """How much work takes so long."""
    work(100_000)
    best = min(timed(work, 200_000) for _ in range(9))
    return max(1, int(200_000 * step_seconds / best))


def timed(function, *arguments):
    start = clock()
    function(*arguments)
    return (clock() - start) / 1e9


def slowdown(step_seconds, run):
    """
    Two ratios of a loop with logging to one without: of the quickest rounds by the clock, and the median
    one of processor time, which other programs on the machine disturb less. Rounds take turns.
    """
    amount, steps, rounds = amount_for(step_seconds), max(8, int(0.5 / step_seconds)), max(3, int(seconds))
    without, with_log = [], []
    for _ in range(rounds):
        without.append(loop(steps, amount, nothing))
        with_log.append(loop(steps, amount, lambda step: run.log(values(step), step=step)))
    wall = min(w for w, _ in with_log) / min(w for w, _ in without)
    cpu = statistics.median(c for _, c in with_log) / statistics.median(c for _, c in without)
    return wall, cpu


def nothing(step):
    pass


def values(step):
    return {"train/loss": 1 / (step + 1), "train/learning_rate": 3e-4, "train/grad_norm": 1.5}


def timed_ns(index):
    before = clock()
    run.log(values(index), step=index)
    return clock() - before


run = signalbox.init(name="bench: log()")
time.sleep(1)
calls, sender = at_a_thousand_a_second(lambda index: run.log(values(index), step=index))
close = [timed_ns(index) for index in range(20_000)]
empty, _ = at_a_thousand_a_second(nothing)
results = {
    "python": sys.version.split()[0],
    "calls": calls,
    "nothing": empty,
    "close": close,
    "sender": sender,
    "loops": [[step, *slowdown(step, run)] for step in (0.001, 0.01, 0.05)],
    "sent": run.finish(),
}
print(json.dumps(results))
