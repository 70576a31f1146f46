from __future__ import annotations

import importlib.util
import json
import os
import pty
import re
import signal
import subprocess
import sys
import unittest
from unittest import mock

from signalbox.cli.program import COMMANDS
from tests import SOURCE
from tests.command_line import CommandLineTest, error_reply, run_here

OF_A_RUN = (
    "show a", "logs a", "metrics a", "predictions a", "watch a", "pause a", "resume a", "stop a",
    "checkpoint a", "set a b=1", "open a",
)  # fmt: skip
READS_TOML = any(importlib.util.find_spec(name) for name in ("tomllib", "tomli"))
TRANSCRIPT = SOURCE.parents[1] / "fixtures" / "command-line.txt"

JOB = {
    "id": "job_1", "name": "base", "kind": "sft", "status": "succeeded", "managed": True, "error": None,
    "current_step": 1240, "total_steps": 2000, "progress": 0.62, "current_epoch": 7, "total_epochs": 10,
    "phase": None, "attempt": 1, "tags": ["g2p"], "notes": "", "created_at": "2026-11-20T12:00:00.000Z",
    "started_at": None, "finished_at": None, "active_seconds": 134, "latest": {"train/loss": 0.56921},
    "params": {"learning_rate": 0.003}, "live_params": {"learning_rate": {"min": 0, "max": 1}},
    "config": {"epochs": 10, "mix": {"a": 1e-05}}, "generation": "1", "last_seq": 4,
}  # fmt: skip


class TranscriptTest(CommandLineTest):
    def test_help_and_usage_errors_are_those_of_the_typescript_package(self):
        blocks = re.findall(r"^\$ signalbox ?(.*)\n((?:.*\n)*?)→ (\d+)\n", TRANSCRIPT.read_text("utf-8"), re.M)
        self.assertGreater(len(blocks), 40)
        os.environ.pop("COLUMNS")
        for arguments, said, code in blocks:
            with self.subTest(arguments):
                ended = run_here(arguments.split())
                self.assertEqual((ended.out + ended.err, ended.code), (said, int(code)))
                self.assertEqual(ended.out == "", ended.code != 0)


class CommandLineErrorsTest(CommandLineTest):
    def commands(self):
        (self.dir / "run.toml").write_text("[config]\n")
        return ["runs", *OF_A_RUN, *(["train --config run.toml"] if READS_TOML else [])]

    def test_every_command_says_that_no_address_is_known(self):
        for command in self.commands():
            ended = run_here(command.split())
            self.assertEqual((ended.code, ended.out), (2, ""), command)
            self.assertIn("No Signalbox address", ended.err, command)

    def test_every_command_says_that_the_key_is_not_good_and_how_to_get_one(self):
        self.sign_in("sbx_wrong")
        for path in ("training/jobs", "training/a", "training/local/a/control", "training/local/a/update-params"):
            self.replies[f"/api/{path}"] = (401, error_reply("unauthorized", "No good key."))
        for command in self.commands():
            ended = run_here(command.split())
            self.assertEqual((ended.code, ended.out), (1, ""), command)
            self.assertRegex(ended.err, r"^signalbox: No good key\.\n.*signalbox login", command)

    def test_a_server_that_cannot_be_reached_is_named(self):
        os.environ.update(SIGNALBOX_URL="http://127.0.0.1:1", SIGNALBOX_API_KEY="sbx_any")
        ended = run_here(["runs"])
        self.assertEqual((ended.code, ended.out), (1, ""))
        self.assertRegex(ended.err, r"^signalbox: http://127\.0\.0\.1:1 cannot be reached: .+\.\n$")

    def test_a_file_for_messages_is_checked_before_anything_starts(self):
        self.sign_in()
        (self.dir / "run.toml").write_text("")
        ended = run_here(["train", "--config", "run.toml", "--json-output", "/no/such/file"])
        self.assertEqual((ended.code, ended.out, self.seen), (2, "", []))
        self.assertIn("Cannot write /no/such/file", ended.err)

    @unittest.skipUnless(READS_TOML, "Python 3.11 and newer read TOML")
    def test_what_the_server_refuses_names_the_field_and_ends_with_2(self):
        self.sign_in()
        issues = [{"path": "config.epochs", "message": "must be 1 or more"}]
        self.replies["POST /api/training/jobs"] = (422, error_reply("unsupported", "Bad.", details={"issues": issues}))
        (self.dir / "run.toml").write_text("[config]\nepochs = -3\n")
        ended = run_here(["train", "--config", "run.toml", "--tag", "x", "--set", "lr=inf"])
        self.assertEqual((ended.code, ended.out), (2, ""))
        self.assertEqual(ended.err, "signalbox: Bad.\n  config.epochs: must be 1 or more\n")
        self.assertEqual(self.bodies[-1], {"kind": "sft", "config": {"epochs": -3, "lr": "inf"}, "tags": ["x"]})

    def test_a_run_is_meant_by_a_name_or_a_beginning_only_where_that_is_one_run(self):
        self.sign_in()
        jobs = [{**JOB, "id": f"twin-{n}", "name": "Twins"} for n in (1, 2)]
        self.replies["/api/training/jobs"] = (200, {"jobs": jobs, "total": 2})
        both = run_here(["show", "Twins"])
        self.assertEqual((both.code, both.out), (2, ""))
        self.assertIn("matches 2 runs:\n  twin-1  succeeded  Twins\n  twin-2", both.err)
        none = run_here(["show", "triplet"])
        self.assertEqual((none.code, none.err), (1, "signalbox: Run “triplet” not found.\n"))

    def test_every_help_has_examples(self):
        for command in COMMANDS:
            ended = run_here([command.name, "--help"])
            self.assertEqual((ended.code, ended.err), (0, ""))
            self.assertRegex(ended.out, r"Examples:\n  (signalbox|xdg-open)")


class ReadingTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in()
        self.replies["/api/training/job_1"] = (200, JOB)
        self.replies["/api/training/jobs"] = (200, {"jobs": [JOB], "total": 3, "count": 1})

    def test_runs_are_a_table_with_tabs_in_a_pipe_and_columns_in_a_terminal(self):
        piped = run_here(["runs", "--sort", "-progress", "--status", "running,paused", "--tag", "a", "--tag", "b"])
        self.assertEqual(
            piped.out,
            "state\tname\tid\tkind\tstep\tlatest\tcreated\n"
            "succeeded\tbase\tjob_1\tsft\t1240\ttrain/loss 0.5692\t2026-11-20T12:00:00.000Z\n",
        )
        self.assertEqual(piped.err, "2 more; use --limit and --offset\n")
        self.assertIn("status=running%2Cpaused&kind", self.seen[0].replace("&tag", "&kind"))
        self.assertIn("sort=-progress", self.seen[0])
        shown = run_here(["runs"], terminal=True)
        self.assertRegex(shown.out, r"\x1b\[32m✓ succeeded\x1b\[0m  base  job_1  sft   1,240 / 2,000 \(62%\)")
        os.environ["NO_COLOR"] = "1"
        self.assertNotIn("\x1b", run_here(["runs"], terminal=True).out)

    def test_a_run_is_shown_with_its_parameters_and_configuration(self):
        out = run_here(["show", "job_1"]).out
        self.assertIn("state        ✓ succeeded\nkind         sft\nstep         1,240 / 2,000 (62%)\nepoch        7 / 10\n", out)
        self.assertIn("\nLive parameters\n  learning_rate  0.003  (0 to 1)\n", out)
        # Numbers are written as JavaScript does.
        self.assertIn('\nConfiguration\n  epochs  10\n  mix     {"a":0.00001}\n', out)
        self.assertEqual(json.loads(run_here(["show", "job_1", "--json"]).out), JOB)

    def test_open_makes_a_sign_in_link_where_the_dashboard_was_started_and_nowhere_else(self):
        del os.environ["SIGNALBOX_URL"], os.environ["SIGNALBOX_API_KEY"]
        folder = self.dir / ".signalbox"
        folder.mkdir()
        (folder / "credentials.json").write_text(json.dumps({"url": self.dashboard.url, "api_key": "sbx_programs"}))
        self.assertEqual(run_here(["open"]), (0, f"{self.dashboard.url}/runs\n", ""))
        (folder / "owner.json").write_text(json.dumps({"admin_key": "sbx_owner"}))
        self.replies["POST /api/auth/links"] = (201, {"url": f"{self.dashboard.url}/sign-in/link#token"})
        self.assertEqual(run_here(["open"]), (0, f"{self.dashboard.url}/sign-in/link#token\n", ""))
        os.environ["BROWSER"] = "/no/such/browser"
        self.assertIn("No browser could be started.", run_here(["open"], terminal=True).err)
        self.assertEqual(len(self.seen), 2)
        # The owner's key goes to the address of its own dashboard only.
        os.environ.update(SIGNALBOX_URL="http://127.0.0.1:1", SIGNALBOX_API_KEY="sbx_other")
        self.assertEqual(run_here(["open"]).out, "http://127.0.0.1:1/runs\n")

    def test_the_key_that_login_verified_is_stored_for_this_user_alone(self):
        del os.environ["SIGNALBOX_URL"], os.environ["SIGNALBOX_API_KEY"]
        file = self.dir / ".signalbox" / "credentials.json"
        refused = (401, error_reply("unauthorized", "No."))
        self.replies["/api/training/jobs"] = refused
        wrong = run_here(["login", "--url", f"{self.dashboard.url}/"], typed="sbx_wrong\n")
        self.assertEqual((wrong.code, wrong.out, file.exists()), (1, "", False))
        self.replies["/api/training/jobs"] = (200, {})
        for path in ("/api/training/local/metrics", "/api/training/jobs/bulk"):
            self.replies[path] = (400, error_reply("bad_request", "Empty."))
        self.replies["/api/settings/api-keys"] = (403, error_reply("forbidden", "No."))
        ended = run_here(["login", "--url", f"{self.dashboard.url}/"], typed="sbx_good\n")
        self.assertEqual((ended.code, ended.err), (0, ""))
        self.assertEqual(
            ended.out,
            f"✓ Signed in to {self.dashboard.url}\n  scopes: read, ingest, control\n  saved to {file}\n",
        )
        self.assertEqual((file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777), (0o600, 0o700))
        self.assertEqual(json.loads(file.read_text()), {"url": self.dashboard.url, "api_key": "sbx_good"})
        self.assertEqual([path.name for path in file.parent.iterdir()], ["credentials.json"])

    def test_doctor_says_what_is_wrong(self):
        self.dashboard.stop()
        ended = run_here(["doctor"])
        self.assertEqual((ended.code, ended.err), (1, ""))
        self.assertRegex(ended.out, r"✓ key       sbx_test…, from SIGNALBOX_API_KEY\n✗ server .*Is the dashboard running\?")
        del os.environ["SIGNALBOX_API_KEY"]
        self.assertIn("✗ key       none for this URL; run `signalbox login`", run_here(["doctor"]).out)


class ControlTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in()
        self.replies["/api/training/job_1"] = (200, {**JOB, "status": "running"})

    def request(self, path, **fields):
        command = {"id": "cmd_1", "type": "pause", "status": "pending", "reason": None, "applied_step": None, **fields}
        self.replies[f"/api/training/local/job_1/{path}"] = (202, {"command": {**command, "status": "pending"}})
        self.replies["/api/training/local/job_1/commands"] = (200, {"commands": [command]})

    def test_a_command_waits_for_the_trainer(self):
        self.request("control", status="applied", applied_step=4310)
        self.assertEqual(run_here(["pause", "job_1"]), (0, "✓ pause applied at step 4,310\n", ""))
        self.request("control", status="rejected", reason="no room")
        self.assertEqual(run_here(["pause", "job_1"]), (1, "✗ pause rejected: no room\n", ""))
        self.request("control", status="delivered")
        late = run_here(["pause", "job_1", "--timeout", "0.1"])
        self.assertEqual((late.code, late.err), (1, "signalbox: The command cmd_1 was not answered within 0.1 s.\n"))
        self.assertEqual(run_here(["pause", "job_1", "--no-wait"]).out, "pause requested (cmd_1)\n")

    def test_changed_parameters_are_shown(self):
        changed = {"old": {"learning_rate": 0.003}, "new": {"learning_rate": 0.0015}}
        self.request("update-params", type="update_params", status="applied", applied_step=7, **changed)
        ended = run_here(["set", "job_1", "learning_rate=1.5e-3"])
        self.assertEqual(ended.out, "✓ parameter change applied at step 7: learning_rate 0.003 → 0.0015\n")
        self.assertEqual(self.bodies[1]["learning_rate"], 0.0015)


