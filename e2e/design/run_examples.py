"""Runs the design's examples of following a run, all at once beside the run, with the names around them."""

import ast
import asyncio
import contextlib
import inspect
import io
import json
import os
import pathlib
import sys
from typing import Any, Dict

from signalbox.streaming import CallbackHandler, JobStreamer, JSONHandler, RichHandler, StreamConfig, StreamType

here = pathlib.Path(__file__).parent
base_url, job_id = os.environ["SIGNALBOX_URL"], sys.argv[1]
api_key = os.environ["SYNTH_API_KEY"] = os.environ["SIGNALBOX_API_KEY"]


async def run(name: str) -> Dict[str, Any]:
    """The example's code as it stands, but for the address and the run of these lines."""
    text = (here / f"{name}.py").read_text("utf-8")
    text = text.replace("https://api.synth.ai", base_url).replace("job_abc123", job_id)
    called = []
    names: Dict[str, Any] = {
        "base_url": base_url, "api_key": api_key, "job_id": job_id, "my_callback": called.append,
        "Any": Any, "Dict": Dict, "os": os, "CallbackHandler": CallbackHandler, "JSONHandler": JSONHandler,
        "JobStreamer": JobStreamer, "RichHandler": RichHandler, "StreamConfig": StreamConfig, "StreamType": StreamType,
    }  # fmt: skip
    printed = []
    names["print"] = lambda *words: printed.append(" ".join(map(str, words)))
    code = compile(text, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    waiting = eval(code, names)
    if inspect.isawaitable(waiting):
        await waiting
    return {
        "status": dict(names.get("final_status") or {}).get("status"),
        "called": [one.get("type") or one.get("name") for one in called],
        "printed": printed,
        "losses": names.get("loss_history"),
    }


async def main() -> None:
    names = [path.stem for path in sorted(here.glob("*.py")) if path.stem != "run_examples"]
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        results = await asyncio.gather(*map(run, names))
    lines = [json.loads(line) for line in open("training.jsonl", encoding="utf-8")]
    print(json.dumps({"results": dict(zip(names, results)), "lines": lines, "shown": shown.getvalue()}))


asyncio.run(main())
