-- Jobs: access, creating, reading, editing, deleting.

create function signalbox.authorize_ingest(p_auth jsonb, p_job_id text, p_lock boolean default false)
  returns table (job public.jobs, problem jsonb) language plpgsql as $$
declare j public.jobs;
begin
  if p_auth ? 'token_hash' then
    perform from public.attempts
      where token_hash = p_auth ->> 'token_hash' and revoked_at is null;
    if not found then
      return query select null::public.jobs,
        signalbox.problem('unauthorized', 'This job token is invalid or was replaced.');
      return;
    end if;
    select x.* into j from public.jobs x
      join public.attempts t on t.job_key = x.key
      where t.token_hash = p_auth ->> 'token_hash' and t.revoked_at is null
        and (p_job_id is null or x.id = p_job_id);
  else
    select x.* into j from public.jobs x
      where x.user_id = (p_auth ->> 'user_id')::uuid and x.id = p_job_id;
  end if;
  if j.key is null then
    return query select null::public.jobs, signalbox.problem('not_found', 'Job not found.');
    return;
  end if;
  if p_lock then
    select * into j from public.jobs where key = j.key for update;
    if not found then
      -- Deleted while waiting for the lock.
      return query select null::public.jobs, signalbox.problem('not_found', 'Job not found.');
      return;
    end if;
  end if;
  return query select j, null::jsonb;
end $$;
comment on function signalbox.authorize_ingest is
  'The job that a job token ({token_hash}) or a user ({user_id}) may send data to, locked if
   p_lock; or the error: unauthorized for an invalid token, not_found otherwise.';

create function signalbox.sparkline(p_job public.jobs) returns jsonb
  language plpgsql stable as $$
declare
  s public.metric_series;
  lvl integer := 0;
  width bigint;
begin
  select * into s from public.metric_series m
    where m.job_key = p_job.key and (m.name = any (array[
      'train/loss', 'train/reward_mean', 'loss', 'train_loss', 'eval/loss', 'reward_mean'])
      or m.name ilike '%loss%')
    order by
      (p_job.kind = 'rl' and m.name = 'train/reward_mean') desc,
      m.name = 'train/loss' desc, m.name = 'loss' desc, m.name = 'train_loss' desc,
      m.name like '%reward%' and p_job.kind = 'rl' desc, m.id
    limit 1;
  if s.id is null then return null; end if;
  width := greatest(1, (s.step_last - s.step_first + 1) / 24);
  while lvl < 5 and (16::bigint ^ (lvl + 1)) <= width * 2 loop lvl := lvl + 1; end loop;
  return jsonb_build_object('name', s.name, 'points', coalesce((
    select jsonb_agg(jsonb_build_array(g.step, g.v) order by g.step)
    from (
      select max(r.step_last) as step,
        signalbox.mean(sum(r.sum), sum(r.summed_count)) as v
      from (
        select step_last, sum, summed_count, step_first from public.metric_rollups
          where lvl > 0 and series_id = s.id and level = lvl
        union all
        select step, case when abs(value) <= 1e300 then value else 0 end,
          (abs(value) <= 1e300)::int, step
          from public.metric_points where lvl = 0 and series_id = s.id
      ) r
      group by (r.step_first - s.step_first) / width
    ) g where g.v is not null), '[]'));
end $$;
comment on function signalbox.sparkline is
  'At most about 50 points of the job''s main series (loss, or reward for RL), for a table row.';

create function signalbox.epoch_summary(p_key bigint) returns jsonb
  language plpgsql stable as $$
declare
  n integer;
  best record;
begin
  select count(*) into n from public.prediction_epochs where job_key = p_key;
  if n = 0 then return null; end if;
  select epoch, exact_sum / scored as exact_match, error_sum / scored as error_rate into best
    from public.prediction_epochs where job_key = p_key and scored > 0
    order by error_sum / scored, epoch limit 1;
  return jsonb_build_object('count', n, 'best_epoch', best.epoch,
    'best_exact_match', best.exact_match, 'best_char_error_rate', best.error_rate);
