-- Ingest: metrics with their rollups, logs, events. One call is one transaction: stored whole,
-- numbered, rung for, and recognised when it comes again.

create function signalbox.register_batch(p_key bigint, p_batch_id text, p_body_hash text)
  returns jsonb language plpgsql as $$
declare b public.ingest_batches;
begin
  if p_batch_id is null then return null; end if;
  insert into public.ingest_batches (job_key, batch_id, body_hash)
    values (p_key, p_batch_id, p_body_hash)
    on conflict (job_key, batch_id) do nothing;
  if found then return null; end if;
  select * into b from public.ingest_batches where job_key = p_key and batch_id = p_batch_id;
  if b.body_hash <> p_body_hash then
    return signalbox.problem('conflict', 'This batch_id was already used for a batch with different content.');
  end if;
  return b.reply;
end $$;
comment on function signalbox.register_batch is
  'Null for a batch seen for the first time (which it then remembers), the first reply for the same
   batch, a conflict for another body under the same id.';

create function signalbox.finish_batch(p_job public.jobs, p_batch_id text, p_count integer)
  returns jsonb language plpgsql as $$
declare answer jsonb := jsonb_build_object(
  'success', true, 'count', p_count, 'last_seq', p_job.last_seq);
begin
  if p_batch_id is not null then
    update public.ingest_batches b set reply = answer
      where b.job_key = p_job.key and b.batch_id = p_batch_id;
  end if;
  perform signalbox.notify_change(p_job);
  return answer;
end $$;

create function signalbox.reserve_seqs(
  p_job public.jobs, p_rows integer, p_step bigint default null,
  p_epoch double precision default null)
  returns public.jobs language plpgsql as $$
declare j public.jobs := p_job;
begin
  -- Data is a sign of life: it makes a claimed or lost job running.
  if j.status = 'queued' and not j.managed then
    j := signalbox.apply_status_path(j, '{starting,running}', 'trainer');
  elsif j.status in ('starting', 'lost') then
    j := signalbox.apply_status_path(j, '{running}', 'trainer',
      case when j.status = 'lost' then 'Data is arriving again.' end);
  end if;
  update public.jobs set
    last_seq = last_seq + p_rows,
    updated_at = clock_timestamp(),
    heartbeat_at = clock_timestamp(),
    current_step = case when p_step is null then current_step
      when step_attempt = attempt then greatest(current_step, p_step) else p_step end,
    current_epoch = case when p_epoch is null then current_epoch
      when step_attempt = attempt then greatest(current_epoch, p_epoch) else p_epoch end,
    step_attempt = case when p_step is null then step_attempt else attempt end,
    progress = case when p_step is null or total_steps is null or total_steps = 0 then progress
      when step_attempt = attempt then least(1, greatest(current_step, p_step)::float8 / total_steps)
      else least(1, p_step::float8 / total_steps) end
  where key = j.key returning * into j;
  return j;
end $$;
comment on function signalbox.reserve_seqs is
  'Takes p_rows sequence numbers for rows about to be stored (the last is the job''s last_seq) and
   notes the sign of life, the step and the epoch they bring.';

create function public.ingest_metrics(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_series jsonb,
  p_count integer, p_max_step bigint, p_max_epoch double precision)
  returns jsonb language plpgsql as $$
