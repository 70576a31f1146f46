from __future__ import annotations

import asyncio
import io
import json
import threading
import time
from contextlib import redirect_stdout
from typing import Any, Dict, List

import signalbox
from signalbox import (
    AsyncJobStreamer,
    CallbackHandler,
    JobHandle,
    JobStreamer,
    JSONHandler,
    RichHandler,
    StreamConfig,
    StreamHandler,
    StreamType,
)
from signalbox.streaming import message_feed
from signalbox.streaming.message_feed import MessageFeed
from tests.story import AT, Story
from tests.stream_server import StreamServer
from tests.support import DashboardTest

API_KEY = "sbx_test"


class AsyncTest(DashboardTest):
    def setUp(self) -> None:
        super().setUp()
        self.story = Story(self)
        self.url = self.story.server.url

    def event(self, type_: str, level: str = "info", **data: Any) -> None:
        row = {"type": type_, "level": level, "message": type_, "data": data, "created_at": AT}
        self.story.add("event", row)

    def train(self) -> None:
        """A short supervised run."""
        self.event("sft.training.started", total_steps=3)
        for step in range(3):
            self.story.metrics(step)
            self.event("sft.loss", step=step, loss=step / 2)
        self.story.add("timeline", {"phase": "evaluating", "metadata": {"samples": 3}, "created_at": AT})
        self.story.end()


