"""
What `run.log()` costs a training loop. Arguments: seconds a part, path of the SDK. Prints one JSON
object: nanoseconds of single calls, on a beat of 1,000 a second and one after the other, and how much
longer fixed work takes with a call a step than without.
"""

import json
import os
import sys
import time
import zlib

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


large, small = os.urandom(65536), os.urandom(2048)


def lock_released(amount):
    """Work as numeric libraries do it: in C, without the interpreter's lock."""
    for _ in range(amount // 32):
        zlib.crc32(large)


def lock_held(amount):
    """
    Short calls that keep the lock: the worst case for a thread beside them. They make no objects: a loop
    of plain Python runs some per cent quicker or slower by where its objects happen to lie.
    """
    for _ in range(amount):
        zlib.crc32(small)


def loop(work, steps, amount, call):
    """Seconds for steps of fixed work with a call each."""
    start = clock()
    for step in range(steps):
        work(amount)
        call(step)
    return (clock() - start) / 1e9


def slowdowns(work, step_seconds, call):
    """
    Ratios of the time that a loop takes with the call to the same without, for each pair of turns.
    Neighbouring turns meet the same machine; which comes first alternates. The first part of a turn isn't
    counted: what was logged is sent a moment later, and belongs to the turn before.
    """
    amount = int(20_000 * step_seconds / min(loop(work, 1, 20_000, nothing) for _ in range(20)))
    counted, lead = (max(2, int(part / step_seconds)) for part in (1.2, 0.4))
    calls = (nothing, call)
    ratios = []
    for pair in range(max(2, int(3 * seconds))):
        took = {}
        for calling in (pair % 2, 1 - pair % 2):
            loop(work, lead, amount, calls[calling])
            took[calling] = loop(work, counted, amount, calls[calling])
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


def log(step):
    run.log(values(step), step=step)


def timed_ns(index):
    before = clock()
    log(index)
    return clock() - before


apart = keep_apart()
run = signalbox.init(name="bench: log()")
time.sleep(1)
calls, sender = at_a_thousand_a_second(log)
close = [timed_ns(index) for index in range(20_000)]
empty, _ = at_a_thousand_a_second(nothing)
results = {
    "python": sys.version.split()[0],
    "calls": calls,
    "nothing": empty,
    "close": close,
    "sender": sender,
    "apart": apart,
    "loops": [
        ["1 ms in C, lock released", slowdowns(lock_released, 0.001, log)],
        ["1 ms in C, lock held", slowdowns(lock_held, 0.001, log)],
        ["10 ms in C, lock held", slowdowns(lock_held, 0.01, log)],
        ["1 ms, and nothing logged", slowdowns(lock_held, 0.001, nothing)],
    ],
    "sent": run.finish(),
}
print(json.dumps(results))
