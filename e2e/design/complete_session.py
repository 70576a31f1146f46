from signalbox.streaming import (
    JobStreamer,
    StreamConfig,
    StreamType,
    RichHandler,
    JSONHandler,
    CallbackHandler,
)

# Custom callback for loss tracking
loss_history = []

def on_loss(event_data: Dict[str, Any]):
    if event_data.get("type") == "sft.loss":
        loss = event_data.get("data", {}).get("loss")
        step = event_data.get("data", {}).get("step")
        loss_history.append((step, loss))

# Create streamer with multiple handlers
config = StreamConfig(
    enabled_streams={StreamType.STATUS, StreamType.EVENTS, StreamType.METRICS},
    event_types={"sft.progress", "sft.loss", "sft.validation.summary"},
    metric_names={"train.loss", "val.loss"},
)

handlers = [
    RichHandler(),                              # Terminal UI
    JSONHandler(output_file="training.jsonl"), # Machine-readable log
    CallbackHandler(on_event=on_loss),          # Custom processing
]

streamer = JobStreamer(
    base_url="https://api.synth.ai",
    api_key=os.getenv("SYNTH_API_KEY"),
    job_id="job_abc123",
    config=config,
    handlers=handlers,
    interval_seconds=2.0,
)

# Stream until completion
final_status = await streamer.stream_until_terminal()

# Analyze results
print(f"Final status: {final_status.get('status')}")
print(f"Loss progression: {loss_history}")