end $$;
comment on function signalbox.epoch_summary is
  'The number of epochs with predictions, and the epoch with the lowest mean character error rate;
   null without predictions.';

create function signalbox.job_json(j public.jobs, p_sparkline boolean default false) returns jsonb
  language sql stable as $$
  select jsonb_build_object(
    'id', j.id, 'job_id', j.id, 'name', j.name, 'kind', j.kind, 'status', j.status,
    'managed', j.managed, 'model_name', j.model_name, 'dataset_path', j.dataset_path,
    'dataset_id', j.dataset_id, 'config', j.config, 'params', j.params,
    'live_params', j.live_params, 'tags', to_jsonb(j.tags), 'notes', j.notes,
    'archived', j.archived, 'progress', j.progress, 'phase', j.phase,
    'current_step', j.current_step, 'total_steps', j.total_steps,
    'current_epoch', j.current_epoch, 'total_epochs', j.total_epochs,
    'latest', coalesce((select jsonb_object_agg(l.name, signalbox.wire_number(l.last_value))
      from (select name, last_value from public.metric_series
        where job_key = j.key order by id limit 200) l), '{}'),
    'error', j.error, 'attempt', j.attempt)
  || jsonb_build_object(
    'attempt_active', j.attempt_active, 'parent_job_id', j.parent_job_id,
    'generation', j.generation, 'last_seq', j.last_seq,
    'created_at', signalbox.iso(j.created_at), 'started_at', signalbox.iso(j.started_at),
    'finished_at', signalbox.iso(j.finished_at), 'updated_at', signalbox.iso(j.updated_at),
    'heartbeat_at', signalbox.iso(j.heartbeat_at),
    'active_seconds', round((j.active_ms + case when j.active_since is null then 0
      else extract(epoch from clock_timestamp() - j.active_since) * 1000 end) / 1000.0, 1))
  || case when p_sparkline then jsonb_build_object('spark', signalbox.sparkline(j),
      'epochs', signalbox.epoch_summary(j.key)) else '{}' end $$;
comment on function signalbox.job_json is
  'The job object of the contract, with sparkline and epoch summary if p_sparkline.';

create function public.get_job(p_user_id uuid, p_job_id text) returns jsonb
  language sql stable as $$
  select jsonb_build_object('key', j.key, 'job', signalbox.job_json(j, true))
  from public.jobs j where j.user_id = p_user_id and j.id = p_job_id $$;
comment on function public.get_job is '{key, job} of the user''s job, or null.';

create function public.jobs_by_key(p_user_id uuid, p_keys bigint[]) returns jsonb
  language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('key', j.key, 'job', signalbox.job_json(j, true))), '[]')
  from public.jobs j where j.user_id = p_user_id and j.key = any (p_keys) $$;
comment on function public.jobs_by_key is
  '[{key, job}] of those of the user''s jobs that have these keys.';

create function public.changed_jobs(p_user_id uuid, p_since timestamptz) returns jsonb
  language sql stable as $$
  select jsonb_build_object(
    'now', signalbox.iso(clock_timestamp()),
    'total', (select count(*) from public.jobs where user_id = p_user_id),
    'jobs', coalesce((
      select jsonb_agg(jsonb_build_object('key', key, 'id', id, 'last_seq', last_seq))
      from public.jobs where user_id = p_user_id and updated_at >= p_since), '[]')) $$;
comment on function public.changed_jobs is
  'The jobs that changed since a time, and the number of jobs: {now, total, jobs:[{key, id,
   last_seq}]}. The fallback for lost notifications.';

create function signalbox.new_generation() returns text language sql volatile
  as $$ select substr(replace(gen_random_uuid()::text, '-', ''), 1, 10) $$;
comment on function signalbox.new_generation is 'A random generation for a new job''s stream.';

