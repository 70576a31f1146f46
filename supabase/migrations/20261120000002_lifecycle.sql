-- Lifecycle of a job: the journal, the doorbell, the state table, status changes.

create function signalbox.problem(p_code text, p_message text, p_details jsonb default null)
  returns jsonb language sql immutable
  as $$ select jsonb_build_object('error', jsonb_strip_nulls(jsonb_build_object(
    'code', p_code, 'message', p_message, 'details', p_details))) $$;
comment on function signalbox.problem is
  'An expected refusal as a value: callers return it instead of raising, before any write.';

create function signalbox.wire_number(p double precision) returns jsonb
  language sql immutable
  as $$ select to_jsonb(p) $$;
comment on function signalbox.wire_number is
  'A float as JSON carries it: finite as a number, others as "NaN", "Infinity", "-Infinity".';

create function signalbox.mean(p_sum double precision, p_count numeric) returns double precision
  language sql immutable
  -- PostgreSQL refuses a quotient too small for a double; here it is 0, as the processor has it.
  as $$ select case when p_count = 0 then null
    when abs(p_sum) < p_count::float8 * 5e-324 then 0 else p_sum / p_count::float8 end $$;
comment on function signalbox.mean is 'p_sum / p_count; null of nothing.';

create function signalbox.iso(p timestamptz) returns text language sql immutable
  as $$ select to_char(p at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

create function signalbox.notify_change(p_job public.jobs, p_removed boolean default false) returns void
  language plpgsql as $$
begin
  perform realtime.send(
    jsonb_build_object('last_seq', p_job.last_seq), 'change', 'job:' || p_job.key, true);
  perform realtime.send(
    jsonb_build_object('key', p_job.key, 'id', p_job.id, 'last_seq', p_job.last_seq)
      || case when p_removed then '{"removed":true}'::jsonb else '{}' end,
    'change', 'user:' || p_job.user_id, true);
end $$;
comment on function signalbox.notify_change is
  'The doorbell, in the storing transaction: tells the job''s and the owner''s listeners to read.';

create function signalbox.append(p_key bigint, p_seq bigint, p_stream text, p_payload jsonb)
  returns void language sql
  as $$ insert into public.job_stream (job_key, seq, stream, payload, bytes)
        values (p_key, p_seq, p_stream, p_payload, pg_column_size(p_payload)) $$;

create function public.job_transitions()
  returns table (from_status text, to_status text, actor text)
  language sql immutable as $$
  values
    ('queued', 'starting', 'trainer'), ('queued', 'cancelled', 'user'),
    ('starting', 'running', 'trainer'), ('starting', 'failed', 'trainer'),
    ('starting', 'failed', 'server'), ('starting', 'stopping', 'user'),
    ('running', 'pausing', 'user'), ('running', 'stopping', 'user'),
    ('running', 'succeeded', 'trainer'), ('running', 'failed', 'trainer'),
    ('running', 'lost', 'server'),
    ('pausing', 'paused', 'trainer'), ('pausing', 'running', 'trainer'),
    ('pausing', 'running', 'server'), ('pausing', 'succeeded', 'trainer'),
    ('pausing', 'failed', 'trainer'), ('pausing', 'stopping', 'user'),
    ('paused', 'queued', 'user'), ('paused', 'cancelled', 'user'),
    ('paused', 'stopping', 'user'), ('paused', 'failed', 'trainer'),
    ('stopping', 'cancelled', 'trainer'), ('stopping', 'cancelled', 'server'),
    ('stopping', 'succeeded', 'trainer'),
    ('lost', 'running', 'trainer'), ('lost', 'failed', 'trainer'), ('lost', 'failed', 'server'),
    ('lost', 'stopping', 'user'),
    ('failed', 'queued', 'user')
$$;
comment on function public.job_transitions is
  'The state table: from, to, who (user, trainer, server). lib/jobs/job-status.ts is its twin.';

create function signalbox.set_status(
  p_job public.jobs, p_to text, p_actor_kind text, p_actor text default null,
  p_reason text default null)
  returns public.jobs language plpgsql as $$
declare
  j public.jobs;
  at timestamptz := clock_timestamp();
  counts constant text[] := array['running', 'pausing', 'stopping'];
begin
  if not exists (
    select from public.job_transitions() t
    where t.from_status = p_job.status and t.to_status = p_to and t.actor = p_actor_kind)
  then
    raise exception 'no transition from % to % by %', p_job.status, p_to, p_actor_kind;
  end if;
  update public.jobs set
    status = p_to,
    last_seq = last_seq + 1,
    updated_at = at,
    started_at = case when p_to = 'running' then coalesce(started_at, at) else started_at end,
    finished_at = case when p_to in ('succeeded', 'failed', 'cancelled') then at end,
    active_ms = active_ms + case when active_since is not null and not p_to = any (counts)
      then greatest(0, extract(epoch from at - active_since) * 1000)::bigint else 0 end,
    active_since = case when p_to = any (counts) then coalesce(active_since, at) end,
    attempt_active = case
      when p_to in ('succeeded', 'failed', 'cancelled') then false
      when p_to in ('starting', 'running') then true else attempt_active end,
    error = case when p_to = 'failed' then coalesce(p_reason, error)
      when p_to in ('queued', 'running') then null else error end,
    phase = case when p_to in ('succeeded', 'failed', 'cancelled', 'queued') then null
      when p_to = 'paused' then 'paused' when p_job.status = 'paused' then null else phase end,
    progress = case when p_to = 'succeeded' then 1 else progress end,
    heartbeat_at = case when p_actor_kind = 'trainer' or p_to = 'queued' then at else heartbeat_at end
  where key = p_job.key and status = p_job.status
  returning * into j;
  if not found then
    raise exception 'status of job % changed concurrently', p_job.id using errcode = '40001';
  end if;
  perform signalbox.append(j.key, j.last_seq, 'status', jsonb_build_object(
    'from', p_job.status, 'to', p_to, 'reason', p_reason, 'actor', p_actor,
    'attempt', j.attempt, 'created_at', signalbox.iso(at)));
  return j;
end $$;
comment on function signalbox.set_status is
  'One status change by compare-and-set, with its journal row. Raises 40001 when the state moved.';

create function signalbox.status_path(p_from text, p_to text) returns text[]
  language sql immutable as $$
  select case
    when p_from = p_to then '{}'
    when p_from = 'queued' and p_to = 'cancelled' then '{cancelled}'
    when p_from = 'queued' and p_to = 'starting' then '{starting}'
    when p_from = 'queued' and p_to = 'failed' then '{starting,failed}'
    when p_from = 'queued' and p_to = 'running' then '{starting,running}'
    when p_from = 'queued' and p_to = 'succeeded' then '{starting,running,succeeded}'
    when p_from = 'starting' and p_to = 'succeeded' then '{running,succeeded}'
    when p_from in ('starting', 'running', 'pausing', 'paused', 'lost') and p_to = 'cancelled'
      then '{stopping,cancelled}'
    when p_from = 'lost' and p_to = 'starting' then '{running}'
    when p_from = 'lost' and p_to = 'succeeded' then '{running,succeeded}'
    when p_from = 'running' and p_to = 'paused' then '{pausing,paused}'
    when p_from in ('starting', 'lost') and p_to = 'paused' then '{running,pausing,paused}'
    when p_from in ('running', 'pausing') and p_to = 'starting' then '{}'
    -- Still running: it has not come to the pause yet. That it gives it up, it says with a reason.
    when p_from = 'pausing' and p_to = 'running' then '{}'
    when p_from = 'stopping' and p_to in ('starting', 'running', 'pausing', 'paused') then '{}'
    when exists (select from public.job_transitions() t
      where t.from_status = p_from and t.to_status = p_to and t.actor = 'trainer')
      then array[p_to]
  end::text[] $$;
comment on function signalbox.status_path is
  'The changes that a trainer''s report asks for, step by step through the table; empty where the
   report says nothing new; null where the table forbids it.';

create function signalbox.command_json(c public.commands) returns jsonb
  language sql stable as $$
  select jsonb_build_object(
    'id', c.id, 'type', c.type, 'args', c.args, 'status', c.status,
    'requested_by', c.requested_by, 'requested_at', signalbox.iso(c.requested_at),
    'delivered_at', signalbox.iso(c.delivered_at), 'applied_at', signalbox.iso(c.applied_at),
    'applied_step', c.applied_step, 'old', c.old, 'new', c.new, 'reason', c.reason,
    'result', c.result) $$;

create function signalbox.append_command(p_key bigint, c public.commands) returns void
  language plpgsql as $$
declare s bigint;
begin
  update public.jobs set last_seq = last_seq + 1, updated_at = clock_timestamp()
    where key = p_key returning last_seq into s;
  perform signalbox.append(p_key, s, 'command', signalbox.command_json(c));
end $$;

create function signalbox.close_commands(
  p_key bigint, p_types text[], p_status text, p_reason text, p_step bigint default null)
  returns void language plpgsql as $$
declare c public.commands;
begin
  for c in
    update public.commands set status = p_status, applied_step = p_step, reason = p_reason,
      applied_at = case when p_status = 'applied' then clock_timestamp() end
    where job_key = p_key and status in ('pending', 'delivered') and type = any (p_types)
    returning *
  loop
    perform signalbox.append_command(p_key, c);
  end loop;
end $$;
comment on function signalbox.close_commands is
  'Answers the open commands of these types that a status change has decided.';

create function signalbox.apply_status_path(
  p_job public.jobs, p_path text[], p_actor text, p_reason text default null)
  returns public.jobs language plpgsql as $$
declare
  j public.jobs := p_job;
  target text;
  kind text;
begin
  foreach target in array p_path loop
    select t.actor into kind from public.job_transitions() t
      where t.from_status = j.status and t.to_status = target
      order by t.actor = 'trainer' desc limit 1;
    j := signalbox.set_status(j, target, kind, p_actor, p_reason);
    case
      when target = 'running' then
        if p_job.status = 'pausing' then
          perform signalbox.close_commands(j.key, '{pause}', 'rejected', p_reason);
        end if;
        update public.commands set delivered_at = coalesce(delivered_at, clock_timestamp())
          where job_key = j.key and type = 'resume' and status in ('pending', 'delivered');
        perform signalbox.close_commands(j.key, '{resume}', 'applied', null, j.current_step);
      when target = 'paused' then
        perform signalbox.close_commands(j.key, '{pause}', 'applied', null, j.current_step);
      when target in ('succeeded', 'failed', 'cancelled') then
        perform signalbox.close_commands(j.key, '{stop}',
          case when target = 'cancelled' then 'applied' else 'expired' end,
          case when target = 'cancelled' then null else 'The run ended first: ' || target || '.' end,
          j.current_step);
        perform signalbox.close_commands(j.key, '{pause,resume,checkpoint,update_params}', 'expired',
          'The run ended first: ' || target || '.');
        update public.attempts set ended_at = coalesce(ended_at, clock_timestamp())
          where job_key = j.key and number = j.attempt;
      else null;
    end case;
    select * into j from public.jobs where key = j.key;
  end loop;
  return j;
end $$;
comment on function signalbox.apply_status_path is
  'Takes a job along a path of states and answers the commands that each state decides.';

create function public.report_status(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_report jsonb)
  returns jsonb language plpgsql as $$
declare
  a record;
  j public.jobs;
  earlier jsonb;
  answer jsonb;
  target text := p_report ->> 'status';
  path text[];
  reason text := p_report ->> 'error';
  code bigint := (p_report ->> 'exit_code')::bigint;
  old_phase text;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  -- An exit is read against the intent: dying of a signal while stopping is what was asked for.
  if j.status = 'stopping' and target = 'failed' then
    target := 'cancelled';
  -- A held process that is gone cannot take the resume that waits for it.
  elsif j.status = 'queued' and target = 'paused' and (p_report ->> 'exited')::boolean then
    target := 'failed';
    reason := 'The held process exited. Retry to continue from the last checkpoint.';
  end if;
  if target is not null then
    path := case when j.status = 'pausing' and target = 'running' and reason is not null
      then '{running}' else signalbox.status_path(j.status, target) end;
  end if;
  earlier := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier is not null then return earlier; end if;
  if target is not null then
    if path is null then
      -- A refused report is forgotten: it may be right when it comes again.
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
      -- A stop that was on its way to a process which is gone now.
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
  answer := jsonb_build_object('success', true, 'status', j.status, 'last_seq', j.last_seq);
  update public.ingest_batches set reply = answer where job_key = j.key and batch_id = p_batch_id;
  return answer;
end $$;
comment on function public.report_status is
  'A trainer''s report: status, phase, progress, exit. Idempotent by p_batch_id like the ingest
   functions. Returns {success,status,last_seq} or {error}.';

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
    -- A late beat of a process that has exited does not bring it back.
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
  'Keeps a job alive; the first one of an attempt makes it running. Returns {success,status}.';

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
  'The server''s watch over silent jobs: lost after p_lost_after, failed after p_fail_after.
   Safe to run from any number of processes at once. Returns {changed}.';
