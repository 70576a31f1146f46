-- A run that is being removed (its user_id is null, see removing_runs) delivers no command, and counts
-- for nobody.

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
  select * into j from public.jobs where key = (a.job).key and user_id is not null for update;
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

create or replace function public.read_usage(p_user_id uuid, p_rows integer) returns jsonb
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  due record;
  left_rows bigint := p_rows;
  result jsonb;
begin
  for due in
    select j.key, j.last_seq - coalesce(u.counted_seq, 0) as rows
    from public.jobs j left join public.job_usage u on u.job_key = j.key
    where j.user_id = p_user_id and (u.job_key is null or j.last_seq > u.counted_seq
      or (j.pruned_seq >= j.last_seq and u.pruned_seq < j.pruned_seq))
    order by j.key
  loop
    exit when left_rows <= 0;
    -- A job costs as much as some rows, however few it has.
    left_rows := left_rows - 20
      - signalbox.count_job_usage(due.key, greatest(1, left_rows)::integer);
  end loop;
  select jsonb_build_object('points', coalesce(sum(u.points), 0),
      'point_bytes', coalesce(sum(u.point_bytes), 0),
      'log_lines', coalesce(sum(u.log_lines), 0), 'log_bytes', coalesce(sum(u.log_bytes), 0),
      'predictions', coalesce(sum(u.predictions), 0),
      'prediction_bytes', coalesce(sum(u.prediction_bytes), 0),
      'events', coalesce(sum(u.events), 0), 'event_bytes', coalesce(sum(u.event_bytes), 0),
      'more', left_rows <= 0)
    into result from public.job_usage u join public.jobs j on j.key = u.job_key
    where j.user_id = p_user_id;
  return result || (
    select jsonb_build_object('runs', count(*), 'samples', coalesce(max(sample_count), 0),
      'queued_trainers', count(*) filter (
        where managed and status = 'queued' and not attempt_active),
      'trainers', count(*) filter (where managed and attempt_active))
    from public.jobs where user_id = p_user_id) || (
    select jsonb_build_object('api_keys', count(*)) from public.api_keys
    where user_id = p_user_id and revoked_at is null
      and (expires_at is null or expires_at > clock_timestamp()));
end $$;