declare
  a record;
  j public.jobs;
  earlier jsonb;
  fresh integer;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  earlier := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier is not null then return earlier; end if;

  select count(*) into fresh from jsonb_object_keys(p_series) k
    where not exists (select from public.metric_series s where s.job_key = j.key and s.name = k);
  if j.series_count + fresh > 10000 then
    if p_batch_id is not null then
      delete from public.ingest_batches where job_key = j.key and batch_id = p_batch_id;
    end if;
    return signalbox.problem('unsupported', 'A job can have at most 10,000 series.');
  end if;

  if p_count = 0 then
    return signalbox.finish_batch(j, p_batch_id, 0);
  end if;
  j := signalbox.reserve_seqs(j, 1, p_max_step, p_max_epoch);
  if fresh > 0 then
    update public.jobs set series_count = series_count + fresh where key = j.key;
  end if;

  with batch as materialized (
    select s.name, (e.p ->> 0)::bigint as step, (e.p ->> 1)::double precision as value,
      to_timestamp((e.p ->> 2)::double precision / 1000) as ts,
      (e.p ->> 3)::double precision as epoch, e.p ->> 4 as phase, e.ord::integer as ord
    from jsonb_each(p_series) s (name, points),
      jsonb_array_elements(s.points) with ordinality e (p, ord)
  ), arrived as (
    select name, count(*) as count, min(step) as step_first, max(step) as step_last,
      (array_agg(value order by step desc, ord desc))[1] as last_value,
      min(value) filter (where value <> 'NaN') as min_value,
      max(value) filter (where value <> 'NaN') as max_value
    from batch group by name
  ), series as (
    insert into public.metric_series as s
      (job_key, name, count, step_first, step_last, last_value, min_value, max_value)
    select j.key, name, count, step_first, step_last, last_value, min_value, max_value from arrived
    on conflict (job_key, name) do update set
      count = s.count + excluded.count,
      step_first = least(s.step_first, excluded.step_first),
      step_last = greatest(s.step_last, excluded.step_last),
      last_value = case when excluded.step_last >= s.step_last
        then excluded.last_value else s.last_value end,
      min_value = least(s.min_value, excluded.min_value),
      max_value = greatest(s.max_value, excluded.max_value)
    returning s.id, s.name
  ), points as (
    insert into public.metric_points (series_id, step, seq, ord, value, epoch, phase, ts)
    select s.id, p.step, j.last_seq, p.ord, p.value, p.epoch, p.phase, p.ts
    from batch p join series s using (name)
  ), level1 as (
    select s.id as series_id, p.step >> 4 as bucket, count(*) as count,
      count(*) filter (where abs(p.value) <= 1e300) as summed_count,
      count(*) filter (where p.value = 'NaN') as nan_count,
      coalesce(sum(p.value) filter (where abs(p.value) <= 1e300), 0) as sum,
      min(p.value) filter (where p.value <> 'NaN') as min,
      max(p.value) filter (where p.value <> 'NaN') as max,
      min(p.step) as step_first, (array_agg(p.value order by p.step, p.ord desc))[1] as first,
      max(p.step) as step_last, (array_agg(p.value order by p.step desc, p.ord desc))[1] as last
    from batch p join series s using (name)
    group by s.id, p.step >> 4
  ), higher as (
    select series_id, l.level, bucket >> (4 * (l.level - 1)) as bucket, sum(count)::bigint as count,
      sum(summed_count)::bigint as summed_count, sum(nan_count)::bigint as nan_count,
      sum(sum) as sum, min(min) as min, max(max) as max,
      min(step_first) as step_first, (array_agg(first order by bucket))[1] as first,
      max(step_last) as step_last, (array_agg(last order by bucket desc))[1] as last
    from level1, generate_series(1, 5) l (level)
    group by series_id, l.level, bucket >> (4 * (l.level - 1))
  )
  insert into public.metric_rollups as r (series_id, level, bucket, count, summed_count, nan_count,
    sum, min, max, step_first, first, step_last, last)
  select series_id, level, bucket, count, summed_count, nan_count, sum, min, max,
    step_first, first, step_last, last from higher
  on conflict (series_id, level, bucket) do update set
    count = r.count + excluded.count,
    summed_count = r.summed_count + excluded.summed_count,
    nan_count = r.nan_count + excluded.nan_count,
    sum = r.sum + excluded.sum,
    min = least(r.min, excluded.min),
    max = greatest(r.max, excluded.max),
    first = case when excluded.step_first <= r.step_first then excluded.first else r.first end,
    step_first = least(r.step_first, excluded.step_first),
    last = case when excluded.step_last >= r.step_last then excluded.last else r.last end,
    step_last = greatest(r.step_last, excluded.step_last);

  perform signalbox.append(j.key, j.last_seq, 'metrics', p_series);
  return signalbox.finish_batch(j, p_batch_id, p_count);
end $$;
comment on function public.ingest_metrics is
  'Stores a batch of points with its rollups. p_series: {name: [[step, value, ms since 1970, epoch?,
   phase?], …]}, NaN and infinities as strings; p_count points, of which p_max_step and p_max_epoch
   are the furthest that tell progress (null: none). Returns {success,count,last_seq} or {error}.';

create function public.ingest_logs(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_lines jsonb)
  returns jsonb language plpgsql as $$
declare
  a record;
  j public.jobs;
  earlier jsonb;
  n integer := jsonb_array_length(p_lines);
  first_line bigint;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  earlier := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier is not null then return earlier; end if;
  if n = 0 then return signalbox.finish_batch(j, p_batch_id, 0); end if;
  j := signalbox.reserve_seqs(j, 1);
  first_line := j.line_count + 1;
  update public.jobs set line_count = line_count + n where key = j.key;
  insert into public.log_lines (job_key, line, stream, text, ts)
    select j.key, first_line + e.ord - 1, e.l ->> 0, e.l ->> 1,
      to_timestamp((e.l ->> 2)::double precision / 1000)
    from jsonb_array_elements(p_lines) with ordinality e (l, ord);
  perform signalbox.append(j.key, j.last_seq, 'logs',
    jsonb_build_object('first_line', first_line, 'count', n));
  update public.job_stream set bytes = pg_column_size(p_lines)
    where job_key = j.key and seq = j.last_seq;
  return signalbox.finish_batch(j, p_batch_id, n);
end $$;
comment on function public.ingest_logs is
  'Appends lines to a job''s log. p_lines: [[stream, text, ms since 1970], …]; lines are numbered
   from 1 in the order of arrival. Returns {success,count,last_seq} or {error}.';

create function public.ingest_events(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_events jsonb)
  returns jsonb language plpgsql as $$
declare
  a record;
  j public.jobs;
  earlier jsonb;
  n integer := jsonb_array_length(p_events);
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  earlier := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier is not null then return earlier; end if;
  j := signalbox.reserve_seqs(j, n);
  perform signalbox.append(j.key, j.last_seq - n + e.ord, 'event',
      e.event || jsonb_build_object('created_at', signalbox.iso(clock_timestamp())))
    from jsonb_array_elements(p_events) with ordinality e (event, ord);
  return signalbox.finish_batch(j, p_batch_id, n);
end $$;
comment on function public.ingest_events is
  'Stores events {type, level, message, data}, a stream row each. Returns {success,count,last_seq}.';
