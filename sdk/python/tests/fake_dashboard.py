"""The dashboard's ingest and command routes, in memory, with faults on demand."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

API_KEY = "sbx_test"
# The status and headers of the response; and, if given, the error's details.
Fault = Callable[[str, str, Dict[str, Any]], Optional[Tuple[Any, ...]]]


class FakeDashboard:
    """Stores ingested data; `fault` may respond instead."""

    def __init__(self) -> None:
        self.lock = threading.Condition()
        self.jobs: Dict[str, Dict[str, Any]] = {}
        self.requests: List[Tuple[str, str]] = []
        self.fault: Optional[Fault] = None
        self.commands: List[Dict[str, Any]] = []
        self.acks: List[Dict[str, Any]] = []
        self.heartbeats: List[Dict[str, Any]] = []
        self.extra: Dict[str, Callable[["_Handler"], None]] = {}
        self.connections: Set[socket.socket] = set()
        self._batches: Dict[Tuple[str, str], str] = {}
        self._tokens = 0
        self._server: Optional[ThreadingHTTPServer] = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "FakeDashboard":
        handler = type("Handler", (_Handler,), {"dashboard": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        # Many tests disconnect in the middle of a request.
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stops the server; `start` restarts it on the same port with the same data."""
        server, self._server = self._server, None
        if server:
            server.shutdown()
            server.server_close()
            # Keep-alive connections break, like at the exit of a real server.
            for connection in list(self.connections):
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def wait(self, what: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Waits until a condition is true; fails the test after the timeout."""
        deadline = time.monotonic() + seconds
        with self.lock:
            while True:
                found = what()
                if found:
                    return found
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError("timed out")
                self.lock.wait(min(left, 0.1))

    def job(self, job_id: str) -> Dict[str, Any]:
        return self.jobs[job_id]

    def series(self, job_id: str, name: str) -> List[Tuple[int, Any]]:
        return [(step, value) for series, step, value, *_ in self.job(job_id)["points"] if series == name]

    def command(self, type_: str, id_: str, **args: Any) -> None:
        with self.lock:
            self.commands.append({"id": id_, "type": type_, "args": args})
            self.lock.notify_all()

    def ack(self, command_id: str) -> Optional[Dict[str, Any]]:
        return next((ack for ack in self.acks if ack["id"] == command_id), None)

    # Requests -----------------------------------------------------------------------------------

    def handle(self, method: str, path: str, headers: Any, body: bytes) -> Tuple[int, Any, Dict[str, str]]:
        value = json.loads(body) if body else {}
        with self.lock:
            self.requests.append((method, path))
            if self.fault:
                answer = self.fault(method, path, value)
                if answer:
                    return answer[0], _error(answer[0], *answer[2:]), answer[1]
            status, reply = self._route(method, path, headers, value, body)
            self.lock.notify_all()
            return status, reply, {}

    def _route(self, method: str, path: str, headers: Any, value: Any, body: bytes) -> Tuple[int, Any]:
        if path == "/api/training/local/jobs":
            return self._attach(headers, value)
        match = re.match(r"^/api/training/local/([^/?]+)(?:/(.*))?$", path)
        assert match, path
        name, rest = match.groups()
        job_id = value.get("job_id") if rest is None else name
        job = self.jobs.get(str(job_id))
        authorised = headers.get("X-API-Key") == API_KEY or (
            job is not None and headers.get("Authorization") == f"Bearer {job['token']}"
        )
        if not authorised:
            return 401, _error(401)
        if job is None:
            return 404, _error(404)
        route = rest or name
        if route.startswith("commands/"):
            return self._commands(job, route, value)
        if route == "heartbeat":
            self.heartbeats.append(value)
            return 200, {"success": True, "status": job["status"]}
        return self._ingest(job, str(job_id), route, headers, value, body)

    def _attach(self, headers: Any, value: Any) -> Tuple[int, Any]:
        if headers.get("X-API-Key") != API_KEY:
            return 401, _error(401)
        job = self.jobs.setdefault(
            value["job_id"],
            {"points": [], "lines": [], "events": [], "predictions": [], "reports": [], "attached": []},
        )
        self._tokens += 1
        job["token"] = f"sbj_{self._tokens}"
        job["attached"].append(value)
        job["status"] = value.get("status", job.get("status"))
        return 200, {"success": True, "job_id": value["job_id"], "job_token": job["token"]}

    def _commands(self, job: Any, route: str, value: Any) -> Tuple[int, Any]:
        if route.endswith("/ack"):
            self.acks.append({"id": route.split("/")[1], **value})
            return 200, {"success": True}
        deadline, token = time.monotonic() + 5, job["token"]
        while not self.commands and time.monotonic() < deadline and self._server:
            self.lock.wait(0.05)
        if job["token"] != token:
            # A newer process of the run has attached and polls itself.
            return 401, _error(401)
        return 200, {"command": self.commands.pop(0) if self.commands else None}

    def _ingest(self, job: Any, job_id: str, route: str, headers: Any, value: Any, body: bytes) -> Tuple[int, Any]:
        key = headers.get("Idempotency-Key")
        assert key, "every batch has an id"
        digest = hashlib.sha256(route.encode() + body).hexdigest()
        known = self._batches.get((job_id, key))
        if known:
            return (200, {"success": True}) if known == digest else (409, _error(409))
        problem = _store(job, route, value)
        if problem:
            return problem, _error(problem)
        self._batches[(job_id, key)] = digest
        return 200, {"success": True, "count": 1, "last_seq": 1}


def _store(job: Any, route: str, value: Any) -> Optional[int]:
    if route == "metrics":
        rows = value.get("metrics", [])
        if any(name == "poison" for row in rows for name in row):
            return 400
        for row in rows:
            for name, number in row.items():
                if name not in ("step", "epoch", "timestamp"):
                    job["points"].append((name, row["step"], number, row.get("epoch"), None))
        for point in value.get("points", []):
            job["points"].append(
                (point["name"], point["step"], point["value"], point.get("epoch"), point.get("phase"))
            )
    elif route == "logs":
        job["lines"].extend(value["lines"])
    elif route == "events":
        job["events"].extend(value["events"])
    elif route == "predictions":
        job["predictions"].extend(value["predictions"])
    elif route == "status":
        job["reports"].append(value)
        job["status"] = value.get("status", job["status"])
    else:
        return 404
    return None


def _error(status: int, details: Any = None) -> Dict[str, Any]:
    error = {"code": f"code_{status}", "message": f"refused {status}", "request_id": "req_1"}
    return {"error": {**error, "details": details} if details else error}


class _Handler(BaseHTTPRequestHandler):
    dashboard: FakeDashboard
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.dashboard.connections.add(self.connection)

    def finish(self) -> None:
        self.dashboard.connections.discard(self.connection)
        super().finish()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.body = body
        for prefix, route in self.dashboard.extra.items():
            if self.path.startswith(prefix):
                route(self)
                return
        status, reply, headers = self.dashboard.handle(self.command, self.path, self.headers, body)
        if status == 0:
            self.close_connection = True
            return
        data = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer

    def log_message(self, *arguments: Any) -> None:
        pass
