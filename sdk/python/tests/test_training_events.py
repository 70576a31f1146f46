from __future__ import annotations

import unittest
from typing import Any, Dict, List, Tuple

from signalbox.integrations.training_events import TrainingEvents


class Recorder:
    """A run that records its events."""

    def __init__(self, total_steps: Any) -> None:
        self.total_steps = total_steps
        self.events: List[Tuple[str, Dict[str, Any]]] = []

    def event(self, type: str, message: str, level: str = "info", data: Any = None) -> None:
        self.events.append((type, data))

    def steps(self, type: str) -> List[int]:
        return [data["step"] for each, data in self.events if each == type]


class TrainingEventsTest(unittest.TestCase):
    def train(self, total: Any, steps: int, seconds: float, start: int = 0) -> Recorder:
        run, now = Recorder(total), [0.0]
        events = TrainingEvents(run, start, clock=lambda: now[0])  # type: ignore[arg-type]
        for step in range(start + 1, steps + 1):
            now[0] += seconds
            events.progress(step, None, {"train/loss": 0.5, "system/gpu": 1})
        return run

    def test_fast_steps_are_reported_every_two_per_cent_with_the_first_and_the_last(self):
        run = self.train(10_000, 10_000, 0.0001)
        steps = run.steps("sft.progress")
        self.assertEqual((steps[:3], steps[-1], len(steps)), ([1, 201, 401], 10_000, 51))
        self.assertEqual(run.steps("sft.loss"), steps)
        data = {"step": 1, "total_steps": 10_000, "epoch": None, "progress": 0.0001, "loss": 0.5}
        self.assertEqual(run.events[1], ("sft.progress", data))

    def test_slow_steps_are_reported_once_a_second_and_at_most_200_times(self):
        self.assertEqual(self.train(400, 20, 0.5).steps("sft.progress"), [1, 3, 5, 7, 9, 11, 13, 15, 17, 19])
        self.assertEqual(len(self.train(10_000, 10_000, 1).steps("sft.progress")), 201)
        self.assertEqual(self.train(None, 10, 0.5).steps("sft.progress"), [1, 3, 5, 7, 9])

    def test_a_resumed_training_is_not_started_again_and_its_progress_goes_on(self):
        run = self.train(1000, 360, 0.001, start=300)
        self.assertEqual(run.steps("sft.training.started"), [])
        self.assertEqual(run.steps("sft.progress"), [320, 340, 360])

    def test_an_evaluation_has_its_figures(self):
        run = Recorder(100)
        events = TrainingEvents(run, 50)  # type: ignore[arg-type]
        events.evaluated(50, 1, {"eval/exact_match": 0.5, "eval/name": "x", "train/loss": 1.0})
        events.evaluated(51, 1, {"train/loss": 1.0})
        data = {"step": 50, "total_steps": 100, "epoch": 1, "progress": 0.5, "exact_match": 0.5}
        self.assertEqual(run.events, [("sft.validation.summary", data)])


if __name__ == "__main__":
    unittest.main()
