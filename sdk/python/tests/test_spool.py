from __future__ import annotations

import os
import tempfile
from pathlib import Path
from unittest import mock

from signalbox.delivery.batches import batches_of
from signalbox.delivery.run_state import RunState
from signalbox.delivery.spool import EVENT, LINE, ROW, STATUS, SpoolWriter, segments_of
from signalbox.delivery.spool_reader import read_window
from signalbox.errors import ConfigurationError
from signalbox.transport.backoff import MAX_BACKOFF_SECONDS, backoff
from tests.support import DashboardTest


class SpoolTest(DashboardTest):
    def test_segments_that_are_sent_while_they_are_written_lose_nothing(self):
        import threading

        from signalbox.delivery.ingest_client import STORED, SendResult
        from signalbox.delivery.sender import Sender

        got = []

        class StoringClient:
            def send(self, batch):
                got.extend(record.payload for record in batch.records)
                return SendResult(STORED)

        state = RunState(self.dir / "spool")
        writer = self._writer(segment_bytes=300)
        sender = Sender("run", state, StoringClient(), writer=writer)
        done = threading.Event()

        def write():
            for number in range(3000):
                writer.append(ROW, 1, b'{"step":%d}' % number)
            done.set()

        threading.Thread(target=write).start()
        while not done.is_set() or sender.pending():
            sender.send_next()
        state.release()
        self.assertEqual(got, [b'{"step":%d}' % number for number in range(3000)])

    def _writer(self, **options) -> SpoolWriter:
        writer = SpoolWriter(self.dir / "spool", **options)
        self.addCleanup(writer.close)
        return writer

    def test_ctrl_c_right_after_a_write_does_not_hide_later_records(self):
        writer = self._writer()
        writer.append(ROW, 1, b'{"step":0}')

        def write_and_raise(fd, data):
            os.write(fd, data)
            raise KeyboardInterrupt

        with mock.patch("signalbox.delivery.spool.os", wraps=os) as patched:
            patched.write = write_and_raise
            with self.assertRaises(KeyboardInterrupt):
                writer.append(ROW, 1, b'{"step":1}')
        writer.append(STATUS, 1, b'{"status":"cancelled"}')
        segment = segments_of(writer.folder)[0]
        window = read_window(segment, 0, writer.end_of(segment))
        self.assertEqual(len(window.records), 2)
        rest = read_window(segment, window.end, writer.end_of(segment))
        self.assertEqual([record.payload for record in rest.records], [b'{"status":"cancelled"}'])
        self.assertEqual(writer.total, segment.path.stat().st_size)

    def test_damaged_and_truncated_records_are_skipped(self):
        writer = self._writer()
        for number in range(5):
            writer.append(ROW, 1, b'{"step":%d}' % number)
        path = segments_of(writer.folder)[0].path
        data = bytearray(path.read_bytes())
        data[data.index(b'"step":2') + 7] = ord("9")
        path.write_bytes(data[:-4])
        window = read_window(segments_of(writer.folder)[0], 0, len(data) - 4)
        self.assertEqual([r.payload for r in window.records], [b'{"step":%d}' % n for n in (0, 1, 3)])
        self.assertEqual((window.damaged, window.end), (2, len(data) - 4))

    def test_a_window_that_is_read_again_gives_the_same_batches_byte_for_byte(self):
        writer = self._writer()
        for number in range(6000):
            writer.append(ROW, 2, b'{"step":%d}' % number)
            if number % 7 == 0:
                writer.append(LINE, 1, b'{"text":"t"}')
        segment = segments_of(writer.folder)[0]
        window = read_window(segment, 0, writer.size)
        again = read_window(segment, window.start, window.end, fixed=True)
        self.assertEqual(batches_of("run", window), batches_of("run", again))
        self.assertEqual([batch.kind for batch in batches_of("run", window)], [ROW, LINE])
        self.assertLessEqual(sum(record.items for record in window.records if record.kind == ROW), 5000)

    def test_windows_contain_every_record_once_and_in_order(self):
        writer = self._writer(segment_bytes=10_000)
        kinds = [ROW, ROW, EVENT, STATUS, LINE]
        sent = []
        for number in range(2000):
            payload = b'{"n":%d,"pad":"%b"}' % (number, b"x" * (number % 97))
            writer.append(kinds[number % 5], 1, payload)
            sent.append(payload)
        found = []
        for segment in segments_of(writer.folder):
            at, end = 0, writer.end_of(segment)
            while at < end:
                window = read_window(segment, at, end)
                found += [record.payload for record in window.records]
                self.assertTrue(len(window.records) == 1 or STATUS not in {r.kind for r in window.records})
                at = window.end
        self.assertEqual(found, sent)

    def test_a_record_larger_than_a_read_is_complete(self):
        writer = self._writer()
        payload = b'{"x":"' + b"y" * 3_000_000 + b'"}'
        writer.append(EVENT, 1, payload)
        window = read_window(segments_of(writer.folder)[0], 0, writer.size)
        self.assertEqual(window.records[0].payload, payload)

    def test_a_full_spool_drops_rows_with_a_warning_and_keeps_status_reports(self):
        warnings = []
        writer = self._writer(limit_bytes=2000, warn_once=lambda kind, text: warnings.append(kind))
        taken = [writer.append(LINE, 1, b'{"text":"t"}') for _ in range(100)]
        self.assertFalse(all(taken))
        self.assertLess(writer.total, 1100)
        taken = [writer.append(ROW, 1, b'{"step":1}') for _ in range(100)]
        self.assertFalse(taken[-1])
        self.assertTrue(writer.append(STATUS, 1, b"{}"))
        self.assertEqual(set(warnings), {"spool half full", "spool full"})

    def test_a_damaged_cursor_is_ignored(self):
        state = RunState(Path(self.dir))
        from signalbox.delivery.run_state import Cursor

        state.write_cursor(Cursor("0123456789ab", 5, 900))
        self.assertEqual(state.read_cursor(), Cursor("0123456789ab", 5, 900))
        (self.dir / "cursor").write_text("00000000 nonsense")
        self.assertIsNone(state.read_cursor())
        state.release()

    def test_backoff_has_full_jitter_and_a_cap(self):
        self.assertEqual(backoff(0, lambda: 0.0), 0.0)
        self.assertEqual(backoff(3, lambda: 1.0), 2.0)
        self.assertEqual(backoff(10_000, lambda: 1.0), MAX_BACKOFF_SECONDS)


