"""Two real processes under torch.distributed (gloo): a plain loop, the Trainer, Lightning."""

from __future__ import annotations

import importlib.util
import json
import socket
import subprocess
import sys
import textwrap
import time
import unittest
from typing import Any, Dict, List

from tests.support import DashboardTest

MISSING = "torch is not installed: several ranks are tested as threads only"
torch_is_here = importlib.util.find_spec("torch") is not None
if not torch_is_here:
    # Skipped tests are not shown by default; this one should be.
    print(MISSING, file=sys.stderr)

SECONDS = 120.0

HEAD = """
import datetime, json, os, time, warnings
warnings.simplefilter("ignore")
import torch
import torch.distributed as dist
import signalbox

rank = int(os.environ["RANK"])
torch.set_num_threads(1)
log = []

def save_result(**values):
    with open(f"rank-{rank}.json", "w") as file:
        json.dump({"log": log, **values}, file)
    if rank:
        # torch sometimes aborts while such a process exits, after all its work is done.
        os._exit(0)

class Line(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)

    def forward(self, x, labels=None):
        y = self.layer(x)
        return {"loss": ((y - (2 * x if labels is None else labels)) ** 2).mean(), "logits": y}
"""

# The timeout of collectives is shorter than the time for which the test holds the run.
PLAIN = (
    HEAD
    + """
dist.init_process_group("gloo", timeout=datetime.timedelta(seconds=5))
run = signalbox.init(id="run", all_ranks=True, live_params={"learning_rate": (0, 1)})
torch.manual_seed(0)
line = Line()
if run.restored:
    line.load_state_dict(torch.load(run.restored["path"]))
model = torch.nn.parallel.DistributedDataParallel(line)
start = run.restored["step"] + 1 if run.restored else 0

@run.checkpoint
def save(step):
    path = f"{step}.pt"
    if rank == 0:
        torch.save(line.state_dict(), path)
    return path

for step in range(start, 1_000_000):
    rate = run.param("learning_rate", 0.01)
    model(torch.rand(4, 1))["loss"].backward()
    with torch.no_grad():
        for parameter in line.parameters():
            parameter -= rate * parameter.grad
            parameter.grad = None
    log.append([step, rate])
    run.log({"x": step, "rate": rate}, step=step)
    if not run.step_boundary(step):
        break
    time.sleep(0.002)
run.finish()
save_result(start=start, weight=line.layer.weight.item(), id=run.id)
dist.destroy_process_group()
"""
)

TRAINER = (
    HEAD
    + """
from transformers import Trainer, TrainerCallback, TrainingArguments
from signalbox.integrations.huggingface import SignalboxCallback

arguments = TrainingArguments(
    output_dir="out", max_steps=1_000_000, per_device_train_batch_size=2, learning_rate=1e-2, logging_steps=1,
    save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True, dataloader_pin_memory=False,
    lr_scheduler_type="constant", ddp_backend="gloo", log_level="error",
)
# Without all_ranks, the ranks are joined at the start of training.
run = signalbox.init(id="run", all_ranks=bool(os.environ.get("ALL_RANKS")))

class Note(TrainerCallback):
    def on_step_end(self, args, state, control, **kwargs):
        log.append([state.global_step, kwargs["optimizer"].param_groups[0]["lr"]])
        time.sleep(0.002)

data = [{"x": torch.tensor([i / 40]), "labels": torch.tensor([i / 20])} for i in range(40)]
trainer = Trainer(model=Line(), args=arguments, train_dataset=data, callbacks=[SignalboxCallback(run), Note()])
trainer.train(resume_from_checkpoint=run.restored and run.restored["path"])
save_result(start=log[0][0], weight=trainer.model.layer.weight.item(), id=run.id)
"""
)