class ProcessTest(CommandLineTest):
    def start(self, *arguments):
        environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
        process = subprocess.Popen(
            [sys.executable, "-m", "signalbox", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.addCleanup(lambda: (process.kill(), process.communicate()))
        return process

    def test_a_reader_that_closes_the_pipe_ends_it_quietly(self):
        self.sign_in()
        self.replies["/api/training/job_1"] = (200, JOB)
        lines = [{"line": n, "stream": "stdout", "text": "x" * 1000, "ts": "t"} for n in range(2000)]
        self.replies["/api/training/local/job_1/logs"] = (200, {"logs": lines, "total_lines": 2000})
        process = self.start("logs", "job_1")
        self.assertEqual(process.stdout.readline(), "x" * 1000 + "\n")
        process.stdout.close()
        self.assertEqual(process.stderr.read(), "")
        self.assertEqual(process.wait(10), 0)

    def test_a_signal_ends_a_waiting_command_with_its_code_and_says_what_goes_on(self):
        self.sign_in()
        self.replies["/api/training/job_1"] = (200, {**JOB, "status": "running"})
        command = {"id": "cmd_1", "type": "stop", "status": "pending", "reason": None, "applied_step": None}
        self.replies["/api/training/local/job_1/control"] = (202, {"command": command})
        self.replies["/api/training/local/job_1/commands"] = (200, {"commands": [command]})
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            self.seen.clear()
            process = self.start("stop", "job_1")
            self.dashboard.wait(lambda: any("commands" in path for path in self.seen))
            process.send_signal(number)
            self.assertEqual(process.communicate(timeout=10), ("", "\nThe command stays queued: stop of “base” was requested.\n"))
            self.assertEqual(process.returncode, code)


class TerminalTest(CommandLineTest):
    """In a pseudo-terminal."""

    def run_in_terminal(self, arguments, answers=()):
        """Types each answer when its prompt is seen; returns the exit code and everything that was written."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ["PYTHONPATH"] = str(SOURCE)
            os.execv(sys.executable, [sys.executable, "-m", "signalbox", *arguments])
        written, waiting = "", list(answers)
        while True:
            try:
                data = os.read(terminal, 65536)
            except OSError:  # the other side was closed
                data = b""
            if not data:
                break
            written += data.decode("utf-8", "replace")
            if waiting and waiting[0][0] in written:
                os.write(terminal, waiting.pop(0)[1].encode())
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), written

    def test_login_asks_without_echo(self):
        self.replies["/api/training/jobs"] = (200, {})
        for path in ("/api/training/local/metrics", "/api/training/jobs/bulk"):
            self.replies[path] = (400, error_reply("bad_request", "Empty."))
        self.replies["/api/settings/api-keys"] = (403, error_reply("forbidden", "No."))
        answers = [("Dashboard URL (http://127.0.0.1:3000): ", f"{self.dashboard.url}/\n"), ("API key: ", "sbx_secret\n")]
        code, written = self.run_in_terminal(["login"], answers)
        self.assertEqual(code, 0, written)
        self.assertNotIn("secret", written)
        self.assertIn("\x1b[32m✓ Signed in to", written)
        self.assertEqual(self.run_in_terminal(["login"], [("Dashboard URL", "\x03")])[0], 130)

    def test_a_run_is_drawn_and_ctrl_c_leaves_it_running(self):
        self.sign_in()
        self.replies["/api/training/job_1"] = (200, {**JOB, "status": "running"})
        self.replies["/api/learning/jobs/job_1"] = (200, {**JOB, "status": "running"})
        self.replies["/api/learning/jobs/job_1/rows"] = (
            200,
            {
                "generation": "1", "status": "running", "next_seq": 2, "last_seq": 2,
                "rows": [{"seq": 2, "event": "metrics", "data": {"train/loss": [[5, 0.25, 0]]}}],
            },
        )  # fmt: skip
        code, written = self.run_in_terminal(["watch", "job_1", "--transport", "poll"], [("0.25", "\x03")])
        self.assertEqual(code, 130, written)
        self.assertRegex(written, r"base\x1b\[0m  \x1b\[36mrunning\x1b\[0m  \x1b\[2mstep 5 / 2000")
        self.assertIn("Detached from “base”. The run keeps running.\r\n  reattach: signalbox watch job_1", written)


class FolderTest(CommandLineTest):
    """TensorBoard folders and journals need no dashboard."""

    def setUp(self) -> None:
        super().setUp()
        (self.dir / "logs").mkdir()

    def test_watch_follows_a_folder_only_if_no_run_has_its_name(self):
        self.sign_in()
        self.replies["/api/training/jobs"] = (200, {"jobs": [], "total": 0})
        with mock.patch("signalbox.cli.commands.tensorboard.follow_folder") as follow:
            self.assertEqual(run_here(["watch", "logs"]).code, 0)
            self.assertEqual(str(follow.call_args[0][0]), "logs")
            self.assertEqual(run_here(["watch", "logs", "--once", "--idle", "5"]).code, 0)
            self.assertEqual((follow.call_args[1]["once"], follow.call_args[1]["idle"]), (True, 5))
            self.assertEqual(follow.call_count, 2)
            self.assertEqual(run_here(["watch", "elsewhere"]).code, 1)
            self.replies["/api/training/logs"] = (401, error_reply("unauthorized", "No good key."))
            self.assertEqual(run_here(["watch", "logs"]).code, 1)
            self.assertEqual(follow.call_count, 2)

    def test_tensorboard_reads_a_folder_once(self):
        self.assertEqual(run_here(["tensorboard", "logs", "--once"]), (0, "", ""))
        self.assertEqual(run_here(["tensorboard", "nowhere"]), (2, "", "signalbox: Folder not found: nowhere.\n"))
        self.assertEqual(run_here(["sync"]).out, f"Nothing to send in {self.dir.resolve()}.\n")


if __name__ == "__main__":
    unittest.main()
