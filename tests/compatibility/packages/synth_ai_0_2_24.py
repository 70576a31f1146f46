"""synth-ai 0.2.24, used as its documentation does."""

import asyncio
import json
import tempfile

from suite import API_KEY, URL, equal, event, live, losses, row, run_rows
from synth_ai.learning import JobHandle, LearningClient, stream_job_events
from synth_ai.streaming import (
    BufferedHandler,
    CallbackHandler,
    CLIHandler,
    IntegrationTestHandler,
    JobStreamer,
    JSONHandler,
    LossCurveHandler,
    RichHandler,
    StreamConfig,
    StreamEndpoints,
    StreamType,
)

# The package's own command line gives its streamer the address of the API.
API = f"{URL}/api"
STEPS = list(range(1, 300))
client = LearningClient(URL, API_KEY)


async def ended(job_id, **options):
    run = live(job_id, seconds=0.5, **options)
    await asyncio.to_thread(run.join)
    return run


def kinds(events):
    return [event["type"] for event in events if event["type"].startswith("sft.")]


EXPECTED = ["sft.training.started"] + ["sft.progress", "sft.loss"] * 299 + ["sft.validation.summary"]


@row("LearningClient.get_job")
async def get_job():
    await ended("s24-job")
    job = await client.get_job("s24-job")
    equal((job["job_id"], job["status"]), ("s24-job", "succeeded"))


@row("LearningClient.get_events")
async def get_events():
    await ended("s24-events", steps=299)
    events, last = [], 0
    while page := await client.get_events("s24-events", since_seq=last, limit=200):
        events += page
        last = page[-1]["seq"]
    equal(kinds(events), EXPECTED)
    equal(events[2]["data"], {"step": 1, "loss": 1})


@row("LearningClient.get_metrics")
async def get_metrics():
    await ended("s24-metrics")
    equal(losses(await client.get_metrics("s24-metrics", name="train.loss")), STEPS)
    named = await client.get_metrics("s24-metrics", name="train.loss", after_step=290)
    equal(losses(named), STEPS[290:])
    equal({point["name"] for point in named}, {"train.loss"})
    newest = await client.get_metrics("s24-metrics", limit=10)
    equal(losses(newest), STEPS[-5:])


@row("LearningClient.get_timeline")
async def get_timeline():
    await ended("s24-timeline")
    entries = await client.get_timeline("s24-timeline")
    phases = [entry["phase"] for entry in entries]
    equal((phases[-1], len(phases) == len(set(phases))), ("succeeded", True))


@row("LearningClient.poll_until_terminal")
async def poll():
    live("s24-poll")
    seen = []
    job = await client.poll_until_terminal("s24-poll", interval_seconds=0.5, on_event=seen.append)
    equal((job["status"], kinds(seen)[:3]), ("succeeded", EXPECTED[:3]))


@row("JobHandle.poll_until_terminal")
async def handle():
    live("s24-handle")
    events, metrics = [], []
    final = await JobHandle(API, API_KEY, "s24-handle").poll_until_terminal(
        interval_seconds=0.5, on_event=events.append, on_metric=metrics.append
    )
    equal(final, {"status": "succeeded", "job_id": "s24-handle"})
    equal(losses(metrics), STEPS)


def streamer(job_id, handlers, config=None, **more):
    return JobStreamer(
        base_url=API, api_key=API_KEY, job_id=job_id, config=config, handlers=handlers, interval_seconds=0.5, **more
    )


@row("JobStreamer.stream_until_terminal")
async def stream():
    live("s24-stream")
    kept = IntegrationTestHandler()
    final = await streamer("s24-stream", [kept], StreamConfig.verbose()).stream_until_terminal()
    equal((final["status"], final["job_id"]), ("succeeded", "s24-stream"))
    of = lambda kind: [message.data for message in kept.messages if message.stream_type is kind]
    equal(losses(of(StreamType.METRICS)), STEPS)
    phases = [entry["phase"] for entry in of(StreamType.TIMELINE)]
    equal((len(phases) == len(set(phases)), phases[-1]), (True, "succeeded"))
    equal([status["status"] for status in of(StreamType.STATUS)][-1], "succeeded")


@row("StreamEndpoints.rl")
async def fallbacks():
    await ended("s24-rl")
    kept = IntegrationTestHandler()
    endpoints = StreamEndpoints.rl("s24-rl")
    final = await streamer("s24-rl", [kept], endpoints=endpoints).stream_until_terminal()
    equal(final["status"], "succeeded")
    equal(any(message.stream_type is StreamType.METRICS for message in kept.messages), True)


@row("an event named failed")
async def named_failed():
    run = live("s24-failed", seconds=4)
    await asyncio.to_thread(run.report, [event("failed", why="a check of the data, not the run")])
    final = await streamer("s24-failed", [IntegrationTestHandler()]).stream_until_terminal()
    equal(final["status"], "succeeded")


@row("StreamConfig presets")
async def presets():
    run = live("s24-presets", seconds=4)
    await asyncio.to_thread(run.report, [event("oom", "warning")])
    seen = {name: IntegrationTestHandler() for name in ("default", "minimal", "progress_only", "errors_only")}
    await asyncio.gather(
        *[streamer("s24-presets", [kept], getattr(StreamConfig, name)()).stream_until_terminal() for name, kept in seen.items()]
    )
    found = {name: {message.stream_type.name for message in kept.messages} for name, kept in seen.items()}
    equal(found["minimal"], {"STATUS"})
    equal(found["progress_only"], {"STATUS", "EVENTS", "METRICS"})
    equal(found["default"] >= {"STATUS", "EVENTS", "METRICS", "TIMELINE"}, True)
    warned = [one.data["type"] for one in seen["errors_only"].messages if one.stream_type is StreamType.EVENTS]
    equal(warned, ["oom"])
    named = {one.data["name"] for one in seen["progress_only"].messages if one.stream_type is StreamType.METRICS}
    equal(named, {"train.loss"})


@row("handlers")
async def handlers():
    live("s24-handlers", seconds=4)
    batches, statuses, called = [], [], []

    class Batches(BufferedHandler):
        def process_batch(self, messages):
            batches.append(len(messages))

    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        callback = CallbackHandler(
            on_status=lambda status: statuses.append(status["status"]),
            on_event=lambda event: called.append(event["data"].get("loss")) if event["type"] == "sft.loss" else None,
        )
        written = JSONHandler(output_file=file.name)
        shown = [CLIHandler(), RichHandler(), LossCurveHandler(), written, callback, Batches(max_buffer_size=20)]
        await streamer("s24-handlers", shown, StreamConfig.verbose()).stream_until_terminal()
        with open(file.name, encoding="utf-8") as lines:
            types = {json.loads(line)["stream_type"] for line in lines}
    equal(types, {"STATUS", "EVENTS", "METRICS", "TIMELINE"})
    equal((statuses[-1], called[0], sum(batches) > 500), ("succeeded", 1, True))


@row("learning.sse.stream_events")
async def sse():
    live("s24-sse", seconds=4)
    seen = []
    await asyncio.wait_for(stream_job_events(API, API_KEY, "s24-sse", seconds=30, on_event=seen.append), 60)
    equal(kinds(seen), EXPECTED)


run_rows()
