"""
What `run.log()` costs a training loop. Arguments: seconds a part, path of the SDK. Prints one JSON
object: nanoseconds of single calls, on a beat of 1,000 a second and one after the other, and how much
longer fixed work takes with a call a step than without.
"""

import json
import os
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
    """Seconds by the clock for steps of fixed work with a call each."""
    start = clock()
    for step in range(steps):
        work(amount)
        call(step)
    return (clock() - start) / 1e9


def amount_for(step_seconds):
    """How much work takes so long."""
    best = min(loop(1, 200_000, nothing) for _ in range(20))
    return max(1, int(200_000 * step_seconds / best))


def slowdowns(step_seconds, run):
    """
    Ratios of the time that a loop takes with logging to the same without, one for each pair of turns.
    Neighbouring turns meet the same machine; which comes first alternates. The first half second of a
    turn isn't counted: what was logged is sent a moment later, and belongs to the turn before.
    """
    amount = amount_for(step_seconds)
    counted, lead = (max(2, int(part / step_seconds)) for part in (2.5, 0.5))
    calls = (nothing, lambda step: run.log(values(step), step=step))
    ratios = []
    for pair in range(max(2, int(seconds))):
        took = {}
        for logging in (pair % 2, 1 - pair % 2):
            loop(lead, amount, calls[logging])
            took[logging] = loop(counted, amount, calls[logging])
        ratios.append(took[1] / took[0])
    return ratios


def keep_apart():
    """
    This script and its sender on one core, the dashboard's processes on the others, as if on a machine of
    their own. False where the system cannot.
    """
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    if len(cores) < 2:
        return False
    os.sched_setaffinity(0, cores[-1:])
    with open(os.path.join(os.environ["SIGNALBOX_DATA_DIR"], "runtime.json")) as runtime:
        services = json.load(runtime)["services"].values()
    for pid in services:
        for thread in os.listdir(f"/proc/{pid}/task"):
            os.sched_setaffinity(int(thread), cores[:-1])
    return True


def nothing(step):
    pass


def values(step):
    return {"train/loss": 1 / (step + 1), "train/learning_rate": 3e-4, "train/grad_norm": 1.5}


def timed_ns(index):
    before = clock()
    run.log(values(index), step=index)
    return clock() - before


apart = keep_apart()
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
    "apart": apart,
    "loops": [[step, slowdowns(step, run)] for step in (0.001, 0.01, 0.05)],
    "sent": run.finish(),
}
print(json.dumps(results))
