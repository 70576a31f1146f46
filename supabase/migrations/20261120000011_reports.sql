-- Liveness: a trainer's reports and heartbeats, and what happens to jobs that stop sending them.

create function public.report_status(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_report jsonb)
  returns jsonb language plpgsql as $$
declare
  a record;
  j public.jobs;
  earlier_reply jsonb;
  result jsonb;
  target text := p_report ->> 'status';
  path text[];
  reason text := p_report ->> 'error';
  code bigint := (p_report ->> 'exit_code')::bigint;
  old_phase text;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  -- A failure while stopping is the requested stop, such as an exit by a signal.
  if j.status = 'stopping' and target = 'failed' then
    target := 'cancelled';
  -- A held process that has exited cannot take the pending resume.
  elsif j.status = 'queued' and target = 'paused' and (p_report ->> 'exited')::boolean then
    target := 'failed';
    reason := 'The held process exited. Retry to continue from the last checkpoint.';
  end if;
  if target is not null then
    path := case when j.status = 'pausing' and target = 'running' and reason is not null
      then '{running}' else signalbox.status_path(j.status, target) end;
  end if;
  earlier_reply := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier_reply is not null then return earlier_reply; end if;
  if target is not null then
    if path is null then
      -- A rejected report is not registered: it may be valid when it is sent again.
      delete from public.ingest_batches where job_key = j.key and batch_id = p_batch_id;
      return signalbox.problem('conflict',
        format('A run that is %s cannot change to %s.', j.status, target),
        jsonb_build_object('status', j.status));
    end if;
    j := signalbox.apply_status_path(j, path, 'trainer', reason);
  end if;
  old_phase := j.phase;
  update public.jobs set
    phase = case when status in ('succeeded', 'failed', 'cancelled') then null
      else coalesce(p_report ->> 'phase', phase) end,
    progress = coalesce((p_report ->> 'progress')::double precision, progress),
    current_step = coalesce((p_report ->> 'step')::bigint, current_step),
    current_epoch = coalesce((p_report ->> 'epoch')::double precision, current_epoch),
    total_steps = coalesce((p_report ->> 'total_steps')::bigint, total_steps),
    total_epochs = coalesce((p_report ->> 'total_epochs')::double precision, total_epochs),
    live_params = coalesce(nullif(p_report -> 'live_params', 'null'), live_params),
    attempt_active = attempt_active and not coalesce((p_report ->> 'exited')::boolean, false),
    heartbeat_at = clock_timestamp(),
    updated_at = clock_timestamp()
  where key = j.key returning * into j;
  if coalesce((p_report ->> 'exited')::boolean, false) then
    update public.attempts set ended_at = clock_timestamp(), exit_code = code
      where job_key = j.key and number = j.attempt;
    if j.status = 'cancelled' then
      -- A stop was pending for the process that has exited.
      perform signalbox.close_commands(j.key, '{stop}', 'applied', null, j.current_step);
    end if;
  end if;
  update public.jobs set last_seq = last_seq + 1 where key = j.key returning * into j;
  perform signalbox.append(j.key, j.last_seq, 'timeline', jsonb_build_object(
    'phase', coalesce(p_report ->> 'phase', target, old_phase, j.status),
    'metadata', coalesce(nullif(p_report -> 'metadata', 'null'), '{}')
      || jsonb_strip_nulls(jsonb_build_object('exited', p_report -> 'exited', 'exit_code', code,
        'progress', j.progress, 'step', j.current_step, 'epoch', j.current_epoch,
        'total_steps', j.total_steps, 'total_epochs', j.total_epochs)),
    'created_at', signalbox.iso(clock_timestamp())));
  perform signalbox.notify_change(j);
  result := jsonb_build_object('success', true, 'status', j.status, 'last_seq', j.last_seq);
  update public.ingest_batches set reply = result where job_key = j.key and batch_id = p_batch_id;
  return result;
end $$;
comment on function public.report_status is
  'Stores a trainer''s report: status, phase, progress, exit. Idempotent by p_batch_id like the
   ingest functions. Returns {success, status, last_seq} or {error}.';

create function public.heartbeat(p_auth jsonb, p_job_id text, p_heartbeat jsonb)
  returns jsonb language plpgsql as $$
declare
  a record;
  j public.jobs;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  if j.status in ('starting', 'lost') then
    j := signalbox.apply_status_path(j, '{running}', 'trainer', case when j.status = 'lost'
      then 'The heartbeat resumed.' end);
    perform signalbox.notify_change(j);
  end if;
  update public.jobs set
    heartbeat_at = clock_timestamp(),
    -- A late heartbeat of a process that has exited does not revive it.
    attempt_active = attempt_active
      or status in ('starting', 'running', 'pausing', 'stopping', 'lost'),
    phase = case when status in ('succeeded', 'failed', 'cancelled') then null
      else coalesce(p_heartbeat ->> 'phase', phase) end,
    current_step = coalesce((p_heartbeat ->> 'step')::bigint, current_step),
    current_epoch = coalesce((p_heartbeat ->> 'epoch')::double precision, current_epoch),
    progress = coalesce((p_heartbeat ->> 'progress')::double precision, progress)
  where key = j.key returning * into j;
  return jsonb_build_object('success', true, 'status', j.status, 'last_seq', j.last_seq);
end $$;
comment on function public.heartbeat is
  'Keeps a job alive; the first heartbeat of an attempt makes it running. Returns {success, status,
   last_seq} or {error}.';

create function public.reap_jobs(p_lost_after interval, p_fail_after interval)
  returns jsonb language plpgsql as $$
declare
  j public.jobs;
  changed integer := 0;
begin
  for j in
    select * from public.jobs
    where status in ('starting', 'running', 'pausing', 'stopping', 'lost')
      and heartbeat_at < clock_timestamp()
        - case when status in ('lost', 'starting') then p_fail_after else p_lost_after end
    for update skip locked
  loop
    j := case j.status
      when 'running' then signalbox.set_status(j, 'lost', 'server', 'server',
        'No heartbeat for ' || extract(epoch from p_lost_after)::int || ' s.')
      when 'pausing' then signalbox.set_status(
        signalbox.apply_status_path(j, '{running}', 'server', 'The trainer stopped responding before it paused.'),
        'lost', 'server', 'server', 'No heartbeat.')
      when 'stopping' then signalbox.apply_status_path(j, '{cancelled}', 'server',
        'The trainer stopped responding while stopping.')
      else signalbox.apply_status_path(j, '{failed}', 'server',
        'No heartbeat for ' || extract(epoch from p_fail_after)::int || ' s.')
    end;
    perform signalbox.notify_change(j);
    changed := changed + 1;
  end loop;
  return jsonb_build_object('changed', changed);
end $$;
comment on function public.reap_jobs is
  'Handles silent jobs: lost after p_lost_after, failed after p_fail_after. Any number of processes
   may call it at once. Returns {changed}.';
