"""The SDK's streaming in async code: a run is trained and followed in one event loop, in each form."""

import asyncio
import json

import signalbox
from signalbox import CallbackHandler, JobHandle, JobStreamer, JSONHandler, RichHandler, StreamConfig, StreamType
from signalbox.settings import find_credentials

STEPS = 40
JOB_ID = "streamed"
BASE_URL, API_KEY = find_credentials()
losses, series, statuses, events, points = [], [], [], [], []


async def train(run):
    run.event("sft.training.started", data={"total_steps": STEPS})
    for step in range(STEPS):
        run.log({"train/loss": 1 / (step + 1), "train/grad_norm": 1.0}, step=step)
        run.event("sft.loss", data={"step": step, "loss": 1 / (step + 1)})
        await asyncio.sleep(0.02)
    await asyncio.to_thread(run.finish)


def on_event(event):
    if event["type"] == "sft.loss":
        losses.append(event["data"]["loss"])


async def complete_session():
    streamer = JobStreamer(
        base_url=BASE_URL,
        api_key=API_KEY,
        job_id=JOB_ID,
        config=StreamConfig(
            enabled_streams={StreamType.STATUS, StreamType.EVENTS, StreamType.METRICS, StreamType.TIMELINE},
            metric_names={"train.loss"},
        ),
        handlers=[
            RichHandler(),
            JSONHandler(output_file="run.jsonl"),
            CallbackHandler(
                on_status=lambda status: statuses.append(status["status"]),
                on_event=on_event,
                on_metric=lambda metric: series.append((metric["name"], metric["step"])),
            ),
        ],
    )
    return await streamer.stream_until_terminal()


async def three_lines():
    async with JobStreamer.from_job_id(JOB_ID, base_url=BASE_URL, api_key=API_KEY) as streamer:
        final = await streamer.stream_until_terminal()
    return final


async def polled():
    handle = JobHandle(BASE_URL, API_KEY, JOB_ID)
    return await handle.poll_until_terminal(on_event=events.append, on_metric=points.append)


async def main():
    run = signalbox.init(id=JOB_ID, total_steps=STEPS)
    async with signalbox.AsyncClient(BASE_URL, API_KEY) as client:
        while JOB_ID not in [job["id"] async for job in client.jobs.all()]:
            await asyncio.sleep(0.05)
        finals = await asyncio.gather(complete_session(), three_lines(), polled(), train(run))
        attached = await client.jobs.attach("streamed-too", total_steps=1)
        token = attached["job_token"]
        await client.metrics.create("streamed-too", [{"name": "loss", "step": 0, "value": 1}], job_token=token)
        rows = [{"epoch": 1, "step": 0, "sample_index": 0, "prompt": "a", "prediction": "b"}]
        await client.predictions.create("streamed-too", rows, job_token=token)
        stored = [point["value"] async for point in client.metrics.points("streamed-too")]
        answers = [row["prediction"] async for row in client.predictions.all("streamed-too", epoch=1)]
    with open("run.jsonl", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    result = {
        "statuses": [final["status"] for final in finals[:3]],
        "last": statuses[-1],
        "losses": len(losses),
        "series": series,
        "lines": len([line for line in lines if line["stream_type"] == "METRICS"]),
        "polled": [len([event for event in events if event["type"] == "sft.loss"]), len(points)],
        "stored": [stored, answers],
    }
    print("result " + json.dumps(result))


asyncio.run(main())
