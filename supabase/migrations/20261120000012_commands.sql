-- Commands: requested by people, delivered to and acknowledged by trainers; and the dispatch of
-- managed jobs to the training backend.

create function public.request_command(
  p_user_id uuid, p_job_id text, p_command jsonb, p_actor text, p_effects jsonb,
  p_new_token_hash text default null)
  returns jsonb language plpgsql as $$
declare
  j public.jobs;
  c public.commands;
  state text;
  effect text;
  new_attempt boolean := false;
  alive boolean;
begin
  select * into j from public.jobs where user_id = p_user_id and id = p_job_id for update;
  if not found then return signalbox.problem('not_found', 'Job not found.'); end if;
  select * into c from public.commands where job_key = j.key and id = p_command ->> 'id';
  if found then
    if c.type <> p_command ->> 'type' or c.args <> p_command -> 'args' then
      return signalbox.problem('conflict', 'This command_id was already used for a different command.');
    end if;
    return jsonb_build_object('created', false, 'command', signalbox.command_json(c),
      'job', signalbox.job_json(j), 'new_attempt', false);
  end if;
  state := case when not j.attempt_active and p_effects ? (j.status || '/released')
    then j.status || '/released' else j.status end;
  if not p_effects ? state then
    return signalbox.problem('conflict',
      format('The command %2$s is not allowed while the run is %1$s.', j.status, p_command ->> 'type'),
      jsonb_build_object('status', j.status));
  end if;
  effect := p_effects ->> state;
  alive := j.attempt_active;
  if p_command ->> 'type' = 'resume' and not j.attempt_active then
    if p_new_token_hash is null then
      return signalbox.problem('conflict', 'The process of this run has exited.',
        jsonb_build_object('status', j.status));
    end if;
    new_attempt := true;
    update public.attempts set ended_at = coalesce(ended_at, clock_timestamp())
      where job_key = j.key and number = j.attempt;
    update public.jobs set attempt = attempt + 1 where key = j.key returning * into j;
    perform signalbox.replace_job_token(j.key, j.attempt, p_new_token_hash);
  end if;
  insert into public.commands (job_key, id, type, args, requested_by, reason, starts_attempt)
  values (j.key, p_command ->> 'id', p_command ->> 'type', p_command -> 'args', p_actor,
    p_command ->> 'reason', case when new_attempt then j.attempt end)
  returning * into c;
  perform signalbox.append_command(j.key, c);
  select * into j from public.jobs where key = j.key;
  if effect is not null then
    j := signalbox.set_status(j, effect, 'user', p_actor, p_command ->> 'reason');
    if effect = 'cancelled' then
      perform signalbox.close_commands(j.key, '{pause,resume,checkpoint,update_params}', 'expired',
        'The run was stopped first.');
      -- Without a process the stop is done. Otherwise it stays open for delivery: to a process that
      -- is being resumed, or to a backend that is about to claim the job.
      if not (alive or j.managed) or state like '%/released' then
        perform signalbox.close_commands(j.key, '{stop}', 'applied', null, j.current_step);
      end if;
    elsif effect = 'stopping' then
      perform signalbox.close_commands(j.key, '{pause,checkpoint,update_params}', 'expired',
        'The run was stopped first.');
    end if;
    select * into j from public.jobs where key = j.key;
    select * into c from public.commands where job_key = j.key and id = c.id;
  end if;
  perform signalbox.notify_change(j);
  return jsonb_build_object('created', true, 'command', signalbox.command_json(c),
    'job', signalbox.job_json(j), 'new_attempt', new_attempt);
end $$;
comment on function public.request_command is
  'Stores a command {id, type, args, reason} if p_effects allows it in the job''s state, and makes
   the state change. p_effects maps state to next state or null, from lib/jobs/allowed-commands.ts.
   A resume of a run without a process opens the next attempt, with p_new_token_hash. The same id
   again returns the same command. Returns {created, command, job, new_attempt} or {error}.';

create function public.next_command(p_auth jsonb, p_job_id text, p_redeliver_after interval)
  returns jsonb language plpgsql as $$
declare
  a record;
  c public.commands;
  j public.jobs;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, false);
  if a.problem is not null then return a.problem; end if;
  if not exists (select from public.commands where job_key = (a.job).key
    and status in ('pending', 'delivered') and starts_attempt is null
    and (status = 'pending' or delivered_at < clock_timestamp() - p_redeliver_after))
  then
    return jsonb_build_object('key', (a.job).key, 'command', null);
  end if;
  select * into j from public.jobs where key = (a.job).key for update;
  if not found then return signalbox.problem('not_found', 'Job not found.'); end if;
  select * into c from public.commands where job_key = j.key
    and status in ('pending', 'delivered') and starts_attempt is null
    and (status = 'pending' or delivered_at < clock_timestamp() - p_redeliver_after)
    order by ordinal limit 1;
  if not found then return jsonb_build_object('key', j.key, 'command', null); end if;
  update public.commands set status = 'delivered', delivered_at = clock_timestamp()
    where job_key = c.job_key and id = c.id returning * into c;
  perform signalbox.append_command(j.key, c);
  select * into j from public.jobs where key = j.key;
  perform signalbox.notify_change(j);
  return jsonb_build_object('key', j.key, 'command', signalbox.command_json(c));
