-- Ingest: metrics with their rollups, logs, events, predictions. One call is one transaction: the
-- batch is stored whole, gets its seqs, notifies viewers, and is recognized if it is sent again.

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
  'Null for a new batch, which is registered; the first reply for a repeated batch; a conflict if
   the body differs under the same id.';

create function signalbox.finish_batch(p_job public.jobs, p_batch_id text, p_count integer)
  returns jsonb language plpgsql as $$
declare result jsonb := jsonb_build_object(
  'success', true, 'count', p_count, 'last_seq', p_job.last_seq);
begin
  if p_batch_id is not null then
    update public.ingest_batches b set reply = result
      where b.job_key = p_job.key and b.batch_id = p_batch_id;
  end if;
  perform signalbox.notify_change(p_job);
  return result;
end $$;
comment on function signalbox.finish_batch is
  'Stores the reply to a batch, notifies viewers, and returns the reply {success, count, last_seq}.';

create function signalbox.reserve_seqs(
  p_job public.jobs, p_rows integer, p_step bigint default null,
  p_epoch double precision default null)
  returns public.jobs language plpgsql as $$
declare j public.jobs := p_job;
begin
  -- Data proves that the job is alive: a claimed or lost job becomes running.
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
  'Reserves p_rows seqs for rows to be stored (the last is the job''s last_seq), and records that
   the job is alive, with its step, epoch and progress.';

create function public.ingest_metrics(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_series jsonb,
  p_count integer, p_max_step bigint, p_max_epoch double precision)
  returns jsonb language plpgsql as $$
declare
  a record;
  j public.jobs;
  earlier_reply jsonb;
  new_series integer;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  earlier_reply := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier_reply is not null then return earlier_reply; end if;

  select count(*) into new_series from jsonb_object_keys(p_series) k
    where not exists (select from public.metric_series s where s.job_key = j.key and s.name = k);
  if j.series_count + new_series > 10000 then
    if p_batch_id is not null then
      delete from public.ingest_batches where job_key = j.key and batch_id = p_batch_id;
    end if;
    return signalbox.problem('unsupported', 'A job can have at most 10,000 series.');
  end if;

  if p_count = 0 then
    return signalbox.finish_batch(j, p_batch_id, 0);
  end if;
  j := signalbox.reserve_seqs(j, 1, p_max_step, p_max_epoch);
  if new_series > 0 then
    update public.jobs set series_count = series_count + new_series where key = j.key;
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
  'Stores a batch of points with its rollups. p_series: {name: [[step, value, ms since 1970,
   epoch?, phase?], …]}, NaN and infinities as strings. p_count: the number of points. p_max_step,
   p_max_epoch: the highest step and epoch that count as progress, or null. Returns {success,
   count, last_seq} or {error}.';

create function public.ingest_logs(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_lines jsonb)
  returns jsonb language plpgsql as $$
declare
  a record;
  j public.jobs;
  earlier_reply jsonb;
  n integer := jsonb_array_length(p_lines);
  first_line bigint;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  earlier_reply := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier_reply is not null then return earlier_reply; end if;
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
  'Appends lines to a job''s log. p_lines: [[stream, text, ms since 1970], …]. Returns {success,
   count, last_seq} or {error}.';

create function public.ingest_events(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_events jsonb)
  returns jsonb language plpgsql as $$
declare
  a record;
  j public.jobs;
  earlier_reply jsonb;
  n integer := jsonb_array_length(p_events);
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  earlier_reply := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier_reply is not null then return earlier_reply; end if;
  j := signalbox.reserve_seqs(j, n);
  perform signalbox.append(j.key, j.last_seq - n + e.ord, 'event',
      e.event || jsonb_build_object('created_at', signalbox.iso(clock_timestamp())))
    from jsonb_array_elements(p_events) with ordinality e (event, ord);
  return signalbox.finish_batch(j, p_batch_id, n);
end $$;
comment on function public.ingest_events is
  'Stores events {type, level, message, data}, one stream row each. Returns {success, count,
   last_seq} or {error}.';

create function signalbox.map_cell(p_exact real, p_error double precision) returns integer
  language sql immutable as $$
  select case
    when p_exact is null then 1
    when p_exact >= 1 then 2
    else 3 + round(least(1, coalesce(p_error, 1)) * 252)::integer end $$;
comment on function signalbox.map_cell is
  'The byte of a prediction in the map, see prediction_tiles.';

