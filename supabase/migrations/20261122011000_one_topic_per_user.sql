-- One Realtime topic per user instead of one per job as well, and of ingested rows at most one
-- notification a second for each job. Hosted Supabase stores every message, and counts it once plus
-- once for each subscriber.

alter table public.jobs add column notified_at timestamptz;
comment on column public.jobs.notified_at is
  'When the database last notified of rows that were ingested for the job.';

create function signalbox.notify_interval() returns interval language sql immutable
  as $$ select interval '1 second' $$;
comment on function signalbox.notify_interval is
  'The shortest time between two notifications of rows ingested for a job. A longer one saves
   messages; other web servers then find the rows by polling.';

create or replace function signalbox.notify_change(
  p_job public.jobs, p_removed boolean default false)
  returns void language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  perform realtime.send(
    jsonb_build_object('key', p_job.key, 'id', p_job.id, 'last_seq', p_job.last_seq)
      || case when p_removed then '{"removed":true}'::jsonb else '{}' end,
    'change', 'user:' || p_job.user_id, true);
end $$;
comment on function signalbox.notify_change is
  'Notifies the web servers on which the job''s owner has viewers or trainers when the transaction
   commits. They then read the new rows.';

create function signalbox.notify_rows(p_job public.jobs) returns void
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare at timestamptz := clock_timestamp();
begin
  -- A time still to come was written before the clock was set back.
  if p_job.notified_at > at - signalbox.notify_interval() and p_job.notified_at <= at then
    return;
  end if;
  update public.jobs set notified_at = at where key = p_job.key;
  perform signalbox.notify_change(p_job);
end $$;
comment on function signalbox.notify_rows is
  'Notifies of ingested rows, unless it has within notify_interval(): the first row after a pause is
   announced at once. The job''s row is locked.';

create or replace function signalbox.finish_batch(
  p_job public.jobs, p_batch_id text, p_count integer)
  returns jsonb language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare result jsonb := jsonb_build_object(
  'success', true, 'count', p_count, 'last_seq', p_job.last_seq);
begin
  if p_batch_id is not null then
    update public.ingest_batches b set reply = result
      where b.job_key = p_job.key and b.batch_id = p_batch_id;
  end if;
  perform signalbox.notify_rows(p_job);
  return result || jsonb_build_object('key', p_job.key, 'user_id', p_job.user_id);
end $$;
comment on function signalbox.finish_batch is
  'Stores the reply to a batch, notifies viewers, and returns the reply {success, count, last_seq}
   with the {key, user_id} of the job, by which the web server tells its own viewers.';

create or replace function public.next_command(
  p_auth jsonb, p_job_id text, p_redeliver_after interval)
  returns jsonb language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  a record;
  c public.commands;
  j public.jobs;
  reply jsonb;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, false);
  if a.problem is not null then return a.problem; end if;
  reply := jsonb_build_object('key', (a.job).key, 'user_id', (a.job).user_id, 'command', null);
  if not exists (select from public.commands where job_key = (a.job).key
    and status in ('pending', 'delivered') and starts_attempt is null
    and (status = 'pending' or delivered_at < clock_timestamp() - p_redeliver_after))
  then
    return reply;
  end if;
  select * into j from public.jobs where key = (a.job).key for update;
  if not found then return signalbox.problem('not_found', 'Job not found.'); end if;
  select * into c from public.commands where job_key = j.key
    and status in ('pending', 'delivered') and starts_attempt is null
    and (status = 'pending' or delivered_at < clock_timestamp() - p_redeliver_after)
    order by ordinal limit 1;
  if not found then return reply; end if;
  update public.commands set status = 'delivered', delivered_at = clock_timestamp()
    where job_key = c.job_key and id = c.id returning * into c;
  perform signalbox.append_command(j.key, c);
  select * into j from public.jobs where key = j.key;
  perform signalbox.notify_change(j);
  return reply || jsonb_build_object('command', signalbox.command_json(c));
end $$;
comment on function public.next_command is
  'Marks the oldest pending command as delivered, and returns {key, user_id, command or null} or
   {error}. A command that is not acknowledged within p_redeliver_after is delivered again, under the
   same id.';

revoke execute on function signalbox.notify_interval(), signalbox.notify_rows(public.jobs)
  from public, anon, authenticated;
grant execute on function signalbox.notify_interval(), signalbox.notify_rows(public.jobs)
  to service_role;