class DesignTest(AsyncTest):
    """The examples of the design, as they were written."""

    def test_three_lines_follow_a_run_to_its_end(self):
        self.train()
        job_id, base_url, api_key = "run", self.url, API_KEY

        async def main():
            async with JobStreamer.from_job_id(job_id, base_url=base_url, api_key=api_key) as streamer:
                final = await streamer.stream_until_terminal()
            return final

        printed = io.StringIO()
        with redirect_stdout(printed):
            final = asyncio.run(main())
        self.assertEqual(final["status"], "succeeded")
        # Without handlers, messages are printed.
        self.assertRegex(printed.getvalue(), r"metrics train/loss 0\.5 step 1\n")

    def test_a_streamer_is_made_from_the_same_values_in_the_same_order_as_by_its_class(self):
        options: Any = {"handlers": [], "interval_seconds": 2.0}
        for given in (
            JobStreamer.from_job_id(self.url, API_KEY, "run", **options),
            JobStreamer.from_job_id(base_url=self.url, api_key=API_KEY, job_id="run", **options),
            JobStreamer.from_job_id("run", self.url, API_KEY, **options),
            JobStreamer.from_job_id("run", base_url=self.url, api_key=API_KEY, **options),
            JobStreamer.from_job_id(self.url, API_KEY, job_id="run", **options),
        ):
            self.assertEqual((given.job_id, given._http.base_url, given._http.api_key), ("run", self.url, API_KEY))
        self.assertEqual(JobStreamer.from_job_id("run", self.url, None, http=given._http).job_id, "run")
        for wrong in ({"job_id": "other"}, {"base_url": self.url}):
            with self.subTest(wrong), self.assertRaises(TypeError):
                JobStreamer.from_job_id(self.url, API_KEY, "run", **wrong)

    def test_a_callback_on_a_loss_event_sees_each_loss_with_the_progress_preset(self):
        self.train()
        losses: List[Any] = []
        handler = CallbackHandler(
            on_event=lambda e: losses.append(e.get("data", {}).get("loss")) if e.get("type") == "sft.loss" else None
        )

        async def main():
            streamer = JobStreamer(
                base_url=self.url,
                api_key=API_KEY,
                job_id="run",
                config=StreamConfig.progress_only(),
                handlers=[handler],
            )
            return await streamer.stream_until_terminal()

        self.assertEqual(asyncio.run(main()).get("status"), "succeeded")
        self.assertEqual(losses, [0.0, 0.5, 1.0])

    def test_a_job_handle_comes_from_the_learning_module(self):
        from signalbox.learning import JobHandle as LearningJobHandle

        self.assertIs(LearningJobHandle, JobHandle)

    def test_a_complete_session_draws_writes_and_calls_back(self):
        self.train()
        path = self.dir / "run.jsonl"
        losses: List[Any] = []
        seen: Dict[str, List[Any]] = {"status": [], "event": [], "metric": [], "timeline": []}

        def on_event(event):
            seen["event"].append(event["type"])
            if event["type"] == "sft.loss":
                losses.append((event["data"]["step"], event["data"]["loss"]))

        async def main():
            streamer = JobStreamer(
                base_url=self.url,
                api_key=API_KEY,
                job_id="run",
                config=StreamConfig(
                    enabled_streams={StreamType.STATUS, StreamType.EVENTS, StreamType.METRICS, StreamType.TIMELINE},
                    event_levels={"info", "warning", "error"},
                    metric_names={"train.loss"},
                ),
                handlers=[
                    RichHandler(io.StringIO()),
                    JSONHandler(output_file=str(path)),
                    CallbackHandler(
                        on_status=lambda status: seen["status"].append(status["status"]),
                        on_event=on_event,
                        on_metric=lambda metric: seen["metric"].append(
                            (metric["name"], metric["step"], metric["value"])
                        ),
                        on_timeline=lambda entry: seen["timeline"].append(entry["phase"]),
                    ),
                ],
                interval_seconds=0.1,
                timeout_seconds=20,
            )
            return await streamer.stream_until_terminal()

        final = asyncio.run(main())
        self.assertEqual(final["status"], "succeeded")
        self.assertEqual(losses, [(0, 0.0), (1, 0.5), (2, 1.0)])
        self.assertEqual(seen["metric"], [("train/loss", 0, 0.0), ("train/loss", 1, 0.5), ("train/loss", 2, 1.0)])
        self.assertEqual(seen["event"], ["sft.training.started"] + ["sft.loss"] * 3)
        self.assertEqual((seen["status"], seen["timeline"]), (["succeeded"], ["evaluating"]))
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        self.assertEqual([line["stream_type"] for line in lines].count("EVENTS"), 4)

    def test_a_command_line_runs_the_streamer_by_asyncio_run(self):
        self.train()
        streamer = JobStreamer(base_url=self.url, api_key=API_KEY, job_id="run", handlers=[])
        final_status = asyncio.run(streamer.stream_until_terminal())
        self.assertEqual(final_status["status"], "succeeded")

    def test_a_job_handle_is_polled_with_callbacks(self):
        self.train()
        events: List[Any] = []
        points: List[Any] = []

        async def main():
            handle = JobHandle(self.url, API_KEY, "run")
            return await handle.poll_until_terminal(on_event=events.append, on_metric=points.append)

        final = asyncio.run(main())
        self.assertEqual((final["status"], [point["value"] for point in points]), ("succeeded", [0.0, 0.5, 1.0]))
        self.assertEqual(events[0]["type"], "sft.training.started")
        # What callbacks got before has the fields of a message.
        self.assertEqual((points[2].step, points[2].stream_type), (2, "metrics"))

    def test_a_timeout_is_a_timeout_error(self):
        async def main():
            options: Any = {"timeout_seconds": 0.2, "handlers": []}
            async with JobStreamer.from_job_id("run", self.url, API_KEY, **options) as streamer:
                await streamer.stream_until_terminal()

        with self.assertRaises(TimeoutError) as caught:
            asyncio.run(main())
        self.assertIsInstance(caught.exception, signalbox.StreamTimeout)
        self.assertEqual(caught.exception.last_status, "running")
        self.assertIn("did not end within 0.2 s", str(caught.exception))
        with self.assertRaises(TimeoutError):
            JobStreamer(self.url, API_KEY, "run", handlers=[], timeout_seconds=0.2).stream_until_terminal()


