-- Attaching a job again during an attempt is an update: the attempt's token stays good, and the
-- answer carries the same one.

alter table public.attempts add column token_salt text;
comment on table public.attempts is
  'One row per job token. Only its keyed hash is stored. A later attempt revokes the tokens of the
   earlier ones.';
comment on column public.attempts.token_salt is
  'What the server derives the token from, with its secret; null for a token that cannot be told
   again.';

create function signalbox.attempt_token_salt(p_job public.jobs, p_token_hash text, p_token_salt text)
  returns text language plpgsql as $$
declare salt text;
begin
  update public.attempts set revoked_at = clock_timestamp()
    where job_key = p_job.key and number <> p_job.attempt and revoked_at is null;
  select token_salt into salt from public.attempts
    where job_key = p_job.key and number = p_job.attempt and revoked_at is null
      and token_salt is not null
    order by created_at limit 1;
  if salt is not null then return salt; end if;
  insert into public.attempts (job_key, number, token_hash, token_salt)
  values (p_job.key, p_job.attempt, p_token_hash, p_token_salt);
  return p_token_salt;
end $$;
comment on function signalbox.attempt_token_salt is
  'The salt of the current attempt''s token. The first call of an attempt stores the offered one, and
   revokes the tokens of earlier attempts. The job''s row must be locked.';

create function signalbox.share_of(
  p_progress double precision, p_step bigint, p_total_steps bigint)
  returns double precision language sql immutable as $$
  select case
    when p_progress > 1 then p_progress / 100
    when abs(p_progress / 100 - p_step::float8 / nullif(p_total_steps, 0))
      < abs(p_progress - p_step::float8 / nullif(p_total_steps, 0)) then p_progress / 100
    else p_progress end $$;
comment on function signalbox.share_of is
  'A reported progress from 0 to 1. Over 1 it means per cent; up to 1, it does so only if that is
   nearer to the step''s share of all steps.';

drop function public.attach_job(uuid, jsonb, text, text);

create function public.attach_job(
  p_user_id uuid, p_job jsonb, p_token_hash text, p_token_salt text, p_actor text)
  returns jsonb language plpgsql as $$
declare
  j public.jobs;
  requested text := p_job ->> 'status';
  reason text := nullif(coalesce(p_job ->> 'error', p_job ->> 'error_message'), '');
  reported_step bigint := (p_job ->> 'current_step')::bigint;
  reported_epoch double precision := (p_job ->> 'current_epoch')::double precision;
  started timestamptz := (p_job ->> 'started_at')::timestamptz;
  finished timestamptz := (p_job ->> 'finished_at')::timestamptz;
  terminal constant text[] := array['succeeded', 'failed', 'cancelled'];
  path text[];
  is_new boolean := false;
  salt text;
