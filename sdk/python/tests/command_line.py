"""Runs command lines in this process, for the tests."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from typing import Any, Dict, List, NamedTuple, Sequence
from unittest import mock

from signalbox.cli.main import main
from tests.support import DashboardTest


class Ended(NamedTuple):
    code: int
    out: str
    err: str


class Terminal(io.StringIO):
    """Output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def run_here(arguments: Sequence[str], *, terminal: bool = False, typed: str = "") -> Ended:
    """Runs a command line; its input and output are pipes, or its output is a terminal."""
    out, err = (Terminal(), Terminal()) if terminal else (io.StringIO(), io.StringIO())
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        with mock.patch.object(sys, "stdin", io.StringIO(typed)):
            code = main(arguments)
    return Ended(code, out.getvalue(), err.getvalue())


class CommandLineTest(DashboardTest):
    """Each test has a home and a working folder of its own, and a dashboard that replies as `replies` says."""

    def setUp(self) -> None:
        super().setUp()
        before = os.getcwd()
        os.chdir(self.dir)
        self.addCleanup(os.chdir, before)
        os.environ.update(HOME=str(self.dir), TERM="xterm", COLUMNS="100")
        os.environ.pop("NO_COLOR", None)
        self.seen: List[str] = []
        self.bodies: List[Any] = []
        self.replies: Dict[str, Any] = {}
        self.dashboard.extra["/api/"] = self._answer

    def sign_in(self, key: str = "sbx_test") -> None:
        """Sets the settings in the environment."""
        os.environ.update(SIGNALBOX_URL=self.dashboard.url, SIGNALBOX_API_KEY=key)

    def _answer(self, handler: Any) -> None:
        self.seen.append(f"{handler.command} {handler.path}")
        self.bodies.append(json.loads(handler.body) if handler.body else None)
        path = handler.path.partition("?")[0]
        reply = self.replies.get(f"{handler.command} {path}", self.replies.get(path))
        status, value = (404, error_reply("not_found", "Job not found.")) if reply is None else reply
        body = json.dumps(value).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def error_reply(code: str, message: str, **more: Any) -> Dict[str, Any]:
    return {"error": {"code": code, "message": message, "request_id": "req_1", **more}}
