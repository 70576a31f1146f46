from __future__ import annotations

import importlib.util
import math
import unittest
from unittest import mock

from signalbox.cli.csv_text import csv_row
from signalbox.cli.exits import CliError
from signalbox.cli.run_file import parse_toml, run_of_toml
from signalbox.cli.table import Cell, Column, aligned
from signalbox.cli.values import parse_assignment
from signalbox.streaming.handlers.text_width import truncate
from signalbox.transport.json_text import json_text


class RunFileTest(unittest.TestCase):
    def read(self, text, **options):
        if not any(importlib.util.find_spec(name) for name in ("tomllib", "tomli")):
            self.skipTest("Python 3.11 and newer read TOML")
        return run_of_toml(parse_toml("run.toml", text), "run.toml", **options)

    def test_it_names_the_run_and_holds_the_settings_and_gives_way_to_the_command_line(self):
        text = 'kind = "rl"\nname = "one"\ntags = ["a"]\n[config]\nepochs = 3\nlearning_rate = 1e-3\nday = 2026-11-20\n'
        config = {"epochs": 3, "learning_rate": 0.001, "day": "2026-11-20"}
        self.assertEqual(self.read(text), ("rl", "one", None, ["a"], config))
        changed = self.read(text, type="other", name="two", tag=["b", "a"], set=["epochs=5", "flag=true"])
        self.assertEqual(changed[:4], ("other", "two", None, ["a", "b"]))
        self.assertEqual(changed.config, {**config, "epochs": 5, "flag": True})
        self.assertEqual(self.read("").kind, "sft")

    def test_an_error_names_its_place(self):
        for text, place in (
            ('name = "x\n', "line 1, column 10"), ("[config", "line 1, column 8"), ("[config]\na = 1\na = 2", "line 3"),
        ):  # fmt: skip
            with self.assertRaisesRegex(CliError, f"^run.toml, {place}"):
                self.read(text)

    def test_a_python_without_a_toml_parser_says_what_to_do(self):
        with mock.patch("importlib.import_module", side_effect=ImportError):
            with self.assertRaisesRegex(CliError, "Python 3.11 or newer, or `pip install tomli`"):
                parse_toml("run.toml", "")


class ValuesTest(unittest.TestCase):
    def test_assignments_are_numbers_booleans_or_text(self):
        for text, value in (
            ("learning_rate=1.5e-3", 0.0015), ("flag=true", True), ("name=a=b", "a=b"), ("empty=", ""),
            ("n=0x10", 16), ("big=1e999", "1e999"), ("a=1_000", "1_000"), ("b= 2 ", 2), ("c=NaN", "NaN"),
        ):  # fmt: skip
            self.assertEqual(parse_assignment(text)[1], value, text)
        for text in ("learning_rate", "=3", " =3", ""):
            with self.assertRaisesRegex(CliError, "is not name=value"):
                parse_assignment(text)

    def test_csv_fields_are_safe_and_numbers_stay_numbers(self):
        self.assertEqual(csv_row(["=1+1", " -a", 'q"', "a,b", None, -3, 1e-9, math.nan]), "'=1+1,' -a,\"q\"\"\",\"a,b\",,-3,1e-9,NaN\n")

    def test_tables_cut_flexible_columns_and_measure_what_a_terminal_shows(self):
        columns = (Column("State"), Column("Name", flexible=True), Column("Step", right=True))
        row = [Cell("running"), Cell("a-run-with-a-long-name"), Cell("7")]
        self.assertEqual(aligned(columns, [row], 26, False)[1], "running  a-run-with…     7")
        self.assertEqual(aligned(columns, [row], 5, False)[1], "running  a-run-w…     7")
        self.assertEqual([truncate("語彙語彙", 5), truncate("語彙", 4), truncate("e\u0301", 1)], ["語彙…", "語彙", "e\u0301"])

    def test_json_is_written_as_javascript_does(self):
        value = {"a": [1e-05, 2.0, 1e-7, 1e21, 5e16, -0.0, True, None, math.inf], "∆": "\n"}
        text = '{"a":[0.00001,2,1e-7,1e+21,50000000000000000,0,true,null,"Infinity"],"∆":"\\n"}'
        self.assertEqual(json_text(value), text)


if __name__ == "__main__":
    unittest.main()
