"""Converts predictions of scripts to rows of the dashboard."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Mapping

from ..values import BadValue, clip_text, to_epoch, to_float, to_json, to_step
from ..warn_once import Warn

_NUMBERS = ("exact_match", "char_error_rate", "length_ratio", "word_overlap", "latency_ms")


def prediction_rows(
    predictions: Any, step: Any, epoch: Any, warn_once: Warn
) -> Iterator[Dict[str, Any]]:
    """One row per valid prediction; invalid ones are dropped with a warning."""
    for index, given in enumerate(predictions):
        try:
            yield _row(dict(given), index, step, epoch)
        except (BadValue, KeyError, TypeError, ValueError) as error:
            warn_once("bad prediction", f"log_predictions: one is dropped: {error!r}")


def _row(given: Mapping[str, Any], index: int, step: Any, epoch: Any) -> Dict[str, Any]:
    row: Dict[str, Any] = {
        "epoch": to_epoch(given.get("epoch", epoch)),
        "step": to_step(given.get("step", step)),
        "sample_index": to_step(given.get("sample_index", index)),
        "prompt": clip_text(str(given["prompt"])),
        "prediction": clip_text(str(given["prediction"])),
    }
    if given.get("ground_truth") is not None:
        row["ground_truth"] = clip_text(str(given["ground_truth"]))
    if given.get("prompt_id") is not None:
        row["prompt_id"] = str(given["prompt_id"])[:256] or None
    for name in _NUMBERS:
        if given.get(name) is not None:
            row[name] = to_float(given[name])
    if given.get("tokens") is not None:
        row["tokens"] = to_step(given["tokens"])
    if given.get("validation_passed") is not None:
        row["validation_passed"] = bool(given["validation_passed"])
    if given.get("metadata") is not None:
        row["metadata"] = to_json(dict(given["metadata"]))
    return row
