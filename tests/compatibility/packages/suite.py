"""Runs rows of the compatibility table with an installed package, and writes one line of JSON for each.

Settings: SIGNALBOX_URL and SIGNALBOX_API_KEY. Needs Python alone, beside the package under test."""

import asyncio
import inspect
import json
import os
import threading
import time
import traceback
import urllib.request
from typing import Any, Callable, Dict, List, Optional, Tuple

URL = os.environ["SIGNALBOX_URL"]
API_KEY = os.environ["SIGNALBOX_API_KEY"]

_rows: List[Tuple[str, Callable[[], Any]]] = []


def row(method: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Registers the check of a row, which the table knows by this method."""

    def register(check: Callable[[], Any]) -> Callable[[], Any]:
        _rows.append((method, check))
        return check

    return register


def equal(actual: Any, expected: Any) -> None:
    if actual != expected:
        raise AssertionError(f"{_short(actual)} instead of {_short(expected)}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 300 else f"{text[:300]} …"


def run_rows() -> None:
    for method, check in _rows:
        started, error = time.monotonic(), None
        try:
            result = check()
            if inspect.isawaitable(result):
                asyncio.run(asyncio.wait_for(result, 90))
        except BaseException as problem:
            place = traceback.extract_tb(problem.__traceback__)[-1]
            error = f"{type(problem).__name__}: {problem} ({os.path.basename(place.filename)}:{place.lineno})"
        seconds = round(time.monotonic() - started, 1)
        print("\n" + json.dumps({"method": method, "error": error, "seconds": seconds}), flush=True)


def call(method: str, path: str, body: Any = None, token: Optional[str] = None) -> Dict[str, Any]:
    """A request to the dashboard beside the package: with a job's token, else with the key."""
    headers = {"Content-Type": "application/json"}
    headers["Authorization"] = f"Bearer {token or API_KEY}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


class LiveRun(threading.Thread):
    """A run that is trained while the package watches it."""

    def __init__(self, job_id: str, steps: int = 299, seconds: float = 6.0, status: str = "completed"):
        super().__init__(daemon=True)
        self.job_id, self.steps, self.seconds, self.last = job_id, steps, seconds, status
        attached = {"job_id": job_id, "status": "running", "total_steps": steps, "model_name": "tiny"}
        self.token = call("POST", "/api/training/local/jobs", attached)["job_token"]

    def run(self) -> None:
        self.report([event("sft.training.started", total_steps=self.steps)])
        started, sent = time.monotonic(), 0
        while sent < self.steps:
            share = (time.monotonic() - started) / self.seconds
            due = range(sent + 1, max(sent + 1, min(self.steps, int(self.steps * share))) + 1)
            rows = [{"step": step, "epoch": 1 + step // 100, "train.loss": 1 / step, "train/lr": 3e-4} for step in due]
            self.post("metrics", {"job_id": self.job_id, "metrics": rows})
            self.report([one for step in due for one in self.step_events(step)])
            sent = due[-1]
            time.sleep(0.1)
        self.report([event("sft.validation.summary", step=self.steps, loss=0.1)])
        self.post(f"{self.job_id}/status", {"status": self.last})

    def step_events(self, step: int) -> List[Dict[str, Any]]:
        return [event("sft.progress", step=step, total_steps=self.steps), event("sft.loss", step=step, loss=1 / step)]

    def post(self, path: str, body: Any) -> None:
        call("POST", f"/api/training/local/{path}", body, self.token)

    def report(self, events: List[Dict[str, Any]]) -> None:
        self.post(f"{self.job_id}/events", {"events": events})


def event(kind: str, level: str = "info", **data: Any) -> Dict[str, Any]:
    return {"type": kind, "level": level, "message": kind, "data": data}


def live(job_id: str, **options: Any) -> LiveRun:
    run = LiveRun(job_id, **options)
    run.start()
    return run


def losses(points: List[Dict[str, Any]]) -> List[int]:
    """The steps of the loss among the points, in their order."""
    return [point["step"] for point in points if point["name"] == "train.loss"]