create function signalbox.replace_job_token(p_key bigint, p_attempt integer, p_token_hash text) returns void
  language sql as $$
  update public.attempts set revoked_at = clock_timestamp()
    where job_key = p_key and revoked_at is null;
  insert into public.attempts (job_key, number, token_hash) values (p_key, p_attempt, p_token_hash);
$$;
comment on function signalbox.replace_job_token is 'Makes a token the only valid one of a job.';

create function public.start_job(
  p_user_id uuid, p_job jsonb, p_token_hash text, p_actor text,
  p_idempotency_key text default null, p_body_hash text default null)
  returns jsonb language plpgsql as $$
declare
  j public.jobs;
  earlier public.start_requests;
begin
  if p_idempotency_key is not null then
    perform pg_advisory_xact_lock(hashtextextended(p_user_id::text || p_idempotency_key, 0));
    select * into earlier from public.start_requests
      where user_id = p_user_id and idempotency_key = p_idempotency_key;
    if found then
      if earlier.body_hash is distinct from p_body_hash then
        return signalbox.problem('conflict', 'This Idempotency-Key was already used for a different request.');
      end if;
      select * into j from public.jobs where key = earlier.job_key;
      return jsonb_build_object('created', false, 'key', j.key, 'job', signalbox.job_json(j));
    end if;
  end if;
  insert into public.jobs (user_id, id, name, kind, status, managed, config, live_params,
    dataset_id, tags, generation, last_seq, heartbeat_at)
  values (p_user_id, p_job ->> 'id', p_job ->> 'name', p_job ->> 'kind', 'queued', true,
    p_job -> 'config', coalesce(nullif(p_job -> 'live_params', 'null'), '{}'),
    p_job ->> 'dataset_id',
    array(select jsonb_array_elements_text(p_job -> 'tags')),
    signalbox.new_generation(), 1, clock_timestamp())
  returning * into j;
  perform signalbox.append(j.key, 1, 'status', jsonb_build_object(
    'from', null, 'to', 'queued', 'reason', null, 'actor', p_actor, 'attempt', 1,
    'created_at', signalbox.iso(j.created_at)));
  perform signalbox.replace_job_token(j.key, 1, p_token_hash);
  if p_idempotency_key is not null then
    insert into public.start_requests (user_id, idempotency_key, body_hash, job_key)
    values (p_user_id, p_idempotency_key, p_body_hash, j.key);
  end if;
  perform signalbox.notify_change(j);
  return jsonb_build_object('created', true, 'key', j.key, 'job', signalbox.job_json(j));
end $$;
comment on function public.start_job is
  'Stores a job for the training backend as queued. The same Idempotency-Key again returns the
   first job; with another body it is a conflict. Returns {created, key, job} or {error}.';

create function public.attach_job(p_user_id uuid, p_job jsonb, p_token_hash text, p_actor text)
  returns jsonb language plpgsql as $$
declare
  j public.jobs;
  requested text := p_job ->> 'status';
  path text[];
  is_new boolean := false;
