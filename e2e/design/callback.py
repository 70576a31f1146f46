def on_loss_update(event_data: Dict[str, Any]):
    loss = event_data.get("data", {}).get("loss")
    print(f"Loss: {loss}")

config = StreamConfig.progress_only()
handler = CallbackHandler(
    on_event=lambda e: on_loss_update(e) if e.get("type") == "sft.loss" else None
)

streamer = JobStreamer(
    base_url=base_url,
    api_key=api_key,
    job_id=job_id,
    config=config,
    handlers=[handler],
)
await streamer.stream_until_terminal()