class LoopTest(AsyncTest):
    def follow(self, **options: Any) -> JobStreamer:
        return JobStreamer(self.url, API_KEY, "run", **{"handlers": [], "timeout_seconds": 20, **options})

    async def longest_pause(self, work: Any) -> float:
        """The longest time for which the event loop was blocked during some work."""
        longest, task = 0.0, asyncio.ensure_future(work)
        while not task.done():
            before = time.monotonic()
            await asyncio.sleep(0.005)
            longest = max(longest, time.monotonic() - before - 0.005)
        await task
        return longest

    def test_the_loop_is_never_blocked_by_a_quiet_run_or_a_slow_server(self):
        def slowly(handler):
            time.sleep(0.6)
            return False

        self.story.on_stream = slowly
        self.story.metrics(0)
        threading.Timer(1.2, self.story.end).start()

        async def main():
            async with self.follow() as streamer:
                entered = streamer.stream_until_terminal()
                return await self.longest_pause(asyncio.gather(entered, self.follow().stream_until_terminal()))

        self.assertLess(asyncio.run(main()), 0.3)

    def test_many_streams_run_side_by_side(self):
        self.story.metrics(0)

        async def main():
            streams = [self.follow() for _ in range(20)]
            waiting = asyncio.gather(*[stream.stream_until_terminal() for stream in streams])
            await asyncio.sleep(0.5)
            self.story.end()
            return await waiting

        self.assertEqual([job["status"] for job in asyncio.run(main())], ["succeeded"] * 20)

    def test_a_flood_lets_other_tasks_run_and_waits_for_a_slow_consumer(self):
        for step in range(4000):
            self.story.metrics(step)
        self.story.end()
        steps: List[Any] = []
        waiting: List[int] = []
        kept, message_feed.MAX_WAITING_MESSAGES = message_feed.MAX_WAITING_MESSAGES, 50
        self.addCleanup(setattr, message_feed, "MAX_WAITING_MESSAGES", kept)

        async def consume():
            feed = MessageFeed(self.follow())
            async for message in feed.messages():
                steps.append(message.step)
                waiting.append(len(feed._waiting))

        async def main():
            return await self.longest_pause(consume())

        self.assertLess(asyncio.run(main()), 0.3)
        self.assertEqual(steps[:-1], list(range(4000)))
        self.assertLessEqual(max(waiting), 50)

    def test_cancelling_returns_at_once_closes_handlers_and_ends_the_reading(self):
        self.story.metrics(0)
        calls: List[str] = []

        class Recorder(StreamHandler):
            def handle(self, message):
                calls.append("handle")

            def flush(self):
                calls.append("flush")

            async def close(self):
                calls.append("close")

        def readers():
            return [thread for thread in threading.enumerate() if thread.name == "signalbox-stream"]

        async def main(transport):
            streamer = self.follow(handlers=[Recorder()], transport=transport)
            task = asyncio.ensure_future(streamer.stream_until_terminal())
            while "handle" not in calls:
                await asyncio.sleep(0.01)
            started = time.monotonic()
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            return time.monotonic() - started

        for transport in ("sse", "poll"):
            calls.clear()
            self.assertLess(asyncio.run(main(transport)), 0.2)
            self.assertEqual(calls, ["handle", "flush", "close"])
            deadline = time.monotonic() + 5
            while readers() and time.monotonic() < deadline:
                time.sleep(0.02)
            self.assertEqual(readers(), [])

    def test_a_task_that_is_cancelled_before_it_connected_stops_reading_too(self):
        async def main():
            task = asyncio.ensure_future(self.follow().stream_until_terminal())
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            for _ in range(200):
                if not any(thread.name == "signalbox-stream" for thread in threading.enumerate()):
                    return True
                await asyncio.sleep(0.02)
            return False

        self.assertTrue(asyncio.run(main()))

    def test_callbacks_may_be_async_and_run_in_the_loop_one_after_the_other(self):
        for step in range(3):
            self.story.metrics(step)
        self.story.end()
        order: List[Any] = []

        async def on_metric(metric):
            order.append(("begin", metric["step"]))
            await asyncio.sleep(0.01)
            order.append(("end", metric["step"]))

        async def main():
            self.loop = asyncio.get_running_loop()
            handler = CallbackHandler(on_metric=on_metric)
            async with self.follow(handlers=[handler]) as streamer:
                await streamer.stream_until_terminal()
                return streamer.handler_errors

        self.assertEqual(asyncio.run(main()), {})
        self.assertEqual(order, [(word, step) for step in range(3) for word in ("begin", "end")])
        follower = self.follow(handlers=[CallbackHandler(on_metric=on_metric)])
        follower.stream_until_terminal()
        self.assertEqual(follower.handler_errors, {0: 3})

    def test_a_handler_that_raises_stops_no_other(self):
        self.story.metrics(0)
        self.story.end()
        seen: List[Any] = []

        async def explode(data):
            raise RuntimeError("boom")

        async def main():
            handlers = [CallbackHandler(on_metric=explode), CallbackHandler(seen.append)]
            async with self.follow(handlers=handlers) as streamer:
                await streamer.stream_until_terminal()
                return streamer.handler_errors

        self.assertEqual(asyncio.run(main()), {0: 1})
        self.assertEqual([str(message.stream_type) for message in seen], ["metrics", "status"])

    def test_messages_can_be_iterated_and_left_early(self):
        for step in range(100):
            self.story.metrics(step)

        async def main():
            steps = []
            async with self.follow() as streamer:
                self.assertIsInstance(streamer, AsyncJobStreamer)
                async for message in streamer.stream():
                    steps.append(message.step)
                    if len(steps) == 5:
                        break
            return steps

        self.assertEqual(asyncio.run(main()), list(range(5)))

    def test_stop_ends_it_with_the_job_as_last_read(self):
        self.story.metrics(0)

        async def main():
            streamer = self.follow()
            asyncio.get_running_loop().call_later(0.3, streamer.stop)
            return await streamer.stream_until_terminal()

        self.assertEqual(asyncio.run(main())["status"], "running")

    def test_errors_are_raised_where_it_is_awaited(self):
        server = StreamServer(lambda handler: handler.refuse(404))
        self.addCleanup(server.close)

        async def main():
            await JobStreamer(server.url, API_KEY, "run", handlers=[]).stream_until_terminal()

        with self.assertRaises(signalbox.NotFoundError):
            asyncio.run(main())


