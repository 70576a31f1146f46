"""Converts predictions of scripts to rows of the dashboard."""

from __future__ import annotations

import json
import math
from typing import Any, Dict, Iterator, Mapping

from ..values import TEXT_BYTES, BadValue, clip_text, to_epoch, to_float, to_json, to_step
from ..warn_once import Warn

_MEASURES = ("exact_match", "char_error_rate", "length_ratio", "word_overlap", "latency_ms")
_COUNTS = (
    "tokens",
    "completion_tokens",
    "prompt_tokens",
    "total_tokens",
    "max_new_tokens",
    "source_index",
)
_FLAGS = ("validation_pass", "validation_passed", "do_sample")
_NAMES = ("prompt_id", "validation_kind", "sample_source", "sample_source_id")
# The dashboard gives the last five; it ignores them in a row.
_KNOWN = frozenset(
    ("epoch", "step", "sample_index", "prompt", "prediction", "ground_truth", "validation_errors")
    + ("scores", "metadata")
    + _MEASURES + _COUNTS + _FLAGS + _NAMES
    + ("id", "job_id", "user_id", "sample_id", "created_at")
)
_SHORT_TEXT = 256
_MAX_SCORES = 64
_MAX_SCORE_NAME = 128


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
    for name in _NAMES:
        if given.get(name) is not None:
            row[name] = str(given[name])[:_SHORT_TEXT]
    if row.get("prompt_id") == "":
        del row["prompt_id"]
    for name in _MEASURES:
        # A measure that is not finite was not measured.
        if given.get(name) is not None and math.isfinite(to_float(given[name])):
            row[name] = to_float(given[name])
    for name in _COUNTS:
        if given.get(name) is not None:
            row[name] = to_step(given[name])
    for name in _FLAGS:
        if given.get(name) is not None:
            row[name] = bool(given[name])
    if given.get("validation_errors") is not None:
        errors = to_json(given["validation_errors"])
        if len(json.dumps(errors).encode()) > TEXT_BYTES:
            raise BadValue("validation_errors is longer than 256 KiB")
        row["validation_errors"] = errors
    if given.get("metadata") is not None:
        row["metadata"] = to_json(dict(given["metadata"]))
    _add_scores(row, given)
    return row


def _add_scores(row: Dict[str, Any], given: Mapping[str, Any]) -> None:
    """Adds every further field: numbers and short texts are scores of the prediction."""
    scores = {str(name): _plain(value) for name, value in (given.get("scores") or {}).items()}
    for name, value in scores.items():
        if value is not None and not _is_score(value):
            raise BadValue(f"the score {name!r} must be a number or a text of at most 256 characters")
    further = {
        str(name): _plain(value)
        for name, value in given.items()
        if name not in _KNOWN and value is not None
    }
    names = {name for name, value in further.items() if _is_score(value)} | set(scores)
    if len(names) > _MAX_SCORES:
        raise BadValue(f"a prediction can have at most {_MAX_SCORES} scores, not {len(names)}")
    for name in names:
        if not 0 < len(name) <= _MAX_SCORE_NAME or name == "__proto__":
            raise BadValue(f"{name[:40]!r} cannot be the name of a score")
    row.update(further)
    if scores:
        row["scores"] = scores


def _is_score(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _SHORT_TEXT
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(value: Any) -> Any:
    """A value as JSON; scalars of NumPy and PyTorch become numbers."""
    if value is None or isinstance(value, (bool, str, int, dict, list, tuple)):
        return to_json(value)
    try:
        return to_json(to_float(value))
    except (BadValue, TypeError, ValueError):
        return to_json(value)