create function signalbox.rebuild_tile(p_key bigint, p_epoch double precision, p_tile integer)
  returns void language sql as $$
  insert into public.prediction_tiles (job_key, epoch, tile, cells)
  select p_key, p_epoch, p_tile,
    string_agg(set_byte('\x00'::bytea, 0, coalesce(c.code, 0)), ''::bytea order by n.id)
  from generate_series(p_tile * 1024, p_tile * 1024 + 1023) n (id)
  left join (
    select distinct on (sample_id) sample_id, signalbox.map_cell(exact_match, char_error_rate) as code
    from public.predictions
    where job_key = p_key and epoch = p_epoch
      and sample_id between p_tile * 1024 and p_tile * 1024 + 1023
    order by sample_id, step desc, sample_index desc
  ) c on c.sample_id = n.id
  on conflict (job_key, epoch, tile) do update set cells = excluded.cells $$;
comment on function signalbox.rebuild_tile is
  'Rebuilds a tile of the map from the latest prediction of each of its samples.';

create function signalbox.recompute_epoch(p_key bigint, p_epoch double precision) returns void
  language sql as $$
  insert into public.prediction_epochs
  select p_key, p_epoch, count(*), max(step), count(char_error_rate),
    coalesce(sum(exact_match), 0), coalesce(sum(char_error_rate), 0),
    min(char_error_rate), max(char_error_rate), coalesce(sum(length_ratio), 0),
    coalesce(sum(word_overlap), 0), count(validation_passed),
    count(*) filter (where validation_passed)
  from public.predictions where job_key = p_key and epoch = p_epoch
  on conflict (job_key, epoch) do update set
    count = excluded.count, latest_step = excluded.latest_step, scored = excluded.scored,
    exact_sum = excluded.exact_sum, error_sum = excluded.error_sum,
    error_min = excluded.error_min, error_max = excluded.error_max,
    ratio_sum = excluded.ratio_sum, overlap_sum = excluded.overlap_sum,
    validated = excluded.validated, passed = excluded.passed $$;
comment on function signalbox.recompute_epoch is
  'Recomputes the rollup of an epoch from its predictions, after some were replaced.';

create function public.ingest_predictions(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_rows jsonb)
  returns jsonb language plpgsql as $$