begin
  insert into public.jobs (user_id, id, name, kind, status, managed, generation, last_seq,
    heartbeat_at, attempt_active, started_at, active_since, finished_at)
  values (p_user_id, p_job ->> 'id', coalesce(p_job ->> 'name', p_job ->> 'id'),
    coalesce(p_job ->> 'kind', 'other'), coalesce(requested, 'running'), false,
    signalbox.new_generation(), 1, clock_timestamp(),
    coalesce(requested, 'running') <> all (terminal),
    case when coalesce(requested, 'running') = 'running' then clock_timestamp() end,
    case when coalesce(requested, 'running') = 'running' then clock_timestamp() end,
    case when requested = any (terminal) then clock_timestamp() end)
  on conflict (user_id, id) do nothing
  returning * into j;
  if found then
    is_new := true;
    perform signalbox.append(j.key, 1, 'status', jsonb_build_object(
      'from', null, 'to', j.status, 'reason', case when j.status = 'failed' then reason end,
      'actor', p_actor, 'attempt', 1, 'created_at', signalbox.iso(j.created_at)));
  else
    select * into j from public.jobs
      where user_id = p_user_id and id = p_job ->> 'id' for update;
    if j.managed then
      return signalbox.problem('conflict', 'A training backend runs this job, so it cannot be attached.');
    end if;
    -- Attaching a paused run as active means a new process, even without an exit report of the old one.
    if j.status in ('paused', 'failed') and (requested is not null or not j.attempt_active)
      and coalesce(requested, 'running') in ('queued', 'starting', 'running') then
      update public.jobs set attempt = attempt + 1 where key = j.key returning * into j;
      j := signalbox.set_status(j, 'queued', 'user', p_actor, 'The script was started again.');
      requested := coalesce(requested, 'running');
    -- A failure while stopping is the requested stop, such as an exit by a signal.
    elsif j.status = 'stopping' and requested = 'failed' then
      requested := 'cancelled';
    end if;
    if requested is not null then
      path := signalbox.status_path(j.status, requested);
      if path is null then
        return signalbox.problem('conflict',
          format('A run that is %s cannot change to %s.', j.status, requested),
          jsonb_build_object('status', j.status));
      end if;
      j := signalbox.apply_status_path(j, path, p_actor,
        case when requested = 'failed' then reason end);
    end if;
  end if;
  salt := signalbox.attempt_token_salt(j, p_token_hash, p_token_salt);
  update public.jobs set
    name = coalesce(p_job ->> 'name', name),
    kind = coalesce(p_job ->> 'kind', kind),
    model_name = coalesce(p_job ->> 'model_name', model_name),
    dataset_path = coalesce(p_job ->> 'dataset_path', dataset_path),
    config = coalesce(nullif(p_job -> 'config', 'null'), config),
    params = coalesce(nullif(p_job -> 'params', 'null'), params),
    live_params = coalesce(nullif(p_job -> 'live_params', 'null'), live_params),
    tags = case when jsonb_typeof(p_job -> 'tags') = 'array'
      then array(select jsonb_array_elements_text(p_job -> 'tags')) else tags end,
    total_steps = coalesce((p_job ->> 'total_steps')::bigint, total_steps),
    total_epochs = coalesce((p_job ->> 'total_epochs')::double precision, total_epochs),
    parent_job_id = coalesce(p_job ->> 'parent_job_id', parent_job_id),
    error = case when status = 'failed' then coalesce(reason, error) end,
    -- Updates and metrics of one process may arrive in either order.
    current_step = case when reported_step is null or step_attempt = attempt
      then greatest(current_step, reported_step) else reported_step end,
    current_epoch = case when reported_epoch is null or step_attempt = attempt
      then greatest(current_epoch, reported_epoch) else reported_epoch end,
    step_attempt = case when reported_step is null then step_attempt else attempt end,
    started_at = coalesce(started, started_at),
    finished_at = case when status = any (terminal) then coalesce(finished, finished_at) end,
    active_ms = case when is_new and status = any (terminal) and started is not null
      then greatest(0, extract(epoch from coalesce(finished, finished_at) - started) * 1000)::bigint
      else active_ms end,
    active_since = case when is_new and active_since is not null
      then least(active_since, started) else active_since end,
    last_seq = last_seq + case when is_new then 0 else 1 end,
    updated_at = clock_timestamp(),
    heartbeat_at = clock_timestamp()
  where key = j.key returning * into j;
  update public.jobs set
    progress = case
      when status = 'succeeded' then 1
      when p_job ->> 'progress' is not null then signalbox.share_of(
        (p_job ->> 'progress')::double precision, reported_step, total_steps)
      when reported_step is not null and total_steps > 0
        then least(1, current_step::float8 / total_steps)
      else progress end
  where key = j.key returning * into j;
  if not is_new then
    perform signalbox.append(j.key, j.last_seq, 'timeline', jsonb_build_object(
      'phase', case when p_job ->> 'progress' is null and reported_step is null
        and reported_epoch is null and reason is null
        then 'attached' else coalesce(j.phase, j.status) end,
      'metadata', jsonb_strip_nulls(jsonb_build_object('attempt', j.attempt, 'actor', p_actor,
        'progress', j.progress, 'step', j.current_step, 'epoch', j.current_epoch,
        'total_steps', j.total_steps, 'total_epochs', j.total_epochs)),
      'created_at', signalbox.iso(j.updated_at)));
  end if;
  perform signalbox.notify_change(j);
  return jsonb_build_object('created', is_new, 'key', j.key, 'job_id', j.id, 'status', j.status,
    'token_salt', salt);
end $$;
comment on function public.attach_job is
  'Creates or updates a job that a script runs by itself, with its progress and times. A job whose
   process has exited starts its next attempt. An attempt has one token: p_token_hash and
   p_token_salt are stored unless it has one that can be told again. Returns {created, key, job_id,
   status, token_salt} or {error}.';

revoke execute on all functions in schema public, signalbox from public, anon, authenticated;
grant execute on all functions in schema public, signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
