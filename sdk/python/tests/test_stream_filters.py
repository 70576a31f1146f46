from __future__ import annotations

import unittest
from typing import Any, Dict

import signalbox
from signalbox.streaming import StreamConfig
from signalbox.streaming.config import MAX_KEYS, MessageFilter
from signalbox.streaming.decode import decode_row

AT = "2026-11-20T12:00:00.000Z"


class FilterTest(unittest.TestCase):
    def test_values_out_of_range_raise_when_the_config_is_created(self):
        for wrong in (
            {"sample_rate": 0},
            {"sample_rate": 1.5},
            {"max_events_per_poll": 0},
            {"max_events_per_poll": 1001},
            {"max_events_per_poll": 2.5},
            {"streams": ["nothing"]},
            {"streams": "status"},
            {"event_levels": ["loud"]},
            {"surprise": 1},
        ):
            with self.subTest(wrong), self.assertRaises(signalbox.ConfigurationError):
                StreamConfig.from_dict(wrong)

    def test_presets_have_the_expected_streams(self):
        self.assertEqual(tuple(StreamConfig.minimal().streams), ("status",))
        self.assertEqual(tuple(StreamConfig.progress_only().streams), ("status", "metrics"))
        self.assertEqual(tuple(StreamConfig.errors_only().event_levels), ("error",))
        self.assertEqual(StreamConfig.default(), StreamConfig())

    def test_memory_for_duplicates_is_bounded(self):
        filter_ = MessageFilter(StreamConfig())
        for seq in range(MAX_KEYS + 5000):
            (message,) = decode_row("run", _event_row(seq))
            self.assertTrue(filter_.keeps(message))
            self.assertFalse(filter_.keeps(message))
        self.assertEqual(len(filter_._seen), MAX_KEYS)

    def test_a_star_matches_any_text_and_no_other_character_is_special(self):
        filter_ = MessageFilter(StreamConfig(metric_names=["eval/*", "a[b].c", "*loss"]))
        names = ["eval/x", "eval/", "eval", "a[b].c", "aXb.c", "train/loss", "loss/x"]
        kept = []
        for seq, name in enumerate(names):
            (message,) = decode_row(
                "run", {"seq": seq, "event": "metrics", "data": {name: [[0, 1, 0, None, None]]}}
            )
            if filter_.keeps(message):
                kept.append(name)
        self.assertEqual(kept, ["eval/x", "eval/", "a[b].c", "train/loss"])


def _event_row(seq: int) -> Dict[str, Any]:
    data = {"type": "t", "level": "info", "message": "", "data": {"step": 0}, "created_at": AT}
    return {"seq": seq, "event": "event", "data": data}


if __name__ == "__main__":
    unittest.main()
