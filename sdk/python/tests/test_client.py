from __future__ import annotations

import json
import os
import unittest
from pathlib import Path
from types import SimpleNamespace
from typing import Any, List
from unittest import mock

import signalbox
from signalbox.errors import ConfigurationError
from signalbox.settings import find_credentials, find_settings
from signalbox.transport.dashboard_http import DashboardHttp, query_string
from tests.support import DashboardTest


class ClientTest(DashboardTest):
    def setUp(self) -> None:
        super().setUp()
        self.seen: List[Any] = []
        self.sent: List[Any] = []
        self.replies: List[Any] = []
        self.dashboard.extra["/api/"] = self.answer
        self.client = signalbox.Client(self.dashboard.url, "sbx_test")
        self.addCleanup(self.client.__exit__)
        self.client.http.sleep = lambda seconds: self.seen.append(("sleep", seconds))

    def answer(self, handler: Any) -> None:
        self.seen.append((handler.command, handler.path, handler.headers.get("Idempotency-Key")))
        credential = (handler.headers.get("X-API-Key"), handler.headers.get("Authorization"))
        self.sent.append((json.loads(handler.body) if handler.body else None, credential))
        status, value, headers = self.replies.pop(0) if self.replies else (200, {"jobs": []}, {})
        body = json.dumps(value).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        for name, text in headers.items():
            handler.send_header(name, text)
        handler.end_headers()
        handler.wfile.write(body)

    def refuse(self, status: int, **headers: str) -> None:
        error = {"code": "some_code", "message": "in words", "request_id": "req_9", "details": {"status": "x"}}
        self.replies.append((status, {"error": error}, headers))

    def calls(self) -> List[str]:
        return [call[0] for call in self.seen if call[0] != "sleep"]

    def test_each_error_status_raises_its_own_error_with_the_request_id(self):
        kinds = {
            400: signalbox.BadRequestError,
            401: signalbox.UnauthorizedError,
            403: signalbox.ForbiddenError,
            404: signalbox.NotFoundError,
            409: signalbox.ConflictError,
            413: signalbox.TooLargeError,
            422: signalbox.UnsupportedError,
        }
        for status, kind in kinds.items():
            self.refuse(status)
            with self.assertRaises(kind) as caught:
                self.client.jobs.get("a/b")
            error = caught.exception
            self.assertEqual((error.status, error.code, error.request_id), (status, "some_code", "req_9"))
            self.assertEqual(error.details, {"status": "x"})
        self.assertEqual(len(self.calls()), len(kinds))
        self.assertEqual(self.seen[0][1], "/api/training/a%2Fb")

    def test_only_idempotent_requests_are_retried(self):
        self.refuse(503)
        self.refuse(429, **{"Retry-After": "2"})
        self.client.jobs.list()
        self.assertEqual(self.calls(), ["GET"] * 3)
        self.assertGreaterEqual([call[1] for call in self.seen if call[0] == "sleep"][1], 2)
        self.seen.clear()
        self.refuse(503)
        with self.assertRaises(signalbox.ServerError):
            self.client.jobs.create("sft", {})
        self.refuse(500)
        with self.assertRaises(signalbox.ServerError):
            self.client.jobs.delete("a")
        self.assertEqual(self.calls(), ["POST", "DELETE"])

    def test_a_command_is_retried_with_the_same_id(self):
        self.refuse(502)
        self.replies.append((202, {"command": {"id": "c"}}, {}))
        self.assertEqual(self.client.control.pause("a", "release"), {"id": "c"})
        self.assertEqual(self.calls(), ["POST", "POST"])

    def test_a_run_is_attached_and_its_batches_stored_with_its_token(self):
        self.replies = [
            (503, {"error": {"code": "x", "message": "x"}}, {}),
            (200, {"job_id": "mine", "job_token": "sbj_1"}, {}),
            (200, {"count": 1}, {}),
            (200, {"count": 1}, {}),
        ]
        attached = self.client.jobs.attach("mine", total_steps=100)
        self.assertEqual(attached["job_token"], "sbj_1")
        points = [{"name": "train/loss", "step": 1, "value": float("nan")}]
        self.client.metrics.create("mine", points, job_token="sbj_1", batch_id="b1")
        self.client.predictions.create("mine", [{"epoch": 1, "prediction": "x"}], job_token="sbj_1")
        paths = [call[1].rpartition("/")[2] for call in self.seen if call[0] != "sleep"]
        self.assertEqual(paths, ["jobs", "jobs", "metrics", "predictions"])
        self.assertEqual([call[0] for call in self.seen if call[0] != "sleep"], ["POST"] * 4)
        bodies, credentials = zip(*self.sent[1:])
        self.assertEqual(bodies[0], {"job_id": "mine", "total_steps": 100})
        self.assertEqual(bodies[1]["points"], [{"name": "train/loss", "step": 1, "value": "NaN"}])
        self.assertEqual(bodies[2]["predictions"], [{"epoch": 1, "prediction": "x"}])
        # The token replaces the key, which other programs must not see.
        self.assertEqual(credentials, (("sbx_test", None), (None, "Bearer sbj_1"), (None, "Bearer sbj_1")))

    def test_all_lines_and_all_predictions_are_read_page_by_page(self):
        pages = [{"logs": [{"line": n}], "total_lines": 2} for n in (1, 2)]
        self.replies = [(200, page, {}) for page in pages]
        self.assertEqual([line["line"] for line in self.client.logs.lines("a", q="x")], [1, 2])
        self.assertEqual(self.seen[1][1], "/api/training/local/a/logs?limit=2000&offset=1&q=x")
        self.replies = [(200, {"predictions": [{"id": n}], "total_count": 2}, {}) for n in (1, 2)]
        self.assertEqual([row["id"] for row in self.client.predictions.all("a", epoch=3)], [1, 2])
        self.assertEqual(self.seen[3][1], "/api/training/predictions/a?epoch=3&limit=500&offset=1")

    def test_capabilities_are_read(self):
        self.replies = [(200, {"trainers": []}, {})]
        self.assertEqual(self.client.capabilities(), {"trainers": []})
        self.assertEqual(self.seen[0][1], "/api/training/capabilities")

    def test_an_unreachable_server_raises_an_error_of_its_own(self):
        self.dashboard.stop()
        http = DashboardHttp("http://127.0.0.1:9", "sbx_test", sleep=lambda _: None)
        with self.assertRaises(signalbox.UnreachableError):
            http.call("GET", "/api/health")

    def test_a_response_without_json_raises_an_error_that_says_so(self):
        def html(handler: Any) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "6")
            handler.end_headers()
            handler.wfile.write(b"<html>")

        self.dashboard.extra["/api/"] = html
        with self.assertRaisesRegex(signalbox.ApiError, "is this a Signalbox"):
            self.client.jobs.list()

    def test_queries_omit_none(self):
        self.assertEqual(query_string({"a": {"y", "x"}}), "?a=x&a=y")
        self.assertEqual(query_string({"a": None, "b": 1, "c": ["x", "y,z"], "d": True}), "?b=1&c=x&c=y%2Cz&d=true")

    def test_each_run_is_listed_once_even_if_pages_shift(self):
        jobs = [{"id": str(number)} for number in range(250)]
        self.replies = [(200, {"jobs": jobs[:200]}, {}), (200, {"jobs": jobs[199:250]}, {})]
        self.assertEqual([job["id"] for job in self.client.jobs.all()], [str(n) for n in range(250)])


