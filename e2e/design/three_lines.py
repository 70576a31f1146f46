async with JobStreamer.from_job_id(base_url, api_key, job_id) as streamer:
    final_status = await streamer.stream_until_terminal()
