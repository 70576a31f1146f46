"""What the commands that follow a run have in common."""

from __future__ import annotations

import sys
from typing import Any, List, NamedTuple, Optional, Tuple

from ..streaming import CLIHandler, JSONHandler, RichHandler, StreamConfig, StreamHandler, StreamType
from ..streaming.items import TERMINAL_STATUSES
from .command import Option, Values
from .context import CliContext
from .exits import CANCELLED, FAILURE, SUCCESS, usage_error
from .find_job import Job
from .text import outcome_text
from .values import list_option, number_option

FORMATS = ("rich", "cli", "json", "quiet")
STREAMS = (*(kind.value for kind in StreamType), "all")


def _streams(text: str, before: Optional[List[str]]) -> List[str]:
    for kind in list_option(text, None):
        if kind not in STREAMS:
            raise usage_error(
                f"--stream: “{kind}” is not one of {', '.join(STREAMS)}. Put the run before --stream."
            )
    return list_option(text, before)


FOLLOW_OPTIONS: Tuple[Option, ...] = (
    Option(
        "--stream <kind...>",
        f"what to show: {', '.join(STREAMS)} (default: status, events, metrics, timeline)",
        parse=_streams,
    ),
    Option("--format <format>", "output format (default: rich in a terminal, else cli)", choices=FORMATS),
    Option("--quiet", "print only the final status; the same as --format quiet"),
    Option(
        "--filter-events <filter>",
        "only events of these types, or with level=… of these levels (repeatable)",
        parse=list_option,
    ),
    Option(
        "--filter-metrics <filter>",
        "only these series (* matches any text, train.loss also train/loss), or with phase=… of these phases (repeatable)",
        parse=list_option,
    ),
    Option("--json-output <file>", "also write every message to a file, one JSON object per line"),
    Option(
        "--sample-rate <fraction>",
        "keep this fraction of the messages (0 to 1); status messages are always kept",
        parse=number_option(0, 1, whole=False),
    ),
    Option(
        "--transport <transport>",
        "live stream (sse), polling (poll), or polling as a fallback (auto)",
        choices=("auto", "sse", "poll"),
    ),
    Option("--interval <seconds>", "polling interval (default: 2)", parse=number_option(0.1, 3600, whole=False)),
    Option(
        "--timeout <seconds>",
        "stop following after this long; the run keeps running",
        parse=number_option(0.1, whole=False),
    ),
)


class Following(NamedTuple):
    """How to follow a run: the checked options."""

    format: str
    config: StreamConfig
    options: Values


def check_follow_options(cli: CliContext, options: Values) -> Following:
    """Raises CliError or ConfigurationError for invalid options, before anything is started."""
    format = options.format
    if options.quiet and format not in (None, "quiet"):
        raise usage_error(f"--quiet and --format {format} exclude each other.")
    if options.quiet:
        format = "quiet"
    elif format is None:
        format = "rich" if cli.terminal else "cli"
    config = stream_config_of(options)
    _check_writable(options.json_output)
    return Following(format, config, options)


def stream_config_of(options: Values) -> StreamConfig:
    """The stream configuration of the options. Raises ConfigurationError for a rate out of range."""
    event_types, event_levels = _split(options.filter_events, "level=")
    metric_names, metric_phases = _split(options.filter_metrics, "phase=")
    streams = options.stream
    if streams is not None:
        streams = [kind for kind in STREAMS if kind != "all"] if "all" in streams else list(dict.fromkeys(streams))
    return StreamConfig(
        streams=streams,
        event_types=event_types,
        event_levels=event_levels,
        metric_names=metric_names,
        metric_phases=metric_phases,
        sample_rate=1.0 if options.sample_rate is None else options.sample_rate,
    )


def _split(filters: Optional[List[str]], prefix: str) -> Tuple[Optional[List[str]], Optional[List[str]]]:
    """Plain filters, and those with a prefix; None if there are none."""
    plain = [text for text in filters or [] if not text.startswith(prefix)]
    named = [text[len(prefix) :] for text in filters or [] if text.startswith(prefix)]
    return plain or None, named or None


def _check_writable(path: Optional[str]) -> None:
    if path is None:
        return
    try:
        with open(path, "a"):
            pass
    except OSError as error:
        raise usage_error(f"Cannot write {path}: {error.strerror}.") from None


def follow_job(
    cli: CliContext, job: Job, following: Following, cursor: Optional[Tuple[str, int]] = None
) -> int:
    """Follows a run until it ends; returns the exit code for its final status."""
    format, config, options = following
    cli.exit_message = (
        f"\nDetached from “{job['name']}”. The run keeps running.\n"
        f"  reattach: signalbox watch {job['id']}\n"
        f"  stop it:  signalbox stop {job['id']}"
    )

    def on_handler_error(error: Exception, _: StreamHandler) -> None:
        if isinstance(error, BrokenPipeError):
            raise error  # nobody reads any more
        cli.note(f"signalbox: output failed: {error}")

    def on_fallback(reason: str) -> None:
        if format != "quiet":
            cli.note(f"signalbox: streaming is unavailable, polling instead: {reason}")

    handlers = _handlers(cli, format, options.json_output)
    streamer = cli.client.streamer(
        job["id"],
        config=config,
        handlers=handlers,
        transport=options.transport or "auto",
        interval_seconds=options.interval or 2,
        timeout_seconds=options.timeout,
        cursor=cursor,
        on_fallback=on_fallback,
        on_handler_error=on_handler_error,
    )
    for handler in handlers:
        # A live view shows the run at once, also if it is silent.
        handler.begin(job)
    ended: Any = streamer.stream_until_terminal()
    if ended is None:
        return FAILURE
    _print_outcome(cli, format, ended)
    return FAILURE if streamer.handler_errors else exit_code_of(ended["status"])


def _handlers(cli: CliContext, format: str, file: Optional[str]) -> List[StreamHandler]:
    handlers: List[StreamHandler] = []
    if format == "rich":
        handlers.append(RichHandler(sys.stdout, color=cli.colour))
    if format == "cli":
        handlers.append(CLIHandler(sys.stdout))
    if format == "json":
        handlers.append(JSONHandler(output=sys.stdout))
    if file is not None:
        handlers.append(JSONHandler(file))
    return handlers


def _print_outcome(cli: CliContext, format: str, job: Job) -> None:
    if format == "quiet":
        cli.print(job["status"])
    elif format != "json":
        cli.print(outcome_text(job, cli.colour))
    elif job["status"] == "failed":
        cli.note(f"signalbox: {outcome_text(job, False)}")


def exit_code_of(status: str) -> int:
    """0 for a run that succeeded, 3 for one that was cancelled, 1 for one that failed."""
    if status == "cancelled":
        return CANCELLED
    return FAILURE if status in TERMINAL_STATUSES and status != "succeeded" else SUCCESS