end $$;
comment on function public.next_command is
  'Marks the oldest pending command as delivered, and returns {key, command or null} or {error}. A
   command that is not acknowledged within p_redeliver_after is delivered again, under the same id.';

create function public.ack_command(p_auth jsonb, p_job_id text, p_command_id text, p_ack jsonb)
  returns jsonb language plpgsql as $$
declare
  a record;
  c public.commands;
  j public.jobs;
  outcome text := p_ack ->> 'status';
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  select * into c from public.commands where job_key = j.key and id = p_command_id;
  if not found then return signalbox.problem('not_found', 'Command not found.'); end if;
  if c.status in ('applied', 'rejected', 'expired') then
    if c.status = outcome or c.status = 'expired' then
      return jsonb_build_object('success', true, 'command', signalbox.command_json(c));
    end if;
    return signalbox.problem('conflict', format('This command is already %s.', c.status),
      jsonb_build_object('status', c.status));
  end if;
  update public.commands set
    status = outcome,
    delivered_at = coalesce(delivered_at, clock_timestamp()),
    applied_at = case when outcome = 'applied' then clock_timestamp() end,
    applied_step = (p_ack ->> 'applied_step')::bigint,
    old = nullif(p_ack -> 'old', 'null'), new = nullif(p_ack -> 'new', 'null'),
    reason = coalesce(p_ack ->> 'reason', reason), result = nullif(p_ack -> 'result', 'null')
  where job_key = c.job_key and id = c.id returning * into c;
  perform signalbox.append_command(j.key, c);
  update public.jobs set heartbeat_at = clock_timestamp(),
    params = case when c.type = 'update_params' and outcome = 'applied'
      then params || coalesce(c.new, c.args) else params end
    where key = j.key returning * into j;
  case
    when c.type = 'pause' and outcome = 'applied' and j.status = 'pausing' then
      j := signalbox.apply_status_path(j, '{paused}', 'trainer');
    when c.type = 'pause' and outcome = 'rejected' and j.status = 'pausing' then
      j := signalbox.apply_status_path(j, '{running}', 'trainer', p_ack ->> 'reason');
    when c.type = 'resume' and outcome = 'applied' and j.status in ('queued', 'starting') then
      j := signalbox.apply_status_path(j, signalbox.status_path(j.status, 'running'), 'trainer');
    when c.type = 'resume' and outcome = 'rejected' and j.status in ('queued', 'starting') then
      j := signalbox.apply_status_path(j, signalbox.status_path(j.status, 'failed'), 'trainer', p_ack ->> 'reason');
    else null;
  end case;
  perform signalbox.notify_change(j);
  return jsonb_build_object('success', true, 'command', signalbox.command_json(c));
end $$;
comment on function public.ack_command is
  'Stores the trainer''s answer to a command {status, applied_step, old, new, reason, result}, and
   makes the state change that follows. Repeating the same answer is allowed. Returns {success,
   command} or {error}.';

create function public.get_command(p_job_key bigint, p_id text) returns jsonb
  language sql stable as $$
  select signalbox.command_json(c) from public.commands c
  where c.job_key = p_job_key and c.id = p_id $$;
comment on function public.get_command is 'The job''s command with this id, or null.';

create function public.list_commands(p_job_key bigint, p_limit integer, p_offset integer)
  returns jsonb language sql stable as $$
  select jsonb_build_object(
    'total', (select count(*) from public.commands where job_key = p_job_key),
    'commands', coalesce((select jsonb_agg(signalbox.command_json(c) order by c.ordinal desc)
      from (select * from public.commands where job_key = p_job_key
        order by ordinal desc limit p_limit offset p_offset) c), '[]')) $$;
comment on function public.list_commands is 'Commands of a job, newest first: {total, commands}.';

create function public.fail_start(p_user_id uuid, p_job_id text, p_reason text) returns jsonb
  language plpgsql as $$
declare j public.jobs;
begin
  select * into j from public.jobs where user_id = p_user_id and id = p_job_id for update;
  if not found then return signalbox.problem('not_found', 'Job not found.'); end if;
  if j.status = 'queued' then
    j := signalbox.apply_status_path(j, '{starting,failed}', 'server', p_reason);
    perform signalbox.notify_change(j);
  end if;
  return jsonb_build_object('success', true);
end $$;
comment on function public.fail_start is
  'Marks a queued job as failed because the training backend rejected it. Returns {success} or
   {error}.';

create function public.unclaimed_jobs(p_older_than interval) returns jsonb
  language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'user_id', j.user_id, 'key', j.key, 'job', signalbox.job_json(j),
      'resume', (select signalbox.command_json(c) from public.commands c
        where c.job_key = j.key and c.starts_attempt = j.attempt limit 1))), '[]')
  from public.jobs j
  where j.status = 'queued' and j.managed and not j.attempt_active
    and j.updated_at < clock_timestamp() - p_older_than $$;
comment on function public.unclaimed_jobs is
  'Queued jobs that the training backend has not claimed, with the resume command that queued them,
   if any: [{user_id, key, job, resume}]. A dashboard that exited during a dispatch leaves them
   behind.';
