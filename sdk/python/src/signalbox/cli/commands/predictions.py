"""`predictions`: the model's predictions."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ...streaming.handlers.plain_text import format_number
from ...transport.json_text import number_text
from ..command import RUN_ARGUMENT, Command, InvalidArgument, Option, Values
from ..context import CliContext
from ..exits import SUCCESS
from ..find_job import find_job
from ..table import Cell, Column
from ..text import integer
from ..values import number_option

SAMPLES = (
    Column("Sample", right=True),
    Column("Prompt", flexible=True),
    Column("Prediction", flexible=True),
    Column("Ground truth", flexible=True),
    Column("Exact", right=True),
    Column("Error rate", right=True),
)
TRENDS = (
    Column("Epoch", right=True),
    Column("Step", right=True),
    Column("Samples", right=True),
    Column("Exact", right=True),
    Column("Error rate", right=True),
    Column("Overlap", right=True),
)

MORE = """
Examples:
  signalbox predictions my-run                              the last epoch
  signalbox predictions my-run --epoch 7 --sort worst -n 20
  signalbox predictions my-run --epoch 7 --from 3 --filter regressed
  signalbox predictions my-run --sort -scores.reward --where scores.judge:bad
  signalbox predictions my-run --trends"""

SORTS = ("index", "-index", "worst", "best", "regressed", "improved")
MEASURES = (
    "exact_match", "char_error_rate", "length_ratio", "word_overlap", "latency_ms", "tokens", "validation_pass",
)  # fmt: skip
SCORES = "scores."


def _is_measure(text: str) -> bool:
    return text in MEASURES or _is_score(text)


def _is_score(text: str) -> bool:
    return text.startswith(SCORES) and 1 <= len(text) - len(SCORES) <= 128


def _sort_order(text: str, _: Any) -> str:
    if text in SORTS or _is_measure(text[1:] if text.startswith("-") else text):
        return text
    raise InvalidArgument("It is no order, measure or scores.<name>.")


def _measure(text: str, _: Any) -> str:
    if _is_measure(text):
        return text
    raise InvalidArgument("It is no measure or scores.<name>.")


OPTIONS = (
    Option("--epoch <epoch>", "epoch (default: the latest)", parse=number_option(0, whole=False)),
    Option("--from <epoch>", "compare with this epoch", parse=number_option(0, whole=False)),
    Option(
        "--sort <order>",
        f"{', '.join(SORTS)}, a measure or scores.<name>; prefix with - to sort descending",
        parse=_sort_order,
    ),
    Option(
        "--by <measure>",
        "measure or scores.<name> that worst, best, regressed and improved go by",
        parse=_measure,
    ),
    Option("--where <condition...>", "only predictions that meet this, such as scores.judge:good"),
    Option(
        "--filter <filter>",
        "only these",
        choices=("right", "wrong", "changed", "improved", "regressed", "passed", "failed"),
    ),
    Option("-q, --search <text>", "only predictions containing this text"),
    Option("-n, --limit <count>", "how many", parse=number_option(1, 1000), default=50),
    Option("--offset <count>", "how many to skip", parse=number_option(0, 100_000_000), default=0),
    Option("--trends", "show the quality of every epoch instead"),
    Option("--json", "the whole reply as JSON"),
)


def run(cli: CliContext, values: Values) -> int:
    """Prints the predictions of one epoch, or the quality of every epoch."""
    job_id = find_job(cli, values.run)["id"]
    if values.trends:
        _print_trends(cli, job_id, values)
    else:
        _print_samples(cli, job_id, values)
    return SUCCESS


def _print_samples(cli: CliContext, job_id: str, values: Values) -> None:
    epoch = values.epoch
    if epoch is None:
        epochs = cli.client.predictions.epochs(job_id)["epochs"]
        epoch = epochs[-1]["epoch"] if epochs else None
    before = None if epoch is None else values["from"]
    page = cli.client.predictions.get(
        job_id,
        epoch=_query_number(epoch),
        changed_from=_query_number(before),
        q=values.search,
        sort=values.sort,
        by=values.by,
        where=values.where,
        filter=values.filter,
        limit=values.limit,
        offset=values.offset,
    )
    if values.json:
        cli.json(page)
        return
    compared = [] if before is None else [Column(f"Epoch {number_text(before)}", flexible=True)]
    scores = _scores_named(values.sort, values.by)
    columns = [*SAMPLES, *(Column(name, right=True) for name in scores), *compared]
    cli.table(columns, [_cells(one, scores, bool(compared)) for one in page["predictions"]])
    rest = page["total_count"] - values.offset - len(page["predictions"])
    if epoch is None:
        cli.note("This run has no predictions.")
    elif cli.terminal:
        cli.note(f"Epoch {format_number(epoch)}: {integer(page['total_count'])} in total")
    if rest > 0:
        cli.note(f"{integer(rest)} more; use --limit and --offset")


def _query_number(number: Optional[float]) -> Optional[str]:
    return None if number is None else number_text(number)


def _scores_named(*fields: Optional[str]) -> List[str]:
    """The scores that the order goes by: they are shown."""
    names = ((field or "")[1:] if (field or "").startswith("-") else field or "" for field in fields)
    return list(dict.fromkeys(name[len(SCORES) :] for name in names if _is_score(name)))


def _cells(one: Dict[str, Any], scores: List[str], compared: bool) -> List[Cell]:
    exact = one["exact_match"]
    texts = [
        integer(one["sample_index"]),
        one["prompt"],
        one["prediction"],
        one["ground_truth"] or "",
        "" if exact is None else "✓" if exact >= 1 else "✗",
        _rate(one["char_error_rate"]),
        *(_score(one["scores"].get(name)) for name in scores),
    ]
    previous = one.get("previous") or {}
    return list(map(Cell, [*texts, previous.get("prediction") or ""] if compared else texts))


def _score(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else format_number(value)


def _rate(value: Optional[float]) -> str:
    return "" if value is None else format_number(value)


def _print_trends(cli: CliContext, job_id: str, values: Values) -> None:
    reply = cli.client.predictions.trends(job_id)
    if values.json:
        cli.json(reply)
        return
    cli.table(TRENDS, [_trend(one) for one in reply["trends"]])
    improvement = reply["overall_improvement"]
    if improvement is not None and cli.terminal:
        cli.note(f"Mean error rate fell by {format_number(improvement)} %.")


def _trend(one: Dict[str, Any]) -> List[Cell]:
    texts = [
        format_number(one["epoch"]),
        integer(one["step"]),
        integer(one["sample_count"]),
        _rate(one["avg_exact_match"]),
        _rate(one["avg_char_error_rate"]),
        _rate(one["avg_word_overlap"]),
    ]
    return list(map(Cell, texts))


PREDICTIONS = Command("predictions", "print the model's predictions", run, (RUN_ARGUMENT,), OPTIONS, MORE)
