"""synth-ai 0.4.12, whose streamer reads events from a stream."""

import asyncio

from suite import API_KEY, URL, equal, live, losses, row, run_rows
from synth_ai.sdk.streaming import IntegrationTestHandler, JobStreamer, StreamConfig, StreamType

STEPS = list(range(1, 300))


def streamer(job_id, kept, config=None):
    return JobStreamer(
        base_url=f"{URL}/api", api_key=API_KEY, job_id=job_id, config=config, handlers=[kept], interval_seconds=0.5
    )


@row("JobStreamer.stream_until_terminal")
async def stream():
    live("s412-stream", seconds=5)
    kept = IntegrationTestHandler()
    final = await streamer("s412-stream", kept, StreamConfig.verbose()).stream_until_terminal()
    equal(final["status"], "succeeded")
    events = [one.data["type"] for one in kept.messages if one.stream_type is StreamType.EVENTS]
    equal(events[:3], ["sft.training.started", "sft.progress", "sft.loss"])
    points = [one.data for one in kept.messages if one.stream_type is StreamType.METRICS]
    equal(losses(points)[:50], STEPS[:50])


@row("JobStreamer without events")
async def polling():
    live("s412-poll", seconds=4)
    kept = IntegrationTestHandler()
    config = StreamConfig(enabled_streams={StreamType.STATUS, StreamType.METRICS})
    final = await streamer("s412-poll", kept, config).stream_until_terminal()
    equal(final["status"], "succeeded")
    points = [one.data for one in kept.messages if one.stream_type is StreamType.METRICS]
    equal(losses(points)[:50], STEPS[:50])


@row("an ended run")
async def ended():
    await asyncio.to_thread(live("s412-ended", seconds=0.5).join)
    final = await asyncio.wait_for(streamer("s412-ended", IntegrationTestHandler()).stream_until_terminal(), 30)
    equal(final["status"], "succeeded")


run_rows()
