-- What each user stores, for limits and for the page Usage. It is counted from the journal, a few times a
-- minute at most: storing a batch costs nothing more.

alter table public.metric_series add column removed_count bigint not null default 0;
comment on column public.metric_series.removed_count is
  'How many of the points in count downsampling has removed.';
update public.metric_series s
  set removed_count = s.count - (select count(*) from public.metric_points p where p.series_id = s.id)
  where s.downsampled_count is not null or s.downsampled_to is not null;

create table public.job_usage (
  job_key bigint primary key references public.jobs (key) on delete cascade,
  user_id uuid not null,
  counted_seq bigint not null default 0,
  pruned_seq bigint not null default 0,
  points bigint not null default 0,
  point_bytes bigint not null default 0,
  log_lines bigint not null default 0,
  log_bytes bigint not null default 0,
  predictions bigint not null default 0,
  prediction_bytes bigint not null default 0,
  events bigint not null default 0,
  event_bytes bigint not null default 0
);
comment on table public.job_usage is
  'What a job stores, as of counted_seq. Bytes are those of the data as it was received.';
comment on column public.job_usage.pruned_seq is
  'The jobs.pruned_seq as of which the job was counted.';
create index job_usage_by_user on public.job_usage (user_id);

alter table public.job_usage enable row level security;
revoke all on public.job_usage from anon, authenticated;
grant all on public.job_usage to service_role;

create function signalbox.count_job_usage(p_key bigint, p_rows integer) returns bigint
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  j public.jobs;
  u public.job_usage;
  upto bigint;
  c record;
begin
  select * into j from public.jobs where key = p_key;
  if not found then return 0; end if;
  insert into public.job_usage (job_key, user_id) values (j.key, j.user_id)
    on conflict (job_key) do nothing;
  select * into u from public.job_usage where job_key = p_key for update skip locked;
  -- Another process counts it.
  if not found then return 0; end if;
  if j.pruned_seq >= j.last_seq and u.pruned_seq < j.pruned_seq then
    -- Retention has emptied rows that were counted.
    update public.job_usage set counted_seq = 0, pruned_seq = j.pruned_seq, point_bytes = 0,
      log_bytes = 0, prediction_bytes = 0, events = 0, event_bytes = 0
      where job_key = p_key returning * into u;
  end if;
  upto := least(j.last_seq, u.counted_seq + p_rows);
  select
    coalesce(sum(bytes) filter (where stream = 'metrics'), 0) as points,
    coalesce(sum(bytes) filter (where stream = 'logs'), 0) as logs,
    coalesce(sum(bytes) filter (where stream = 'prediction'), 0) as predictions,
    coalesce(sum(bytes) filter (where stream in ('status', 'event', 'timeline', 'command')), 0) as events,
    count(*) filter (where stream in ('status', 'event', 'timeline', 'command')) as event_rows
    into c
    from public.job_stream where job_key = p_key and seq > u.counted_seq and seq <= upto;
  update public.job_usage set
    counted_seq = upto,
    points = (select coalesce(sum(s.count - s.removed_count), 0) from public.metric_series s
      where s.job_key = p_key),
    point_bytes = point_bytes + c.points,
    log_lines = j.line_count,
    log_bytes = log_bytes + c.logs,
    predictions = (select coalesce(sum(e.count), 0) from public.prediction_epochs e
      where e.job_key = p_key),
    prediction_bytes = prediction_bytes + c.predictions,
    events = events + c.event_rows,
    event_bytes = event_bytes + c.events
    where job_key = p_key;
  return upto - u.counted_seq;
end $$;
comment on function signalbox.count_job_usage is
  'Counts what a job has stored since it was last counted, at most p_rows rows of its journal. Returns
   how many rows it counted.';

create function public.read_usage(p_user_id uuid, p_rows integer) returns jsonb
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
  select jsonb_build_object('points', coalesce(sum(points), 0),
      'point_bytes', coalesce(sum(point_bytes), 0),
      'log_lines', coalesce(sum(log_lines), 0), 'log_bytes', coalesce(sum(log_bytes), 0),
      'predictions', coalesce(sum(predictions), 0),
      'prediction_bytes', coalesce(sum(prediction_bytes), 0),
      'events', coalesce(sum(events), 0), 'event_bytes', coalesce(sum(event_bytes), 0),
      'more', left_rows <= 0)
    into result from public.job_usage where user_id = p_user_id;
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
comment on function public.read_usage is
  'What a user stores and runs: {points, point_bytes, log_lines, log_bytes, predictions,
   prediction_bytes, events, event_bytes, runs, samples (of the largest run), trainers,
   queued_trainers, api_keys, more}. Counts at most about p_rows new rows; more: there are others.';

create function public.batch_stored(p_auth jsonb, p_job_id text, p_batch_id text) returns boolean
  language sql stable as $$
  select exists (
    select from signalbox.authorize_ingest(p_auth, p_job_id) a
    join public.ingest_batches b on b.job_key = (a.job).key and b.batch_id = p_batch_id) $$;