class FallbackFolderTest(DashboardTest):
    """Where the folder of the run cannot be written, its journal goes among the temporary files."""

    def setUp(self) -> None:
        super().setUp()
        shared = self.dir / "tmp"
        shared.mkdir()
        self.addCleanup(setattr, tempfile, "tempdir", tempfile.tempdir)
        tempfile.tempdir = str(shared)
        self.fallback = shared / f"signalbox-{os.getuid()}"
        # A file in the place of its folder: not even root can write there.
        self.broken = self.dir / "file"
        self.broken.write_text("")

    def test_is_private(self):
        self.init(dir=self.broken).finish()
        self.assertEqual(self.fallback.stat().st_mode & 0o777, 0o700)

    def test_is_refused_where_somebody_else_may_have_made_it(self):
        self.fallback.mkdir()
        self.fallback.chmod(0o755)
        with self.assertRaisesRegex(ConfigurationError, "not private to you"):
            self.init(dir=self.broken)
        self.fallback.rmdir()
        own = self.dir / "own"
        own.mkdir(mode=0o700)
        self.fallback.symlink_to(own)
        with self.assertRaisesRegex(ConfigurationError, "not private to you"):
            self.init(dir=self.broken)
        self.assertEqual(list(own.iterdir()), [])

    def test_the_folder_of_the_run_is_private_too(self):
        self.init().finish()
        self.assertEqual((self.dir / ".signalbox").stat().st_mode & 0o777, 0o700)