declare
  a record;
  j public.jobs;
  earlier_reply jsonb;
  n integer := jsonb_array_length(p_rows);
  new_samples integer;
  e record;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  earlier_reply := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier_reply is not null then return earlier_reply; end if;
  if n = 0 then return signalbox.finish_batch(j, p_batch_id, 0); end if;
  j := signalbox.reserve_seqs(j, 1,
    (select max((r ->> 'step')::bigint) from jsonb_array_elements(p_rows) r),
    (select max((r ->> 'epoch')::double precision) from jsonb_array_elements(p_rows) r));

  -- Samples first: new ones get the next ids, known ones a changed prompt or ground truth.
  with arrived as (
    select distinct on (r ->> 'key') r ->> 'key' as key, (r ->> 'sample_index')::bigint as sample_index,
      r ->> 'prompt' as prompt, r ->> 'ground_truth' as ground_truth, ord
    from jsonb_array_elements(p_rows) with ordinality x (r, ord)
    order by r ->> 'key', ord desc
  ), known as (
    update public.samples s set prompt = arrived.prompt,
      ground_truth = coalesce(arrived.ground_truth, s.ground_truth)
    from arrived
    where s.job_key = j.key and s.key = arrived.key
      and (s.prompt <> arrived.prompt
        or s.ground_truth is distinct from coalesce(arrived.ground_truth, s.ground_truth))
  )
  insert into public.samples (job_key, id, key, sample_index, prompt, ground_truth)
  select j.key, j.sample_count + row_number() over (order by sample_index, ord) - 1,
    key, sample_index, prompt, ground_truth
  from arrived
  where not exists (
    select from public.samples s where s.job_key = j.key and s.key = arrived.key);
  get diagnostics new_samples = row_count;
  update public.jobs set sample_count = sample_count + new_samples where key = j.key;

  for e in
    with arrived as (
      select (r ->> 'epoch')::double precision as epoch, (r ->> 'step')::bigint as step,
        (r ->> 'sample_index')::bigint as sample_index, s.id as sample_id,
        r ->> 'prediction' as prediction,
        case when r ->> 'ground_truth' is distinct from s.ground_truth
          then r ->> 'ground_truth' end as ground_truth,
        (r ->> 'exact_match')::real as exact_match,
        (r ->> 'char_error_rate')::double precision as char_error_rate,
        (r ->> 'length_ratio')::double precision as length_ratio,
        (r ->> 'word_overlap')::double precision as word_overlap,
        (r ->> 'validation_passed')::boolean as validation_passed,
        (r ->> 'tokens')::integer as tokens, (r ->> 'latency_ms')::double precision as latency_ms,
        nullif(r -> 'metadata', 'null') as metadata
      from jsonb_array_elements(p_rows) r
      join public.samples s on s.job_key = j.key and s.key = r ->> 'key'
    ), stored as (
      insert into public.predictions as p (job_key, epoch, step, sample_index, sample_id, seq,
        prediction, ground_truth, exact_match, char_error_rate, length_ratio, word_overlap,
        validation_passed, tokens, latency_ms, metadata)
      select j.key, epoch, step, sample_index, sample_id, j.last_seq, prediction, ground_truth,
        exact_match, char_error_rate, length_ratio, word_overlap, validation_passed, tokens,
        latency_ms, metadata
      from arrived
      on conflict (job_key, epoch, step, sample_index) do update set
        sample_id = excluded.sample_id, seq = excluded.seq, prediction = excluded.prediction,
        ground_truth = excluded.ground_truth, exact_match = excluded.exact_match,
        char_error_rate = excluded.char_error_rate, length_ratio = excluded.length_ratio,
        word_overlap = excluded.word_overlap, validation_passed = excluded.validation_passed,
        tokens = excluded.tokens, latency_ms = excluded.latency_ms, metadata = excluded.metadata,
        created_at = excluded.created_at
      returning p.*, (xmax <> 0) as replaced
    )
    select epoch, bool_or(replaced) as replaced, count(*) as count, max(step) as latest_step,
      count(char_error_rate) as scored, coalesce(sum(exact_match), 0) as exact_sum,
      coalesce(sum(char_error_rate), 0) as error_sum, min(char_error_rate) as error_min,
      max(char_error_rate) as error_max, coalesce(sum(length_ratio), 0) as ratio_sum,
      coalesce(sum(word_overlap), 0) as overlap_sum, count(validation_passed) as validated,
      count(*) filter (where validation_passed) as passed,
      array_agg(distinct sample_id / 1024) as tiles
    from stored group by epoch
  loop
    if e.replaced then
      perform signalbox.recompute_epoch(j.key, e.epoch);
    else
      insert into public.prediction_epochs as x values (j.key, e.epoch, e.count, e.latest_step,
        e.scored, e.exact_sum, e.error_sum, e.error_min, e.error_max, e.ratio_sum, e.overlap_sum,
        e.validated, e.passed)
      on conflict (job_key, epoch) do update set
        count = x.count + excluded.count,
        latest_step = greatest(x.latest_step, excluded.latest_step),
        scored = x.scored + excluded.scored,
        exact_sum = x.exact_sum + excluded.exact_sum,
        error_sum = x.error_sum + excluded.error_sum,
        error_min = least(x.error_min, excluded.error_min),
        error_max = greatest(x.error_max, excluded.error_max),
        ratio_sum = x.ratio_sum + excluded.ratio_sum,
        overlap_sum = x.overlap_sum + excluded.overlap_sum,
        validated = x.validated + excluded.validated,
        passed = x.passed + excluded.passed;
    end if;
    perform signalbox.rebuild_tile(j.key, e.epoch, t) from unnest(e.tiles) t;
  end loop;

  perform signalbox.append(j.key, j.last_seq, 'prediction', jsonb_build_object('rows', (
    select jsonb_agg(jsonb_build_array((r ->> 'epoch')::double precision,
      (r ->> 'step')::bigint, (r ->> 'sample_index')::bigint))
    from jsonb_array_elements(p_rows) r)));
  update public.job_stream set bytes = pg_column_size(p_rows)
    where job_key = j.key and seq = j.last_seq;
  return signalbox.finish_batch(j, p_batch_id, n);
end $$;
comment on function public.ingest_predictions is
  'Stores predictions with their quality: [{key, sample_index, epoch, step, prompt, prediction,
   ground_truth, exact_match, char_error_rate, length_ratio, word_overlap, validation_passed,
   tokens, latency_ms, metadata}]. They are unique by (epoch, step, sample_index), also within a
   batch; a repeated one replaces the earlier one. Returns {success, count, last_seq} or {error}.';
