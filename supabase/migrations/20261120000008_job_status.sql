-- The state of a job: the state table, status changes with their journal rows, and the commands that
-- a status change resolves.

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
  'The state table: from, to, actor (user, trainer, server). lib/jobs/job-status.ts is its copy in
   code.';

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
    -- Not paused yet. A trainer that gives up the pause reports running with a reason.
    when p_from = 'pausing' and p_to = 'running' then '{}'
    when p_from = 'stopping' and p_to in ('starting', 'running', 'pausing', 'paused') then '{}'
    when exists (select from public.job_transitions() t
      where t.from_status = p_from and t.to_status = p_to and t.actor = 'trainer')
      then array[p_to]
  end::text[] $$;
comment on function signalbox.status_path is
  'The transitions that lead a job to the status that a trainer reports. Empty if the report
   changes nothing, null if the state table does not allow it.';

create function signalbox.set_status(
  p_job public.jobs, p_to text, p_actor_kind text, p_actor text default null,
  p_reason text default null)
  returns public.jobs language plpgsql as $$
declare
  j public.jobs;
  at timestamptz := clock_timestamp();
  active_states constant text[] := array['running', 'pausing', 'stopping'];
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
    active_ms = active_ms + case when active_since is not null and not p_to = any (active_states)
      then greatest(0, extract(epoch from at - active_since) * 1000)::bigint else 0 end,
    active_since = case when p_to = any (active_states) then coalesce(active_since, at) end,
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
  'Changes the status by compare-and-set, and appends the journal row. Raises 40001 if the status
   has changed concurrently.';

create function signalbox.command_json(c public.commands) returns jsonb
  language sql stable as $$
  select jsonb_build_object(
    'id', c.id, 'type', c.type, 'args', c.args, 'status', c.status,
    'requested_by', c.requested_by, 'requested_at', signalbox.iso(c.requested_at),
    'delivered_at', signalbox.iso(c.delivered_at), 'applied_at', signalbox.iso(c.applied_at),
    'applied_step', c.applied_step, 'old', c.old, 'new', c.new, 'reason', c.reason,
    'result', c.result) $$;
comment on function signalbox.command_json is 'The command object of the contract.';

create function signalbox.append_command(p_key bigint, c public.commands) returns void
  language plpgsql as $$
declare s bigint;
begin
  update public.jobs set last_seq = last_seq + 1, updated_at = clock_timestamp()
    where key = p_key returning last_seq into s;
  perform signalbox.append(p_key, s, 'command', signalbox.command_json(c));
end $$;
comment on function signalbox.append_command is
  'Appends a command''s current state to its job''s journal.';

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
  'Resolves the open commands of these types after a status change.';

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
  'Takes a job through a path of states, and resolves the commands that each state decides.';
