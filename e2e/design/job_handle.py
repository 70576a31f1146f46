from signalbox.learning import JobHandle

job = JobHandle(base_url, api_key, job_id)
final_status = await job.poll_until_terminal(
    on_event=my_callback,
    on_metric=my_callback,
)
