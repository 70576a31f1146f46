"""
Measures what `run.log()` costs a training loop. Arguments: seconds per part, path of the SDK. Prints one
JSON object: the duration of single calls in nanoseconds, at 1,000 calls per second and back to back, and how
much longer fixed work takes with one call per step than without.
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
    """The duration of each call at one call per millisecond, and the CPU share of all other threads."""
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
    """Work like that of numeric libraries: in C, without the interpreter lock."""
    for _ in range(amount // 32):
        zlib.crc32(large)


def lock_held(amount):
    """
    Short calls that keep the interpreter lock: the worst case for other threads. They allocate no objects: the
    speed of a plain Python loop varies by some percent with the memory layout of its objects.
    """
    for _ in range(amount):
        zlib.crc32(small)


def loop(work, steps, amount, call):
    """The duration in seconds of steps of fixed work with one call each."""
    start = clock()
    for step in range(steps):
        work(amount)
        call(step)
    return (clock() - start) / 1e9


def slowdowns(work, step_seconds, call):
    """
    The ratio of a loop's duration with the call to that without, for each pair of turns. Neighbouring turns
    run under the same load; the order alternates. The first part of a turn is not counted: data of the
    previous turn is still being sent.
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


def pin_to_cores():
    """
    Pins this script and its sender to one core, and the dashboard's processes to the others, as if they ran on
    another machine. False if the system does not support it.
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


apart = pin_to_cores()
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
