from __future__ import annotations

import math
import unittest
from decimal import Decimal

import signalbox
from signalbox.delivery.spool import segments_of
from tests.support import DashboardTest


class Scalar:
    """Like a NumPy or torch scalar: a number behind `.item()`."""

    def __init__(self, value):
        self.value = value

    def item(self):
        if isinstance(self.value, list):
            raise ValueError("only one element can be converted")
        return self.value


class ReportingTest(DashboardTest):
    def test_what_is_logged_arrives_in_order_and_once(self):
        run = self.init(name="named", config={"lr": 1e-3}, tags=["a"], project="p", total_steps=500)
        for step in range(500):
            run.log({"train/loss": 1 / (step + 1), "acc": step}, step=step)
        self.assertTrue(run.finish())
        self.assertEqual(self.dashboard.series("run", "acc"), [(step, step) for step in range(500)])
        attached = self.dashboard.job("run")["attached"]
        self.assertEqual(len(attached), 1)
        self.assertEqual(attached[0]["tags"], ["project:p", "a"])
        self.assertEqual(attached[0]["config"], {"lr": 0.001})
        self.assertEqual(self.end_of()["status"], "succeeded")
        self.assertEqual(self.end_of()["step"], 499)

    def test_steps_are_counted_from_zero_or_from_the_last_given_step(self):
        run = self.init()
        for step in (None, None, 7, None):
            run.log({"x": 1.0}, step=step)
        run.log({"x": 1.0, "step": 3, "epoch": 0.5})
        run.finish()
        self.assertEqual([step for step, _ in self.dashboard.series("run", "x")], [0, 1, 7, 8, 3])
        self.assertEqual(self.dashboard.job("run")["points"][-1][3], 0.5)

    def test_every_kind_of_number_arrives_and_other_values_are_dropped(self):
        run = self.init()
        run.log(
            {
                "nan": math.nan,
                "inf": math.inf,
                "minus": -math.inf,
                "bool": True,
                "int": 2**60,
                "item": Scalar(1.5),
                "item nan": Scalar(math.nan),
                "decimal": Decimal("0.25"),
                "none": None,
                "text": "0.5",
                "many": Scalar([1, 2]),
                "nested": {"a": 1, "b": {"c": 2}},
                "huge": 10**400,
                "": 1,
                "x" * 257: 1,
            },
            step=0,
        )
        run.finish()
        values = {name: value for name, _, value, *_ in self.dashboard.job("run")["points"]}
        self.assertEqual(
            values,
            {
                "nan": "NaN",
                "inf": "Infinity",
                "minus": "-Infinity",
                "bool": 1,
                "int": float(2**60),
                "item": 1.5,
                "item nan": "NaN",
                "decimal": 0.25,
                "nested/a": 1,
                "nested/b/c": 2,
                "huge": "Infinity",
            },
        )

    def test_numpy_scalars_arrive_where_numpy_is_installed(self):
        try:
            import numpy
        except ImportError:
            self.skipTest("NumPy is not installed")
        run = self.init()
        run.log(
            {
                "f32": numpy.float32(0.5),
                "f64": numpy.float64(0.25),
                "i64": numpy.int64(7),
                "bool": numpy.bool_(True),
                "0-d": numpy.array(3.0),
                "vector": numpy.zeros(3),
            },
            step=numpy.int64(4),
            epoch=numpy.float32(1.5),
        )
        run.finish()
        points = self.dashboard.job("run")["points"]
        self.assertEqual(
            {name: value for name, _, value, *_ in points},
            {"f32": 0.5, "f64": 0.25, "i64": 7, "bool": 1, "0-d": 3.0},
        )
        self.assertEqual({(step, epoch) for _, step, _, epoch, _ in points}, {(4, 1.5)})

    def test_a_phase_travels_with_its_points(self):
        run = self.init()
        run.log({"loss": 0.5, "nan": math.nan}, step=1, epoch=2, phase="validation")
        run.finish()
        self.assertEqual(
            self.dashboard.job("run")["points"],
            [("loss", 1, 0.5, 2, "validation"), ("nan", 1, "NaN", 2, "validation")],
        )

    def test_invalid_values_never_raise_into_the_training(self):
        run = self.init()
        with self.assertLogs("signalbox", "WARNING") as logs:
            for nonsense in (None, 5, "text", [1], {"a": object()}, {object(): 1.0}):
                run.log(nonsense)
            for step in (-1, 1.5, "x", math.nan, 2**60):
                run.log({"a": 1}, step=step)
            run.log({"a": 1}, epoch=-1)
            run.event(None, None, "loud", {"a": object()})
            run.log_predictions(None)
            run.log_predictions([{"prompt": "p"}, 5, {"prompt": "p", "prediction": "q"}])
        run.finish()
        self.assertEqual(len(self.dashboard.job("run")["predictions"]), 1)
        # One warning per kind.
        kinds = [record.getMessage() for record in logs.records]
        self.assertEqual(len(kinds), len(set(kinds)))
        self.assertLess(len(kinds), 9)

    def test_more_values_than_a_batch_holds_are_split(self):
        run = self.init()
        run.log({f"series {number}": number for number in range(12_000)}, step=1)
        run.finish()
        self.assertEqual(len(self.dashboard.job("run")["points"]), 12_000)

    def test_events_and_predictions_arrive_as_given(self):
        run = self.init()
        run.log({"x": 1}, step=5, epoch=2)
        run.event("note", "hello", level="warn", data={"path": self.dir})
        run.log_predictions(
            [
                {"prompt": "a", "prediction": "b", "ground_truth": "c", "metadata": {"k": 1}},
                {"prompt": "d", "prediction": "e", "sample_index": 9, "exact_match": True},
            ]
        )
        run.finish()
        job = self.dashboard.job("run")
        self.assertEqual(job["events"][0]["level"], "warning")
        self.assertEqual(job["events"][0]["data"], {"path": str(self.dir)})
        first, second = job["predictions"]
        self.assertEqual((first["epoch"], first["step"], first["sample_index"]), (2, 5, 0))
        self.assertEqual((second["sample_index"], second["exact_match"]), (9, 1.0))

    def test_further_fields_of_a_prediction_are_sent_by_their_names(self):
        class Scalar:
            def item(self):
                return 0.5

        answer = {"prompt": "p", "prediction": "q"}
        run = self.init()
        with self.assertLogs("signalbox", "WARNING") as logs:
            run.log_predictions(
                [
                    {
                        **answer,
                        "validation_pass": True,
                        "validation_kind": "json",
                        "validation_errors": [{"path": "a"}],
                        "completion_tokens": 3,
                        "source_index": 41,
                        "do_sample": False,
                        "char_error_rate": float("nan"),
                        "reward": Scalar(),
                        "judge": "good",
                        "loss": float("nan"),
                        "flag": True,
                        "nested": {"a": (1, 2)},
                        "scores": {"pass@1": 1, "other": Scalar()},
                        "job_id": "another",
                        "nothing": None,
                    },
                    {**answer, "n" * 129: 1},
                    {**answer, **{f"s{i}": i for i in range(65)}},
                    {**answer, "scores": {"a": [1]}},
                ],
                step=1,
                epoch=1,
            )
        run.finish()
        (row,) = self.dashboard.job("run")["predictions"]
        self.assertEqual(len(logs.records), 1)
        self.assertEqual(
            {name: row[name] for name in row if name not in ("prompt", "prediction")},
            {
                "epoch": 1,
                "step": 1,
                "sample_index": 0,
                "validation_pass": True,
                "validation_kind": "json",
                "validation_errors": [{"path": "a"}],
                "completion_tokens": 3,
                "source_index": 41,
                "do_sample": False,
                "reward": 0.5,
                "judge": "good",
                "loss": "NaN",
                "flag": True,
                "nested": {"a": [1, 2]},
                "scores": {"pass@1": 1, "other": 0.5},
            },
        )

    def test_a_disabled_run_accepts_every_call_and_sends_nothing(self):
        for fields in ({"mode": "disabled"}, {"rank": "1"}):
            with self.subTest(fields):
                import os

                if "rank" in fields:
                    os.environ["RANK"] = fields["rank"]
                run = self.init(mode=fields.get("mode"))
                run.log({"x": 1})
                run.event("e")
                self.assertTrue(run.step_boundary())
                self.assertEqual(run.param("lr", 0.5), 0.5)
                self.assertEqual(list(run.commands()), [])
                self.assertFalse(run.should_pause() or run.should_stop())
                self.assertTrue(run.disabled and run.finish())
        self.assertEqual(self.dashboard.requests, [])
        self.assertEqual(list(self.dir.iterdir()), [])

    def test_invalid_arguments_raise_at_once(self):
        for fields in (
            {"id": "a b"},
            {"mode": "loud"},
            {"kind": "x"},
            {"resume": "maybe"},
            {"url": "ftp://x"},
            {"config": 5},
            {"tags": "one"},
            {"live_params": {"lr": (1, 0)}},
            {"live_params": {"lr": "high"}},
        ):
            with self.subTest(fields), self.assertRaises(signalbox.ConfigurationError):
                self.init(**fields)

    def test_one_run_has_one_writer(self):
        self.init()
        with self.assertRaises(signalbox.RunInUseError):
            self.init()

    def test_printed_lines_are_reported_and_still_printed(self):
        process = self.script(
            """
            import signalbox, sys
            run = signalbox.init(id="run", capture_output=True)
            kept = sys.stdout
            print("one")
            sys.stderr.write("10%\\r50%\\r100%\\n")
            print("open end", end="")
            run.finish()
            print("after", file=kept)
            """
        )
        out, _ = process.output
        self.assertEqual(out, "one\nopen endafter\n")
        lines = [(line["stream"], line["text"]) for line in self.dashboard.job("run")["lines"]]
        self.assertEqual(lines, [("stdout", "one"), ("stderr", "100%"), ("stdout", "open end")])

    def test_a_run_that_was_sent_completely_leaves_no_journal(self):
        run = self.init()
        run.log({"x": 1})
        run.finish()
        self.assertEqual(segments_of(self.dir / ".signalbox" / "runs" / "run"), [])


if __name__ == "__main__":
    unittest.main()
