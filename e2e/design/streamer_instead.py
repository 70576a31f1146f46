from signalbox.streaming import JobStreamer, CallbackHandler

handler = CallbackHandler(on_event=my_callback, on_metric=my_callback)
streamer = JobStreamer(base_url, api_key, job_id, handlers=[handler])
final_status = await streamer.stream_until_terminal()
