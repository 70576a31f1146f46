from __future__ import annotations

import asyncio
import threading
import time
import unittest
from typing import Any, List

import signalbox
from signalbox import AsyncClient
from tests.story import Story
from tests.stream_server import Handler, StreamServer
from tests.support import DashboardTest

API_KEY = "sbx_test"


class AsyncClientTest(DashboardTest):
    def serve(self, route: Any) -> str:
        server = StreamServer(route)
        self.server = server
        self.addCleanup(server.close)
        return server.url

    def test_methods_are_awaited_and_return_what_the_client_returns(self):
        url = self.serve(lambda handler: handler.json({"path": handler.path}))

        async def main():
            async with AsyncClient(url, API_KEY) as client:
                self.assertEqual(client.url, url)
                handle = client.jobs.handle("a")
                replies = await asyncio.gather(
                    client.health(),
                    client.capabilities(),
                    client.jobs.list(status={"running"}),
                    client.jobs.get("a"),
                    client.metrics.get("a"),
                    client.logs.get("a"),
                    client.errors.get("a"),
                    client.predictions.trends("a"),
                    client.control.commands("a"),
                    handle.refresh(),
                )
                self.assertEqual((handle.id, handle.job), ("a", replies[-1]))
                return [reply["path"] for reply in replies]

        paths = asyncio.run(main())
        self.assertEqual(paths[2], "/api/training/jobs?limit=50&offset=0&status=running")
        self.assertEqual(len(set(paths)), 9)

    def test_lists_are_iterated_page_by_page(self):
        def route(handler: Handler) -> None:
            offset = int(handler.path.split("offset=")[1].split("&")[0])
            handler.json({"jobs": [{"id": str(n)} for n in range(offset, min(offset + 200, 450))]})

        url = self.serve(route)

        async def main():
            async with AsyncClient(url, API_KEY) as client:
                return [job["id"] async for job in client.jobs.all()]

        self.assertEqual(asyncio.run(main()), [str(n) for n in range(450)])
        self.assertEqual(len(self.server.requested), 3)

    def test_errors_are_the_same(self):
        url = self.serve(lambda handler: handler.refuse(404))

        async def main():
            async with AsyncClient(url, API_KEY) as client:
                await client.jobs.get("a")

        with self.assertRaises(signalbox.NotFoundError):
            asyncio.run(main())

    def test_calls_run_side_by_side_and_never_block_the_loop(self):
        def slowly(handler: Handler) -> None:
            time.sleep(0.3)
            handler.json({})

        url = self.serve(slowly)
        ticks: List[float] = []

        async def tick():
            while True:
                ticks.append(time.monotonic())
                await asyncio.sleep(0.01)

        async def main():
            ticking = asyncio.ensure_future(tick())
            async with AsyncClient(url, API_KEY) as client:
                started = time.monotonic()
                await asyncio.gather(*[client.jobs.get(str(n)) for n in range(8)])
                ticking.cancel()
                return time.monotonic() - started

        self.assertLess(asyncio.run(main()), 1.5)
        self.assertLess(max(b - a for a, b in zip(ticks, ticks[1:])), 0.2)

    def test_a_cancelled_call_returns_at_once_and_is_not_sent_again(self):
        def busy(handler: Handler) -> None:
            handler.refuse(429, {"Retry-After": "1"})

        url = self.serve(busy)

        async def main():
            async with AsyncClient(url, API_KEY) as client:
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(client.jobs.get("a"), 0.3)
                await asyncio.sleep(1.2)

        asyncio.run(main())
        self.assertEqual(len(self.server.requested), 1)

    def test_waiting_for_a_command_can_be_cancelled(self):
        url = self.serve(lambda handler: handler.json({"commands": [{"id": "c", "status": "pending"}]}))

        async def main():
            async with AsyncClient(url, API_KEY) as client:
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(client.control.wait_for("a", "c", interval=0.05), 0.3)
                count = len(self.server.requested)
                await asyncio.sleep(0.3)
                return len(self.server.requested) - count

        self.assertLessEqual(asyncio.run(main()), 1)

    def test_threads_and_connections_end_with_the_client(self):
        url = self.serve(lambda handler: handler.json({}))

        def threads():
            return [thread for thread in threading.enumerate() if thread.name == "signalbox-client"]

        async def main():
            async with AsyncClient(url, API_KEY) as client:
                await asyncio.gather(*[client.jobs.get(str(n)) for n in range(30)])
                self.assertLessEqual(len(threads()), 8)
            for _ in range(100):
                if not threads():
                    break
                await asyncio.sleep(0.02)

        asyncio.run(main())
        self.assertEqual(threads(), [])

    def test_runs_are_followed_with_the_credentials_of_the_client(self):
        story = Story(self)
        story.metrics(3)
        story.end()
        points: List[Any] = []

        async def main():
            async with AsyncClient(story.server.url, API_KEY) as client:
                async with client.streamer("run", handlers=[]) as streamer:
                    streamed = await streamer.stream_until_terminal()
                handle = client.jobs.handle("run")
                polled = await handle.poll_until_terminal(on_metric=points.append)
                return streamed, polled, handle.job

        jobs = asyncio.run(main())
        self.assertEqual([job["status"] for job in jobs], ["succeeded"] * 3)
        self.assertEqual([point["step"] for point in points], [3])


if __name__ == "__main__":
    unittest.main()