class SettingsTest(DashboardTest):
    def test_arguments_take_precedence_over_the_environment_and_that_over_files(self):
        folder = self.dir / ".signalbox"
        folder.mkdir()
        (folder / "credentials.json").write_text('{"url": "http://file:1/", "api_key": "k-file"}')
        inner = self.dir / "a" / "b"
        inner.mkdir(parents=True)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(inner)
        self.assertEqual(find_credentials(), ("http://file:1", "k-file"))
        # A key from a file is not sent to another URL.
        self.assertIsNone(find_credentials(url="http://other:2"))
        self.assertEqual(find_credentials(api_key="k"), ("http://file:1", "k"))
        os.environ.update(SIGNALBOX_URL="https://env/", SIGNALBOX_API_KEY="k-env")
        self.assertEqual(find_credentials(), ("https://env", "k-env"))
        self.assertEqual(find_credentials("http://x", "k"), ("http://x", "k"))
        del os.environ["SIGNALBOX_URL"], os.environ["SIGNALBOX_API_KEY"]
        os.environ["SIGNALBOX_DATA_DIR"] = str(self.dir / "data")
        (self.dir / "data").mkdir()
        (self.dir / "data" / "credentials.json").write_text('{"url": "http://data:3", "api_key": "k-data"}')
        self.assertEqual(find_credentials(), ("http://data:3", "k-data"))

    def test_files_of_others_or_that_others_can_write_are_ignored_in_words(self):
        folder = self.dir / ".signalbox"
        folder.mkdir()
        file = folder / "credentials.json"
        file.write_text('{"url": "http://evil:1", "api_key": "k"}')
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.dir)
        os.environ["HOME"] = str(self.dir)
        for path in (file, folder):
            kept = path.stat().st_mode
            for mode in (0o666, 0o664, 0o777):
                path.chmod(mode)
                self.assertIsNone(find_credentials())
                with self.assertRaisesRegex(ConfigurationError, f"Others can write {path},.*chmod go-w"):
                    find_settings()
                with self.assertRaisesRegex(ConfigurationError, "is ignored"):
                    signalbox.Client()
            path.chmod(kept)
            self.assertEqual(find_credentials(), ("http://evil:1", "k"))
            with mock.patch("signalbox.credentials_files._stat", with_fields(path, st_uid=4321)):
                self.assertIsNone(find_credentials())
                with self.assertRaisesRegex(ConfigurationError, rf"{path} belongs to another user \(4321\)"):
                    find_settings()

    def test_the_search_ends_at_the_home_folder(self):
        home = self.dir / "home"
        inner = home / "project"
        for folder in (self.dir / ".signalbox", inner):
            folder.mkdir(parents=True)
        (self.dir / ".signalbox" / "credentials.json").write_text('{"url": "http://above:1", "api_key": "k"}')
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(inner)
        os.environ["HOME"] = str(home)
        self.assertIsNone(find_credentials())
        os.environ["HOME"] = str(self.dir)
        self.assertEqual(find_credentials(), ("http://above:1", "k"))

    def test_the_search_ends_where_another_file_system_begins(self):
        inner = self.dir / "a" / "b"
        inner.mkdir(parents=True)
        (self.dir / ".signalbox").mkdir()
        (self.dir / ".signalbox" / "credentials.json").write_text('{"url": "http://above:1", "api_key": "k"}')
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(inner)
        os.environ["HOME"] = str(self.dir / "elsewhere")
        self.assertEqual(find_credentials(), ("http://above:1", "k"))
        with mock.patch("signalbox.credentials_files._stat", with_fields(self.dir, st_dev=-1)):
            self.assertIsNone(find_credentials())


def with_fields(path, **fields):
    """`os.stat`, but with other values for one path."""

    def stat(asked):
        try:
            found = os.stat(asked)
        except OSError:
            return None
        values = {name: getattr(found, name) for name in ("st_uid", "st_mode", "st_dev")}
        return SimpleNamespace(**{**values, **(fields if Path(asked) == Path(path) else {})})

    return stat


if __name__ == "__main__":
    unittest.main()
