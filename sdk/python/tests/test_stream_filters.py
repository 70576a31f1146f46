from __future__ import annotations

import json
import unittest
from typing import Any, Dict

import signalbox
from signalbox.streaming import StreamConfig, StreamType
from signalbox.streaming.decode import decode_row
from signalbox.streaming.message_filter import MAX_KEYS, MessageFilter

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
        self.assertEqual(tuple(StreamConfig.progress_only().streams), ("status", "events", "metrics"))
        self.assertEqual(tuple(StreamConfig.errors_only().event_levels), ("error", "warning"))
        self.assertEqual(StreamConfig.default(), StreamConfig())

    def test_progress_only_keeps_the_usual_events_and_metrics_of_both_trainers(self):
        config = StreamConfig.progress_only()
        names = ["train/loss", "train.loss", "eval/loss", "eval/reward_mean", "train/grad_norm", "system/gpu"]
        kept = [name for name in names if config.should_include_metric({"name": name})]
        self.assertEqual(kept, names[:4])
        types = ["sft.progress", "sft.loss", "sft.validation.summary", "rl.train.step", "checkpoint"]
        self.assertEqual([type_ for type_ in types if config.should_include_event({"type": type_})], types[:4])

    def test_sets_tuples_and_stream_types_are_taken_wherever_lists_are(self):
        config = StreamConfig(
            enabled_streams={StreamType.METRICS, StreamType.STATUS},
            event_types=frozenset({"a"}),
            event_levels={"error", "debug"},
            metric_names=("loss",),
            metric_phases={"train"},
            timeline_phases=["saving"],
        )
        self.assertEqual((config.streams, config.enabled_streams), (("metrics", "status"),) * 2)
        self.assertEqual(config.event_levels, ("debug", "error"))
        self.assertEqual(StreamConfig.from_dict(json.loads(json.dumps(config.to_dict()))), config)
        self.assertEqual(StreamConfig.from_dict({"enabled_streams": ["status"]}), StreamConfig.minimal())
        self.assertEqual(StreamConfig(max_events_per_poll=None).max_events_per_poll, 200)
        with self.assertRaises(signalbox.ConfigurationError):
            StreamConfig(streams=["status"], enabled_streams=["status"])

    def test_a_config_says_which_events_points_and_phases_it_keeps(self):
        config = StreamConfig(
            event_types=["oom"], event_levels=["error"], metric_phases=["eval"], timeline_phases=["saving"]
        )
        self.assertTrue(config.should_include_event({"type": "oom", "level": "error"}))
        self.assertFalse(config.should_include_event({"type": "oom", "level": "info"}))
        self.assertFalse(config.should_include_event({"type": "other", "level": "error"}))
        self.assertTrue(config.should_include_metric({"name": "x", "phase": "eval"}))
        # Without a phase of its own, a point's phase is the group of its series.
        self.assertTrue(config.should_include_metric({"name": "eval/loss", "phase": None}))
        self.assertFalse(config.should_include_metric({"name": "train/loss"}))
        self.assertTrue(config.should_include_timeline({"phase": "saving"}))
        self.assertFalse(config.should_include_timeline({"phase": "loading"}))

    def test_dots_and_slashes_in_a_metric_name_are_the_same(self):
        config = StreamConfig(metric_names=["train.loss", "eval/*"])
        names = ["train.loss", "train/loss", "eval/loss", "eval.loss", "train_loss"]
        self.assertEqual([name for name in names if config.should_include_metric({"name": name})], names[:4])

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