comment on function public.batch_stored is
  'Whether a batch with this id was stored: its repetition is answered, even at a limit.';

create function public.start_stored(p_user_id uuid, p_idempotency_key text) returns boolean
  language sql stable as $$
  select exists (select from public.start_requests
    where user_id = p_user_id and idempotency_key = p_idempotency_key) $$;
comment on function public.start_stored is
  'Whether a start with this Idempotency-Key was stored: its repetition is answered, even at a limit.';

drop function public.job_token_valid(text);
create function public.job_token_owner(p_token_hash text) returns uuid
  language sql stable as $$
  select j.user_id from public.attempts t join public.jobs j on j.key = t.job_key
  where t.token_hash = p_token_hash and t.revoked_at is null $$;
comment on function public.job_token_owner is
  'The owner of the job whose current token has this hash, or null.';

alter function public.ingest_predictions(jsonb, text, text, text, jsonb, jsonb)
  set schema signalbox;
alter function signalbox.ingest_predictions(jsonb, text, text, text, jsonb, jsonb)
  rename to store_predictions;

create function public.ingest_predictions(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_rows jsonb, p_scores jsonb,
  p_max_samples integer)
  returns jsonb language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  target record;
  samples_before integer;
  samples_after integer;
  reply jsonb;
begin
  select (a.job).key as key, (a.job).sample_count as samples into target
    from signalbox.authorize_ingest(p_auth, p_job_id) a;
  samples_before := target.samples;
  begin
    reply := signalbox.store_predictions(p_auth, p_job_id, p_batch_id, p_body_hash, p_rows, p_scores);
    select sample_count into samples_after from public.jobs where key = target.key;
    if samples_after > p_max_samples and samples_after > samples_before then
      raise exception 'too many samples' using errcode = 'SBX01';
    end if;
  exception when sqlstate 'SBX01' then
    return signalbox.problem('conflict', 'samples', jsonb_build_object('limit', 'samples',
      'maximum', p_max_samples, 'used', samples_before));
  end;
  return reply;
end $$;
comment on function public.ingest_predictions is
  'Stores predictions as signalbox.store_predictions does, unless the job would have more than
   p_max_samples samples by new ones: {error} then, and nothing is stored.';

create or replace function signalbox.downsample_points(s public.metric_series, p_steps bigint)
  returns bigint language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  lo bigint := greatest(coalesce(s.downsampled_to, s.step_first), s.step_first);
  hi bigint;
  removed bigint;
begin
  -- Counts points, not steps, because the points of a sparse series are far apart.
  select max(step) into hi from (select step from public.metric_points
    where series_id = s.id and step >= lo order by step limit p_steps) p;
  hi := coalesce(hi, s.step_last) | 15;
  delete from public.metric_points p using (
    select step, seq, ord,
      row_number() over (b order by step, seq desc, ord desc) as from_first,
      row_number() over (b order by step desc, seq desc, ord desc) as from_last,
      row_number() over (b order by value, step, seq, ord) as from_lowest,
      row_number() over (b order by (value = 'NaN'), value desc, step, seq, ord) as from_highest,
      row_number() over (b order by (value = 'NaN') desc, step, seq, ord) as from_nan, value
    from public.metric_points
    where series_id = s.id and step between lo and hi
    window b as (partition by step >> 4)
  ) r
  where p.series_id = s.id and p.step = r.step and p.seq = r.seq and p.ord = r.ord
    and least(r.from_first, r.from_last, r.from_lowest, r.from_highest) > 1
    and not (r.value = 'NaN' and r.from_nan = 1);
  get diagnostics removed = row_count;
  if hi >= s.step_last then
    update public.metric_series set downsampled_to = null, downsampled_count = count,
      removed_count = removed_count + removed where id = s.id;
  else
    update public.metric_series set downsampled_to = hi + 1,
      removed_count = removed_count + removed where id = s.id;
  end if;
  return hi;
end $$;

revoke execute on function signalbox.count_job_usage(bigint, integer) from public, anon, authenticated;
grant execute on function signalbox.count_job_usage(bigint, integer) to service_role;
revoke execute on function public.read_usage(uuid, integer) from public, anon, authenticated;
grant execute on function public.read_usage(uuid, integer) to service_role;
revoke execute on function public.batch_stored(jsonb, text, text) from public, anon, authenticated;
grant execute on function public.batch_stored(jsonb, text, text) to service_role;
revoke execute on function public.start_stored(uuid, text) from public, anon, authenticated;
grant execute on function public.start_stored(uuid, text) to service_role;
revoke execute on function public.job_token_owner(text) from public, anon, authenticated;
grant execute on function public.job_token_owner(text) to service_role;
revoke execute on function public.ingest_predictions(jsonb, text, text, text, jsonb, jsonb, integer)
  from public, anon, authenticated;
grant execute on function public.ingest_predictions(jsonb, text, text, text, jsonb, jsonb, integer)
  to service_role;