begin
  insert into public.jobs (user_id, id, name, kind, status, managed, generation, last_seq,
    heartbeat_at, attempt_active, started_at, active_since, finished_at)
  values (p_user_id, p_job ->> 'id', coalesce(p_job ->> 'name', p_job ->> 'id'),
    coalesce(p_job ->> 'kind', 'other'), coalesce(requested, 'running'), false,
    signalbox.new_generation(), 1, clock_timestamp(),
    coalesce(requested, 'running') not in ('succeeded', 'failed', 'cancelled'),
    case when coalesce(requested, 'running') = 'running' then clock_timestamp() end,
    case when coalesce(requested, 'running') = 'running' then clock_timestamp() end,
    case when requested in ('succeeded', 'failed', 'cancelled') then clock_timestamp() end)
  on conflict (user_id, id) do nothing
  returning * into j;
  if found then
    is_new := true;
    perform signalbox.append(j.key, 1, 'status', jsonb_build_object(
      'from', null, 'to', j.status, 'reason', null, 'actor', p_actor, 'attempt', 1,
      'created_at', signalbox.iso(j.created_at)));
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
    end if;
    if requested is not null then
      path := signalbox.status_path(j.status, requested);
      if path is null then
        return signalbox.problem('conflict',
          format('A run that is %s cannot change to %s.', j.status, requested),
          jsonb_build_object('status', j.status));
      end if;
      j := signalbox.apply_status_path(j, path, p_actor);
    end if;
  end if;
  perform signalbox.replace_job_token(j.key, j.attempt, p_token_hash);
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
    last_seq = last_seq + case when is_new then 0 else 1 end,
    updated_at = clock_timestamp(),
    heartbeat_at = clock_timestamp()
  where key = j.key returning * into j;
  if not is_new then
    perform signalbox.append(j.key, j.last_seq, 'timeline', jsonb_build_object(
      'phase', 'attached', 'metadata', jsonb_build_object('attempt', j.attempt, 'actor', p_actor),
      'created_at', signalbox.iso(j.updated_at)));
  end if;
  perform signalbox.notify_change(j);
  return jsonb_build_object('created', is_new, 'key', j.key, 'job_id', j.id);
end $$;
comment on function public.attach_job is
  'Creates or updates a job that a script runs by itself, and makes p_token_hash its only valid
   token. A job whose process has exited starts its next attempt. Returns {created, key, job_id} or
   {error}.';

create function public.update_job(p_user_id uuid, p_job_id text, p_patch jsonb, p_actor text)
  returns jsonb language plpgsql as $$
declare
  j public.jobs;
  before public.jobs;
begin
  select * into before from public.jobs where user_id = p_user_id and id = p_job_id for update;
  if not found then return signalbox.problem('not_found', 'Job not found.'); end if;
  update public.jobs set
    name = coalesce(p_patch ->> 'name', name),
    notes = coalesce(p_patch ->> 'notes', notes),
    archived = coalesce((p_patch ->> 'archived')::boolean, archived),
    tags = case when p_patch ? 'tags'
      then array(select jsonb_array_elements_text(p_patch -> 'tags')) else tags end,
    last_seq = last_seq + 1,
    updated_at = clock_timestamp()
  where key = before.key returning * into j;
  perform signalbox.append(j.key, j.last_seq, 'timeline', jsonb_build_object(
    'phase', 'edited',
    'metadata', jsonb_strip_nulls(jsonb_build_object(
      'actor', p_actor, 'fields', (select jsonb_agg(k) from jsonb_object_keys(p_patch) k),
      'name', case when j.name <> before.name then j.name end,
      'old_name', case when j.name <> before.name then before.name end)),
    'created_at', signalbox.iso(j.updated_at)));
  perform signalbox.notify_change(j);
  return jsonb_build_object('key', j.key, 'job', signalbox.job_json(j, true));
end $$;
comment on function public.update_job is
  'Updates name, tags, notes or archived. Returns {key, job} or {error}.';

create function public.delete_job(p_user_id uuid, p_job_id text) returns jsonb
  language plpgsql as $$
declare j public.jobs;
begin
  select * into j from public.jobs where user_id = p_user_id and id = p_job_id for update;
  if not found then return signalbox.problem('not_found', 'Job not found.'); end if;
  if j.status not in ('succeeded', 'failed', 'cancelled')
    and not (j.status = 'paused' and not j.attempt_active) then
    return signalbox.problem('conflict',
      format('A run that is %s cannot be deleted. Stop it first.', j.status),
      jsonb_build_object('status', j.status));
  end if;
  delete from public.jobs where key = j.key;
  perform signalbox.notify_change(j, true);
  return jsonb_build_object('success', true, 'managed', j.managed);
end $$;
comment on function public.delete_job is
  'Deletes a job with all its rows; a conflict while it is active. Returns {success, managed} or
   {error}.';
