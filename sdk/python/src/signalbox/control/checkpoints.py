"""Checkpoints that scripts save: requested, verified, described."""

from __future__ import annotations

import hashlib
import inspect
import os
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional

Save = Callable[..., Any]
Verify = Callable[[Path], Any]


class CheckpointError(Exception):
    """A checkpoint could not be saved, or what was saved cannot be read back."""


class Checkpoint(NamedTuple):
    """A verified checkpoint."""

    id: str
    path: str
    step: int
    bytes: int
    sha256: str

    def as_result(self) -> Dict[str, Any]:
        """As JSON for the dashboard."""
        return {
            "checkpoint_id": self.id,
            "path": self.path,
            "step": self.step,
            "bytes": self.bytes,
            "sha256": self.sha256,
        }

    @classmethod
    def of_result(cls, result: Mapping[str, Any]) -> "Checkpoint":
        """The inverse of `as_result`."""
        return cls(result["checkpoint_id"], result["path"], result["step"], result["bytes"], result["sha256"])


def call_save(save: Save, step: int) -> Any:
    """Calls the script's save function. Raises CheckpointError."""
    try:
        return save(step) if _takes_step(save) else save()
    except Exception as error:
        raise CheckpointError(f"Saving failed: {type(error).__name__}: {error}") from error


def saved_path(saved: Any) -> Path:
    """The path that a save function returned. Raises CheckpointError if it is none."""
    if not isinstance(saved, (str, os.PathLike)):
        raise CheckpointError("The save function must return the path of what it saved.")
    return Path(saved)


def _takes_step(save: Save) -> bool:
    try:
        inspect.signature(save).bind(0)
    except TypeError:
        return False
    except ValueError:
        pass
    return True


def verified(path: Path, step: int, verify: Optional[Verify] = None) -> Checkpoint:
    """
    Fsyncs every file of a checkpoint (a file or a folder), and reads it back. `verify` may check more: it
    raises or returns False for an invalid checkpoint. Raises CheckpointError.
    """
    try:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        if not files:
            raise CheckpointError(f"{path} is empty.")
        total, digest = 0, hashlib.sha256()
        for file in files:
            size = _read_back(file, digest)
            if size == 0 and len(files) == 1:
                raise CheckpointError(f"{file} is empty.")
            total += size
        if total == 0:
            raise CheckpointError(f"{path} contains only empty files.")
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read back: {error}") from error
    if verify is not None:
        try:
            valid = verify(path)
        except Exception as error:
            raise CheckpointError(f"{path} is not valid: {error}") from error
        if valid is False:
            raise CheckpointError(f"{path} is not valid.")
    return Checkpoint(f"step-{step}", str(path.resolve()), step, total, digest.hexdigest())


def _read_back(file: Path, digest: Any) -> int:
    size = 0
    with open(file, "rb") as stream:
        os.fsync(stream.fileno())
        while True:
            piece = stream.read(1 << 20)
            if not piece:
                return size
            size += len(piece)
            digest.update(piece)
