-- Deleting in portions: a statement of hosted Supabase has 8 s, and on the embedded database everybody else
-- waits for it. A deleted run loses its owner, by which every reader finds its runs, and with it its name
-- and its tokens; its rows follow in portions. Deleting a user does the same to all of theirs.

alter table public.jobs alter column user_id drop not null;
alter table public.jobs drop constraint jobs_user_id_fkey;
alter table public.jobs add constraint jobs_user_id_fkey
  foreign key (user_id) references auth.users (id) on delete set null;
comment on column public.jobs.user_id is
  'The owner. Null for a deleted job, whose rows remove_rows is deleting.';
create index jobs_without_owner on public.jobs (key) where user_id is null;

create function signalbox.detach_job() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from public.attempts where job_key = old.key;
  delete from public.start_requests where job_key = old.key;
  if new.status not in ('succeeded', 'failed', 'cancelled') then new.status := 'cancelled'; end if;
  new.attempt_active := false;
  new.remove_at := null;
  return new;
end $$;
create trigger detach_job before update of user_id on public.jobs
  for each row when (old.user_id is not null and new.user_id is null)
  execute function signalbox.detach_job();
comment on function signalbox.detach_job is
  'Ends a job that loses its owner: its tokens and idempotency keys stop working at once.';

create or replace function public.delete_job(p_user_id uuid, p_job_id text) returns jsonb
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
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
  update public.jobs set user_id = null where key = j.key;
  perform signalbox.notify_change(j, true);
  return jsonb_build_object('success', true, 'managed', j.managed);
end $$;
comment on function public.delete_job is
  'Deletes a job; a conflict while it is active. It is gone for everybody at once, and its id is free;
   remove_rows deletes its rows. Returns {success, managed} or {error}.';

-- A scan of the whole table would pass over all that earlier portions have deleted; an index scan marks
-- such entries and skips them.
create function public.remove_rows(p_rows integer) returns jsonb
  language plpgsql set search_path = pg_catalog, public, pg_temp
  set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  -- Rows differ in size by a factor of thousands, so time limits a portion, too.
  until constant timestamptz := clock_timestamp() + interval '20 milliseconds';
  doomed bigint;
  child regclass;
  removed integer;
  rest integer := p_rows;
begin
  select key into doomed from public.jobs where user_id is null
    order by key limit 1 for update skip locked;
  if not found then return jsonb_build_object('more', false); end if;
  for child in
    select f.conrelid from pg_constraint f
    where f.confrelid = 'public.jobs'::regclass and f.contype = 'f'
    -- Tables to which others refer come last.
    order by exists (select from pg_constraint o where o.confrelid = f.conrelid), f.conrelid
  loop
    loop
      if rest <= 0 or clock_timestamp() > until then return jsonb_build_object('more', true); end if;
      execute format('delete from %1$s where ctid = any (array(
        select ctid from %1$s where job_key = $1 limit $2))', child)
        using doomed, least(100, rest);
      get diagnostics removed = row_count;
      rest := rest - removed;
      exit when removed = 0;
    end loop;
  end loop;
  delete from public.jobs where key = doomed;
  return jsonb_build_object('more', true);
end $$;
comment on function public.remove_rows is
  'Deletes a portion of the rows of one deleted job: up to p_rows in some 20 ms; last its own row. Every
   table that refers to jobs has a column job_key, with an index. Returns {more}: whether there may be others.';

-- Series go in the portions of remove_rows; their points always follow by themselves.
create or replace function signalbox.drop_series_data() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into public.dropped_series select id from deleted;
  return null;
end $$;
comment on function signalbox.drop_series_data is
  'Lists deleted series, whose points and rollups drop_points deletes.';

create or replace function public.drop_points(p_points integer) returns jsonb
  language plpgsql set search_path = pg_catalog, public, pg_temp
  set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  dropped bigint;
  removed integer;
  rest integer := p_points;
begin
  while rest > 0 loop
    select series_id into dropped from public.dropped_series
      order by series_id limit 1 for update skip locked;
    if not found then return jsonb_build_object('more', false); end if;
    delete from public.metric_points where ctid = any (array(
      select ctid from public.metric_points where series_id = dropped limit rest));
    get diagnostics removed = row_count;
    rest := rest - removed;
    exit when rest = 0;
    delete from public.metric_rollups where ctid = any (array(
      select ctid from public.metric_rollups where series_id = dropped limit rest));
    get diagnostics removed = row_count;
    -- A series counts for some points, because there may be thousands with one each.
    rest := rest - removed - 20;
    if rest > 0 then delete from public.dropped_series where series_id = dropped; end if;
  end loop;
  return jsonb_build_object('more', true);
end $$;
comment on function public.drop_points is
  'Deletes about p_points points and rollups of deleted series. Returns {more}: whether there may be
   others.';

-- As before, but a deleted job takes and shows nothing.
create or replace function signalbox.authorize_ingest(p_auth jsonb, p_job_id text, p_lock boolean default false)
  returns table (job public.jobs, problem jsonb)
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
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
    select * into j from public.jobs where key = j.key and user_id is not null for update;
    if not found then
      -- Deleted while waiting for the lock.
      return query select null::public.jobs, signalbox.problem('not_found', 'Job not found.');
      return;
    end if;
  end if;
  return query select j, null::jsonb;
end $$;

create or replace function public.next_command(p_auth jsonb, p_job_id text, p_redeliver_after interval)
  returns jsonb
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
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
  select * into j from public.jobs where key = (a.job).key and user_id is not null for update;
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
create or replace function public.read_stream(
  p_job_key bigint, p_after bigint, p_limit integer, p_max_bytes integer, p_predictions boolean)
  returns jsonb language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
  j record;
  s record;
  payload jsonb;
  size bigint;
  bytes bigint := 0;
  page jsonb[] := '{}';
begin
  select generation, last_seq into j from public.jobs
    where key = p_job_key and user_id is not null;
  if not found then return null; end if;
  for s in select * from public.job_stream
    where job_key = p_job_key and seq > p_after order by seq limit p_limit
  loop
    -- The journal knows the size of a batch without the texts that it shares with other batches.
    size := case when s.stream = 'prediction' and not p_predictions then 0 else s.bytes end;
    exit when page <> '{}' and bytes + size > p_max_bytes;
    payload := signalbox.frame_payload(p_job_key, s.seq, s.stream, s.payload, p_predictions);
    if s.stream in ('logs', 'prediction') then size := octet_length(payload::text); end if;
    exit when page <> '{}' and bytes + size > p_max_bytes;
    bytes := bytes + size;
    page := page || jsonb_build_object('seq', s.seq, 'stream', s.stream, 'payload', payload,
      'created_at', signalbox.iso(s.created_at));
  end loop;
  return jsonb_build_object(
    'generation', j.generation, 'last_seq', j.last_seq, 'rows', to_jsonb(page));
end $$;
revoke execute on function public.remove_rows, signalbox.detach_job from public, anon, authenticated;
grant execute on function public.remove_rows, signalbox.detach_job to service_role;