class CallerTest(AsyncTest):
    """Which form a call gets: only its caller decides."""

    def setUp(self) -> None:
        super().setUp()
        self.story.end()
        self.streamer = JobStreamer(self.url, API_KEY, "run", handlers=[])

    def test_sync_code_gets_the_final_job_as_before(self):
        job = self.streamer.stream_until_terminal()
        self.assertIsInstance(job, dict)
        self.assertEqual(job, self.streamer.job)
        self.assertEqual(json.loads(json.dumps(job))["status"], "succeeded")

    def test_a_notebook_cell_gets_the_final_job_although_its_loop_runs(self):
        names: Dict[str, Any] = {"streamer": self.streamer}

        async def kernel():
            exec("def wait():\n    return streamer.stream_until_terminal()\njob = wait()", names)

        asyncio.run(kernel())
        self.assertEqual(names["job"]["status"], "succeeded")

    def test_a_coroutine_gets_a_coroutine_also_through_functions_and_comprehensions(self):
        def helper():
            return JobStreamer(self.url, API_KEY, "run", handlers=[]).stream_until_terminal()

        async def main():
            task = asyncio.create_task(helper())
            jobs = await asyncio.gather(task, *[helper() for _ in range(1)])
            return [job["status"] for job in jobs]

        self.assertEqual(asyncio.run(main()), ["succeeded"] * 2)


if __name__ == "__main__":
    import unittest

    unittest.main()
