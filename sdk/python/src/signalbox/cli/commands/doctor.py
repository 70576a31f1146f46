"""`doctor`: checks everything that this program needs, from settings to the live stream."""

from __future__ import annotations

import time
from typing import Callable, Optional

from ..._version import VERSION
from ...errors import ApiError, SignalboxError, UnreachableError
from ...settings import Settings, find_settings
from ...streaming.handlers.plain_text import plain_text
from ..command import Command, Values
from ..context import CliContext
from ..credentials import is_open_to_others, masked, settings_origin
from ..exits import FAILURE, SUCCESS
from ..probe import SCOPES, find_scopes
from ..server_checks import CheckFailed, clock_skew, open_stream
from ..text import paint

MARKS = {"pass": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}
MORE = """
✓ passed, ! warning, ✗ failed. The exit code is 1 if any check failed.

Examples:
  signalbox doctor
  signalbox doctor --url https://signalbox.example.com"""


class Doctor:
    """Prints a line for each check."""

    def __init__(self, cli: CliContext) -> None:
        self._cli = cli
        self.failed = False

    def run(self) -> None:
        """Carries out the checks, each as far as those before it allow."""
        settings = self._settings()
        if settings is None or not self._server(settings):
            return
        if settings.api_key:
            self._check("scopes", "fail", self._scopes)
        self._check("clock", "fail", lambda: self._clock(settings))
        if settings.api_key:
            self._stream(settings)
        self._check("trainers", "warn", self._trainers)

    def _settings(self) -> Optional[Settings]:
        try:
            settings = find_settings(self._cli.url)
        except SignalboxError as error:
            self._report("fail", "settings", str(error))
            return None
        url_from, key_from = settings_origin(self._cli.url, settings)
        self._report("pass", "address", f"{settings.url}, from {url_from}")
        if settings.api_key:
            self._report("pass", "key", f"{masked(settings.api_key)}, from {key_from}")
        else:
            self._report("fail", "key", "none for this URL; run `signalbox login` to store one")
        if settings.file is not None and is_open_to_others(settings.file):
            self._report("warn", "file", f"other users can read {settings.file}; run chmod 600")
        return settings

    def _server(self, settings: Settings) -> bool:
        started = time.monotonic()
        try:
            health = self._cli.client.health()
        except SignalboxError as error:
            more = " Is the dashboard running?" if isinstance(error, UnreachableError) else ""
            self._report("fail", "server", f"{settings.url}: {message_of(error)}{more}")
            return False
        self._report("pass", "server", f"reached in {round((time.monotonic() - started) * 1000)} ms")
        version = health["version"]
        if version == VERSION:
            self._report("pass", "version", VERSION)
        else:
            self._report("warn", "version", f"{version}; this CLI is {VERSION}")
        for part in ("database", "realtime", "backend"):
            word = str(health[part])
            self._report({"ok": "pass", "not set up": "warn"}.get(word, "fail"), part, word)
        if health.get("disk") == "low":
            self._report("warn", "disk", "almost full")
        elif health.get("disk") == "full":
            self._report("fail", "disk", "full; new rows are refused")
        return True

    def _scopes(self) -> None:
        found = find_scopes(self._cli.client)
        missing = [scope for scope in SCOPES if scope not in found]
        without = f"; missing {', '.join(missing)}" if missing else ""
        self._report("pass" if found else "fail", "scopes", f"{', '.join(found)}{without}")

    def _clock(self, settings: Settings) -> None:
        seconds = clock_skew(settings)
        if seconds is None:
            self._report("warn", "clock", "the server does not send its time")
            return
        off = round(abs(seconds))
        way = "ahead of" if seconds > 0 else "behind"
        # The server sends whole seconds.
        if off <= 2:
            self._report("pass", "clock", "in sync with the server")
        else:
            self._report("warn", "clock", f"{off} s {way} the server's; relative times will be off")

    def _stream(self, settings: Settings) -> None:
        try:
            self._report("pass", "stream", f"first frame after {open_stream(settings)} ms")
        except CheckFailed as error:
            self._report("fail", "stream", f"{error} Following a run will poll every 2 s instead.")

    def _trainers(self) -> None:
        trainers = self._cli.client.capabilities()["trainers"]
        kinds = ", ".join(f"{one['kind']} ({one['name']})" for one in trainers)
        self._report("pass" if trainers else "warn", "trainers", kinds or "none")

    def _check(self, name: str, outcome: str, check: Callable[[], None]) -> None:
        try:
            check()
        except SignalboxError as error:
            self._report(outcome, name, message_of(error))

    def _report(self, outcome: str, name: str, text: str) -> None:
        self.failed = self.failed or outcome == "fail"
        mark, colour = MARKS[outcome]
        self._cli.print(f"{paint(mark, colour, self._cli.colour)} {name:<9} {plain_text(text)}")


def message_of(error: SignalboxError) -> str:
    """What happened, without the status and the code."""
    return error.message if isinstance(error, ApiError) else str(error)


def run(cli: CliContext, _: Values) -> int:
    """Exit code 1 if any check failed."""
    doctor = Doctor(cli)
    doctor.run()
    return FAILURE if doctor.failed else SUCCESS


DOCTOR = Command("doctor", "check settings, server, key, clock and live stream", run, more=MORE)
