"""finetune-lab 0.6.0, used as its documentation does."""

import os

from finetune_lab import FinetuneLabClient, FinetuneLabError
from suite import API_KEY, URL, call, equal, row, run_rows

client = FinetuneLabClient(api_key=API_KEY, base_url=URL)
JOB = "local_training_001"


def create_job(job_id=JOB, **more):
    config = {"epochs": 3, "batch_size": 4}
    names = {"model_name": "llama-3-8b-tool-use", "dataset_path": "./data/tiny_tool_use.jsonl"}
    return client.training.create_job(job_id=job_id, config=config, **names, **more)


@row("FinetuneLabClient")
def settings():
    os.environ.update(FINETUNE_LAB_API_URL=URL, FINETUNE_LAB_API_KEY=API_KEY)
    equal(FinetuneLabClient().training.list_jobs(limit=1)["success"], True)
    try:
        FinetuneLabClient(api_key="wak_none", base_url=URL).training.list_jobs()
    except FinetuneLabError as error:
        equal((error.status_code, str(error).startswith("[401] ")), (401, True))
        equal("{" in error.message, False)
    else:
        raise AssertionError("a wrong key was taken")


@row("training.create_job")
def create():
    token = create_job()["job_token"]
    rows = [{"step": step, "epoch": 1, "train_loss": 1 / step} for step in range(1, 4)]
    create_job()
    call("POST", "/api/training/local/metrics", {"job_id": JOB, "metrics": rows}, token)
    job = call("GET", f"/api/training/{JOB}")
    equal((job["status"], job["attempt"], job["config"]["epochs"]), ("running", 1, 3))
    create_job(status="completed")
    equal(call("GET", f"/api/training/{JOB}")["status"], "succeeded")


@row("training.list_jobs")
def list_jobs():
    create_job("listed")
    jobs = client.training.list_jobs(limit=10)
    equal([job["status"] for job in jobs["jobs"] if job["id"] == "listed"], ["running"])
    equal(len(client.training.list_jobs(limit=1, offset=1)["jobs"]), 1)


@row("training.get_metrics")
def get_metrics():
    token = create_job("long")["job_token"]
    for first in range(1, 6001, 2000):
        rows = [{"step": step, "train_loss": 1 / step, "gpu_memory_allocated_gb": 1.5} for step in range(first, first + 2000)]
        call("POST", "/api/training/local/metrics", {"job_id": "long", "metrics": rows}, token)
    metrics = client.training.get_metrics("long")
    equal(metrics["job_id"], "long")
    points = [(point["step"], point["train_loss"]) for point in metrics["metrics"]]
    equal((len(points), points[0], points[-1]), (6000, (1, 1.0), (6000, 1 / 6000)))


@row("training.get_logs")
def get_logs():
    token = create_job("logged")["job_token"]
    lines = [f"line {number}" for number in range(120)]
    call("POST", "/api/training/local/logged/logs", {"logs": lines}, token)
    page = client.training.get_logs("logged", limit=50)
    equal((page["total_lines"], page["offset"], page["limit"]), (120, 0, 50))
    rest = client.training.get_logs("logged", offset=50)
    equal([line["text"] for line in page["logs"] + rest["logs"]], lines)


@row("training.get_errors")
def get_errors():
    token = create_job("broken")["job_token"]
    traceback = 'Traceback (most recent call last):\n  File "train.py", line 3, in <module>\nRuntimeError: CUDA out of memory'
    event = {"type": "error", "level": "error", "message": "CUDA out of memory", "data": {"traceback": traceback}}
    call("POST", "/api/training/local/broken/events", {"events": [event, event]}, token)
    errors = client.training.get_errors("broken")
    equal(errors["unique_error_count"], 1)
    (error,) = [(error["message"], error["count"], error["traceback"]) for error in errors["errors"]]
    equal((error[0], error[1]), ("CUDA out of memory", 2))
    equal("train.py" in str(error[2]), True)


def sample(epoch, index, prediction, **more):
    return {
        "epoch": epoch, "step": epoch * 100, "sample_index": index, "prompt": f"What is 2+{index}?",
        "prediction": prediction, "ground_truth": str(2 + index), **more,
    }  # fmt: skip


def create_predictions(job_id):
    token = create_job(job_id)["job_token"]
    rows = [
        sample(1, 0, "5", validation_pass=False), sample(1, 1, "9"), sample(2, 0, "2", validation_pass=True), sample(2, 1, "3")
    ]  # fmt: skip
    return client.training_predictions.create(job_id=job_id, job_token=token, predictions=rows)


@row("training_predictions.create")
def predictions_create():
    stored = create_predictions("predicted")
    equal((stored["success"], stored["count"]), (True, 4))


@row("training_predictions.get")
def predictions_get():
    create_predictions("predicted-get")
    found = client.training_predictions.get(job_id="predicted-get", epoch=2, limit=10)
    equal((found.job_id, found.total_count, found.epoch_count), ("predicted-get", 2, 2))
    equal([one.prediction for one in found.predictions], ["2", "3"])
    first = found.predictions[0]
    equal((first.job_id, first.validation_pass, first.exact_match, first.step), ("predicted-get", True, 1, 200))
    everything = client.training_predictions.get("predicted-get").predictions
    equal(len({one.id for one in everything}), 4)
    pages = [client.training_predictions.get("predicted-get", limit=2, offset=start).predictions for start in (0, 2)]
    equal([one.id for page in pages for one in page], [one.id for one in everything])


@row("training_predictions.epochs")
def predictions_epochs():
    create_predictions("predicted-epochs")
    found = client.training_predictions.epochs("predicted-epochs")
    equal([(one.epoch, one.prediction_count, one.latest_step) for one in found.epochs], [(1, 2, 100), (2, 2, 200)])


@row("training_predictions.trends")
def predictions_trends():
    create_predictions("predicted-trends")
    found = client.training_predictions.trends("predicted-trends")
    lines = [f"Epoch {one.epoch}: CER={one.avg_char_error_rate:.2f}" for one in found.trends]
    equal(lines, ["Epoch 1: CER=1.00", "Epoch 2: CER=0.00"])
    equal(f"{found.overall_improvement:.1f}%", "100.0%")
    equal([(one.sample_count, one.avg_exact_match, one.validation_pass_rate) for one in found.trends], [(2, 0, 0), (2, 1, 1)])


run_rows()