LIGHTNING = (
    HEAD
    + """
import lightning.pytorch as lightning
from signalbox.integrations.lightning import SignalboxCallback, SignalboxLogger

if os.environ.get("ALL_RANKS"):
    dist.init_process_group("gloo")
run = signalbox.init(id="run", all_ranks=bool(os.environ.get("ALL_RANKS")))

class Module(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.line = Line()

    def training_step(self, batch, index):
        log.append([self.global_step, self.optimizers().param_groups[0]["lr"]])
        time.sleep(0.002)
        return self.line(batch[0])["loss"]

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.01)

data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.rand(40, 1)), batch_size=4)
trainer = lightning.Trainer(
    max_steps=1_000_000, accelerator="cpu", devices=2, strategy="ddp", logger=SignalboxLogger(run),
    callbacks=[SignalboxCallback(run, save_dir=".")], enable_checkpointing=False, enable_progress_bar=False,
    enable_model_summary=False,
)
module = Module()
trainer.fit(module, data, ckpt_path=run.restored and run.restored["path"])
run.finish()
save_result(start=log[0][0], weight=module.line.layer.weight.item(), id=run.id)
"""
)


@unittest.skipUnless(torch_is_here, MISSING)
class TorchRanksTest(DashboardTest):
    def launch(self, code: str, **more: str) -> List["subprocess.Popen[str]"]:
        """Starts two ranks like torchrun."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        found = []
        for rank in range(2):
            environment = {
                **self.environment(),
                "RANK": str(rank),
                "LOCAL_RANK": str(rank),
                "NODE_RANK": "0",
                "WORLD_SIZE": "2",
                "LOCAL_WORLD_SIZE": "2",
                "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": str(port),
                "OMP_NUM_THREADS": "1",
                "PYTHONFAULTHANDLER": "1",
                **more,
            }
            process = subprocess.Popen(
                [sys.executable, "-c", textwrap.dedent(code)],
                cwd=self.dir,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            self.addCleanup(_end, process)
            found.append(process)
        return found

    def restart(self, code: str, **more: str) -> List["subprocess.Popen[str]"]:
        """Starts the next two ranks, and waits until the dashboard knows them."""
        attached = len(self.dashboard.job("run")["attached"])
        self.dashboard.acks.clear()
        processes = self.launch(code, **more)
        self.dashboard.wait(lambda: len(self.dashboard.job("run")["attached"]) > attached, SECONDS)
        return processes

    def answered(self, command_id: str, processes: List["subprocess.Popen[str]"]) -> Dict[str, Any]:
        def ack() -> Any:
            for process in processes:
                if process.poll() not in (None, 0):
                    raise AssertionError(process.communicate()[1][-3000:])
            return self.dashboard.ack(command_id)

        return self.dashboard.wait(ack, SECONDS)

    def results(self, processes: List["subprocess.Popen[str]"]) -> List[Dict[str, Any]]:
        """The results of the ranks, after all have exited successfully."""
        deadline = time.monotonic() + SECONDS
        for process in processes:
            _, errors = process.communicate(timeout=max(1.0, deadline - time.monotonic()))
            rank = processes.index(process)
            self.assertEqual(process.returncode, 0, f"rank {rank}: {errors[-3000:]}")
        found = [json.loads((self.dir / f"rank-{rank}.json").read_text()) for rank in range(2)]
        self.assertEqual(found[0], found[1])
        return found

    def control(self, processes: List["subprocess.Popen[str]"], rate: float, hold: float = 0.0) -> None:
        """Changes the rate, holds, saves checkpoints, resumes: each applied, and in the right order."""
        self.dashboard.command("update_params", "u1", learning_rate=rate)
        changed = self.answered("u1", processes)
        self.assertEqual(changed["status"], "applied", changed)
        self.dashboard.command("pause", "p1", mode="hold")
        paused = self.answered("p1", processes)
        if hold:
            # There is no event to wait for: the ranks must survive the time itself.
            time.sleep(hold)
        for id_ in ("c1", "c2"):
            self.dashboard.command("checkpoint", id_)
            saved = self.answered(id_, processes)
            self.assertEqual(saved["status"], "applied", saved)
            self.assertEqual(saved["result"]["step"], paused["applied_step"] - 1)
        self.dashboard.command("resume", "r1")
        resumed = self.answered("r1", processes)
        self.assertEqual(resumed["applied_step"], paused["applied_step"])

    def steps_with(self, found: Dict[str, Any], rate: float) -> List[int]:
        return [step for step, held in found["log"] if abs(held - rate) < 1e-9]

    def test_a_plain_loop_is_controlled_released_and_resumed_in_both_ranks(self):
        processes = self.launch(PLAIN)
        self.control(processes, 0.02, hold=6.0)
        self.dashboard.command("pause", "p2", mode="release")
        released = self.answered("p2", processes)
        first = self.results(processes)[0]
        self.assertEqual(self.end_of()["status"], "paused")
        changed = self.dashboard.ack("u1")["applied_step"]
        last = first["log"][-1][0]
        self.assertEqual(self.steps_with(first, 0.02), list(range(changed, last + 1)))
        self.assertEqual(released["result"]["step"], last)

        processes = self.restart(PLAIN)
        self.dashboard.command("stop", "s1")
        self.answered("s1", processes)
        second = self.results(processes)[0]
        self.assertEqual((second["start"], second["log"][0]), (last + 1, [last + 1, 0.02]))
        self.assertEqual(self.end_of()["status"], "cancelled")
        steps = [step for step, _ in self.dashboard.series("run", "x")]
        self.assertEqual(steps, list(range(second["log"][-1][0] + 1)))

    def test_if_rank_0_fails_to_start_the_other_rank_ends_with_its_reason(self):
        self.init()
        processes = self.launch(PLAIN)
        errors = [process.communicate(timeout=SECONDS)[1] for process in processes]
        self.assertIn("RunInUseError: A running process writes", errors[0])
        self.assertIn("Rank 0 could not start the run: RunInUseError", errors[1])

    @unittest.skipUnless(importlib.util.find_spec("transformers"), "transformers is not installed")
    def test_the_trainer_is_controlled_released_and_resumed_in_both_ranks(self):
        processes = self.launch(TRAINER)
        self.control(processes, 0.02)
        self.dashboard.command("pause", "p2", mode="release")
        released = self.answered("p2", processes)
        first = self.results(processes)[0]
        self.assertEqual(self.end_of()["status"], "paused")
        last = first["log"][-1][0]
        self.assertEqual(released["result"]["step"], last)
        changed = self.dashboard.ack("u1")["applied_step"]
        self.assertEqual(self.steps_with(first, 0.02), list(range(changed - 1, last + 1)))

        processes = self.restart(TRAINER, ALL_RANKS="1")
        self.dashboard.command("stop", "s1")
        self.answered("s1", processes)
        second = self.results(processes)[0]
        self.assertEqual(second["start"], last + 1)
        self.assertEqual(len(self.steps_with(second, 0.02)), len(second["log"]))
        self.assertEqual(self.end_of()["status"], "cancelled")

    @unittest.skipUnless(importlib.util.find_spec("lightning"), "Lightning is not installed")
    def test_lightning_is_controlled_released_and_resumed_in_both_ranks(self):
        processes = self.launch(LIGHTNING)
        self.control(processes, 0.02)
        self.dashboard.command("pause", "p2", mode="release")
        released = self.answered("p2", processes)
        first = self.results(processes)[0]
        self.assertEqual(self.end_of()["status"], "paused")
        self.assertTrue((self.dir / f"step-{released['result']['step']}.ckpt").is_file())
        rates = [rate for _, rate in first["log"]]
        self.assertEqual(sorted(set(rates)), [0.01, 0.02])
        self.assertEqual(rates, sorted(rates))

        processes = self.restart(LIGHTNING, ALL_RANKS="1")
        self.dashboard.command("stop", "s1")
        self.assertEqual(self.answered("s1", processes)["status"], "applied")
        second = self.results(processes)[0]
        self.assertEqual(second["log"][0], [released["result"]["step"], 0.02])
        self.assertEqual(self.end_of()["status"], "cancelled")


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.kill()
    process.wait()
    if process.stderr:
        process.stderr.close()


if __name__ == "__main__":
    unittest.main()
