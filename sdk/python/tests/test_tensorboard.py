from __future__ import annotations

import os
import signal
import sys
import unittest
from pathlib import Path

from signalbox.integrations.event_files import DamagedFile, crc32c, read_scalars
from signalbox.integrations.tensorboard import SummaryWriter
from signalbox.watch import run_id, watch
from tests.event_writer import event, record, simple, tensor, version
from tests.fake_dashboard import API_KEY
from tests.support import DashboardTest


class EventFileTest(DashboardTest):
    def write(self, data: bytes, name: str = "events.out.tfevents.1.host") -> Path:
        path = self.dir / name
        path.write_bytes(data)
        return path

    def test_the_checksum_is_crc_32c(self):
        # RFC 3720, appendix B.4
        self.assertEqual(crc32c(bytes(32)), 0x8A9136AA)
        self.assertEqual(crc32c(b"\xff" * 32), 0x62A8AB43)
        self.assertEqual(crc32c(b"123456789"), 0xE3069283)

    def test_scalars_of_both_kinds_are_read_and_other_values_are_not(self):
        values = [simple("loss", 0.5), tensor("acc", 0.25), tensor("note", 1.0, plugin="text")]
        path = self.write(version() + record(event(7, values)) + record(event(0, [simple("loss", float("nan"))])))
        found = list(read_scalars(path, 0))
        self.assertEqual([(s.tag, s.step) for s in found], [("loss", 7), ("acc", 7), ("loss", 0)])
        self.assertEqual([s.value for s in found[:2]], [0.5, 0.25])
        self.assertEqual(found[0].ms, 1_700_000_000_500)
        self.assertEqual(found[-1].end, path.stat().st_size)

    def test_an_incomplete_record_is_read_once_it_is_complete(self):
        whole = version() + record(event(1, [simple("x", 1.0)]))
        second = record(event(2, [simple("x", 2.0)]))
        for cut in range(len(second)):
            path = self.write(whole + second[:cut])
            self.assertEqual([s.step for s in read_scalars(path, 0)], [1])
        path = self.write(whole + second)
        self.assertEqual([s.step for s in read_scalars(path, len(whole))], [2])

    def test_damage_is_detected(self):
        good = record(event(1, [simple("x", 1.0)]))
        bad_body = bytearray(good)
        bad_body[-6] ^= 1
        path = self.write(bytes(bad_body) + good)
        self.assertEqual([s.end for s in read_scalars(path, 0)], [2 * len(good)])
        bad_head = bytearray(good)
        bad_head[0] ^= 1
        with self.assertRaises(DamagedFile):
            list(read_scalars(self.write(bytes(bad_head)), 0))

    def test_files_that_tensorboard_itself_writes_are_read(self):
        try:
            from tensorboard.compat.proto.event_pb2 import Event
            from tensorboard.compat.proto.summary_pb2 import Summary
            from tensorboard.summary.writer.event_file_writer import EventFileWriter
        except ImportError:
            self.skipTest("tensorboard is not installed")
        writer = EventFileWriter(str(self.dir))
        for step in range(50):
            summary = Summary(value=[Summary.Value(tag="loss", simple_value=step / 2)])
            writer.add_event(Event(wall_time=5.0, step=step, summary=summary))
        writer.close()
        (path,) = self.dir.glob("*tfevents*")
        self.assertEqual([(s.step, s.value) for s in read_scalars(path, 0)], [(n, n / 2) for n in range(50)])


