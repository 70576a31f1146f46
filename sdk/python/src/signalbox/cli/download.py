"""Writes what a dashboard sends into a new file."""

from __future__ import annotations

import hashlib
import http.client
import os
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import UnreachableError, error_of_reply
from ..transport.http_connection import open_connection
from .exits import CliError

TIMEOUT_SECONDS = 6 * 3600.0
"""Making a large backup takes long, and nothing arrives until it is complete."""
CHUNK_BYTES = 1 << 20


def download(base_url: str, path: str, api_key: str, file: Path) -> int:
    """
    Writes the reply to a POST into a new file that only this user can read, once it is complete and has the
    checksum that the server names. Returns its bytes.
    """
    connection = open_connection(base_url, TIMEOUT_SECONDS)
    try:
        connection.request("POST", urlsplit(base_url).path.rstrip("/") + path, headers={"X-API-Key": api_key})
        response = connection.getresponse()
        if response.status != 200:
            raise error_of_reply(response.status, response.read(), response.getheader("x-request-id"), None)
        return _save(response, file)
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(f"{base_url} cannot be reached: {error}.") from error
    finally:
        connection.close()


def _save(response: http.client.HTTPResponse, file: Path) -> int:
    part = file.with_name(f"{file.name}.part")
    digest, size = hashlib.sha256(), 0
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            while True:
                chunk = response.read(CHUNK_BYTES)
                if not chunk:
                    break
                digest.update(chunk)
                size += len(chunk)
                output.write(chunk)
            output.flush()
            os.fsync(output.fileno())
        if digest.hexdigest() != response.getheader("x-checksum-sha256"):
            raise CliError("What arrived is not what the dashboard sent. Try again.")
        # Unlike a rename, it does not replace a file that has come meanwhile.
        os.link(part, file)
        return size
    finally:
        part.unlink(missing_ok=True)
