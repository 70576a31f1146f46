from signalbox.streaming import JobStreamer, StreamConfig, RichHandler

config = StreamConfig(
    enabled_streams={StreamType.EVENTS, StreamType.METRICS},
    event_types={"sft.progress", "sft.loss"},
)

streamer = JobStreamer(
    base_url=base_url,
    api_key=api_key,
    job_id=job_id,
    config=config,
    handlers=[RichHandler()],
)
final_status = await streamer.stream_until_terminal()