class WatchTest(DashboardTest):
    def setUp(self) -> None:
        super().setUp()
        self.logs = self.dir / "logs"
        (self.logs / "sub" / "train").mkdir(parents=True)
        self.options = {"dir": str(self.dir), "url": self.dashboard.url, "api_key": API_KEY}

    def add(self, folder: Path, steps, name: str = "events.out.tfevents.1.host") -> None:
        with open(folder / name, "ab") as file:
            for step in steps:
                file.write(record(event(step, [simple("loss", step / 2), simple("acc", step)])))

    def once(self) -> int:
        return watch(self.logs, self.options, once=True, report=lambda _: None)

    def series(self, folder: Path):
        return self.dashboard.series(run_id(folder), "loss")

    def test_each_folder_is_a_run_and_nothing_is_reported_twice(self):
        deep = self.logs / "sub" / "train"
        self.add(self.logs, range(3))
        self.add(deep, range(2500))
        self.assertEqual(self.once(), 2 * 2503)
        self.assertEqual(self.once(), 0)
        self.add(deep, range(2500, 2600))
        self.add(deep, range(2600, 2700), "events.out.tfevents.2.host")
        self.once()
        self.assertEqual(self.series(deep), [(step, step / 2) for step in range(2700)])
        self.assertEqual(self.series(self.logs), [(0, 0), (1, 0.5), (2, 1)])
        names = [job["attached"][0]["name"] for job in self.dashboard.jobs.values()]
        self.assertEqual(sorted(names), ["logs", "sub/train"])

    def test_after_kill_9_it_continues_exactly_where_it_was(self):
        code = """
            import os, signal, signalbox.watch as w
            count = 0
            class Killer(w.WatchedFolder):
                def _log(self, scalars, file):
                    global count
                    count += 1
                    taken = super()._log(scalars, file)
                    if count == int(os.environ["KILL_AT"]):
                        os.kill(os.getpid(), signal.SIGKILL)
                    return taken
            w.WatchedFolder = Killer
            w.watch(w.Path("logs"), {"dir": "."}, once=True)
            """
        self.add(self.logs, range(3000))
        for kill_at in ("1", "700", "1500"):
            os.environ["KILL_AT"] = kill_at
            self.assertEqual(self.script(code).returncode, -signal.SIGKILL)
        self.once()
        self.assertEqual(self.series(self.logs), [(step, step / 2) for step in range(3000)])

    def test_the_command_follows_a_folder_until_it_is_stopped(self):
        import subprocess

        self.add(self.logs, range(5))
        process = subprocess.Popen(
            [sys.executable, "-m", "signalbox.watch", "logs", "--interval", "0.1"],
            cwd=self.dir,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(lambda: (process.kill(), process.communicate()))
        id_ = run_id(self.logs)
        self.dashboard.wait(lambda: id_ in self.dashboard.jobs and len(self.series(self.logs)) == 5)
        self.add(self.logs, range(5, 8))
        self.dashboard.wait(lambda: len(self.series(self.logs)) == 8)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        self.assertEqual((process.returncode, err), (0, ""))
        self.assertIn("logs: ", out)
        self.assertEqual(self.end_of(id_)["status"], "succeeded")


class SummaryWriterTest(DashboardTest):
    def test_the_usual_calls_are_supported(self):
        run = self.init()
        with SummaryWriter("runs/x", run=run) as writer:
            writer.add_scalar("loss", 0.5, 3)
            writer.add_scalar("loss", 0.25, 4, walltime=1_700_000_000.0)
            writer.add_scalars("both", {"a": 1, "b": 2}, 4)
            writer.add_text("note", "hello", 4)
            writer.add_hparams({"lr": 0.1}, {"hparam/acc": 0.9})
            writer.add_image("picture", object())
            writer.flush()
            with self.assertRaises(AttributeError):
                writer.add_nonsense()
        self.assertIsNone(run.finished_as)
        run.finish()
        job = self.dashboard.job("run")
        self.assertEqual(self.dashboard.series("run", "loss"), [(3, 0.5), (4, 0.25)])
        self.assertEqual(self.dashboard.series("run", "both/b"), [(4, 2)])
        self.assertEqual(job["events"][0]["data"], {"tag": "note", "step": 4})
        self.assertEqual(job["attached"][-1]["config"], {"lr": 0.1})

    def test_a_writer_without_a_run_creates_one_and_ends_it(self):
        writer = SummaryWriter("runs/mine", id="run", dir=self.dir, url=self.dashboard.url, api_key=API_KEY)
        writer.add_scalar("loss", 1, 0)
        writer.close()
        self.assertEqual(self.dashboard.job("run")["attached"][0]["name"], "runs/mine")
        self.assertEqual(self.end_of()["status"], "succeeded")


if __name__ == "__main__":
    unittest.main()
