-- Reading a job: the stream after a cursor, series at the resolution of a chart, logs, activity,
-- errors.

create function signalbox.frame_payload(
  p_job_key bigint, p_stream text, p_payload jsonb, p_predictions boolean)
  returns jsonb language plpgsql stable as $$
begin
  if p_stream = 'logs' then
    return jsonb_build_object(
      'lines', (
        select coalesce(jsonb_agg(jsonb_build_object('line', l.line, 'stream', l.stream,
          'text', l.text, 'ts', signalbox.iso(l.ts)) order by l.line), '[]')
        from public.log_lines l
        where l.job_key = p_job_key
          and l.line >= (p_payload ->> 'first_line')::bigint
          and l.line < (p_payload ->> 'first_line')::bigint + (p_payload ->> 'count')::bigint),
      'total_lines', (p_payload ->> 'first_line')::bigint + (p_payload ->> 'count')::bigint - 1);
  elsif p_stream = 'prediction' then
    return jsonb_build_object(
      'predictions', case when p_predictions then (
        select coalesce(jsonb_agg(signalbox.prediction_json(p, s) order by r.ord), '[]')
        from jsonb_array_elements(p_payload -> 'rows') with ordinality r (id, ord)
        join public.predictions p on p.job_key = p_job_key
          and p.epoch = (r.id ->> 0)::double precision
          and p.step = (r.id ->> 1)::bigint and p.sample_index = (r.id ->> 2)::bigint
        join public.samples s on s.job_key = p_job_key and s.id = p.sample_id) else '[]' end,
      'counts', (
        select coalesce(jsonb_agg(jsonb_build_array(e.epoch, e.count) order by e.epoch), '[]')
        from public.prediction_epochs e where e.job_key = p_job_key and e.epoch in (
          select (x ->> 0)::double precision from jsonb_array_elements(p_payload -> 'rows') x)),
      'total_count', (
        select coalesce(sum(count), 0) from public.prediction_epochs where job_key = p_job_key));
  end if;
  return p_payload;
end $$;
comment on function signalbox.frame_payload is
  'The payload of a journal row as viewers receive it: log lines and predictions are read from their
   tables. Without p_predictions there are only the counts of predictions.';

create function public.read_stream(
  p_job_key bigint, p_after bigint, p_limit integer, p_max_bytes integer, p_predictions boolean)
  returns jsonb language sql stable as $$
  with job as (
    select generation, last_seq, line_count from public.jobs where key = p_job_key
  ), candidates as (
    select s.seq, s.stream, s.payload, s.created_at,
      sum(s.bytes) over (order by s.seq) - s.bytes as bytes_before
    from (
      select * from public.job_stream
      where job_key = p_job_key and seq > p_after
      order by seq limit p_limit
    ) s
  ), chosen as (
    select c.seq, c.stream, c.created_at,
      signalbox.frame_payload(p_job_key, c.stream, c.payload, p_predictions) as payload
    from candidates c where c.bytes_before < p_max_bytes
  )
  select jsonb_build_object(
    'generation', job.generation, 'last_seq', job.last_seq,
    'rows', coalesce((select jsonb_agg(jsonb_build_object('seq', seq, 'stream', stream,
      'payload', payload, 'created_at', signalbox.iso(created_at)) order by seq) from chosen), '[]'))
  from job $$;
comment on function public.read_stream is
  'Rows of a job''s stream after a seq, ascending, at most p_limit and about p_max_bytes, but at least
   one: {generation, last_seq, rows:[{seq, stream, payload, created_at}]}; null if there is no such
   job. Without p_predictions, prediction rows have their counts but no predictions.';

create function signalbox.rollup_ranges(
  p_lo bigint, p_hi bigint, p_clip_lo boolean, p_clip_hi boolean, p_level integer)
  returns table (level integer, lo bigint, hi bigint) language sql immutable as $$
  with edges as (
    select k as level,
      case when k = 0 then p_lo when p_clip_lo then (p_lo + (1::bigint << 4 * k) - 1) >> 4 * k << 4 * k
        else p_lo >> 4 * k << 4 * k end as a,
      case when k = 0 then p_hi + 1 when p_clip_hi then (p_hi + 1) >> 4 * k << 4 * k
        else (p_hi + (1::bigint << 4 * k)) >> 4 * k << 4 * k end as b
    from generate_series(0, p_level) k
  )
  select level, a, b from edges where level = p_level and a < b
  union all select e.level, e.a, n.a from edges e join edges n on n.level = e.level + 1 where e.a < n.a
  union all select e.level, n.b, e.b from edges e join edges n on n.level = e.level + 1 where n.b < e.b
$$;
comment on function signalbox.rollup_ranges is
  'Splits the steps p_lo to p_hi into whole rollup buckets: p_level in the middle, finer levels
   towards an edge that clips (p_clip_*: there are points beyond it), level 0 (raw points) at the
   edge. Ranges include lo and exclude hi.';

create function signalbox.read_one_series(
  s public.metric_series, p_from bigint, p_to bigint, p_buckets integer, p_x text)
  returns json language plpgsql stable as $$
declare
  -- For downsampled points, the rollups of 16 steps are the finest complete data.
  downsampled boolean := s.downsampled_to is not null or s.downsampled_count is not null;
  first_step bigint := greatest(coalesce(p_from, s.step_first), s.step_first);
  final_step bigint := least(coalesce(p_to, s.step_last), s.step_last);
  width bigint;
  unit bigint := 1;
  lvl integer := 0;
  result json;
begin
  width := greatest(1, (final_step - first_step) / p_buckets + 1);
  while lvl < 5 and unit * 16 * 2 <= width loop lvl := lvl + 1; unit := unit * 16; end loop;
  if downsampled and first_step <= final_step then
    lvl := greatest(lvl, 1);
    unit := greatest(unit, 16);
    first_step := first_step >> 4 << 4;
    final_step := final_step | 15;
  end if;
  -- Buckets are whole multiples of the rollup's, so that only the edges of the range clip any.
  width := (width + unit - 1) / unit * unit;
  select json_strip_nulls(json_build_object(
      'step_first', coalesce(json_agg(b.step_first order by b.step_first), '[]'),
      'step_last', coalesce(json_agg(b.step_last order by b.step_first), '[]'),
      'min', coalesce(json_agg(b.min order by b.step_first), '[]'),
      'max', coalesce(json_agg(b.max order by b.step_first), '[]'),
      'mean', coalesce(json_agg(signalbox.mean(b.sum, b.summed_count) order by b.step_first), '[]'),
      'first', coalesce(json_agg(b.first order by b.step_first), '[]'),
      'last', coalesce(json_agg(b.last order by b.step_first), '[]'),
      'count', coalesce(json_agg(b.count order by b.step_first), '[]'),
      'nan_count', coalesce(json_agg(b.nan_count order by b.step_first), '[]'),
      'epoch_first', case when p_x = 'epoch' then json_agg(f.epoch order by b.step_first) end,
      'epoch_last', case when p_x = 'epoch' then json_agg(l.epoch order by b.step_first) end,
      'time_first', case when p_x = 'time' then
        json_agg((extract(epoch from f.ts) * 1000)::bigint order by b.step_first) end,
      'time_last', case when p_x = 'time' then
        json_agg((extract(epoch from l.ts) * 1000)::bigint order by b.step_first) end))
  into result
  from (
    select min(r.step_first) as step_first, max(r.step_last) as step_last, min(r.min) as min,
      max(r.max) as max, sum(r.sum) as sum, sum(r.summed_count) as summed_count,
      sum(r.count) as count, sum(r.nan_count) as nan_count,
      (array_agg(r.first order by r.step_first, r.seq desc, r.ord desc))[1] as first,
      (array_agg(r.last order by r.step_last desc, r.seq desc, r.ord desc))[1] as last
    from signalbox.rollup_ranges(first_step, final_step,
      p_from > s.step_first, p_to < s.step_last, lvl) p
    -- `offset 0` makes the planner read range by range through the index.
    cross join lateral (
      select step_first, step_last, min, max, sum, summed_count, count, nan_count, first, last,
        0::bigint as seq, 0 as ord
      from public.metric_rollups
      where p.level > 0 and series_id = s.id and level = p.level
        and bucket >= p.lo >> 4 * p.level and bucket < p.hi >> 4 * p.level
      union all
      select step, step, nullif(value, 'NaN'), nullif(value, 'NaN'),
        case when abs(value) <= 1e300 then value else 0 end, (abs(value) <= 1e300)::int, 1,
        (value = 'NaN')::int, value, value, seq, ord
      from public.metric_points
      where p.level = 0 and series_id = s.id and step >= p.lo and step < p.hi
      offset 0
    ) r
    where first_step <= final_step
    group by r.step_first / width
  ) b
  left join lateral (
    select epoch, ts from public.metric_points
    where p_x <> 'step' and series_id = s.id and step = b.step_first
    order by seq desc, ord desc limit 1) f on true
  left join lateral (
    select epoch, ts from public.metric_points
    where p_x <> 'step' and series_id = s.id and step = b.step_last
    order by seq desc, ord desc limit 1) l on true;
  return result;
end $$;
comment on function signalbox.read_one_series is
  'One series between two steps, in about p_buckets buckets as columns of equal length. No bucket
   has points outside the range, except up to 15 steps for downsampled series. p_x: "epoch" or
   "time" adds the epoch or time (ms since 1970) of each bucket''s first and last step; null if
   unknown.';

create function public.read_series(
  p_job_key bigint, p_names text[], p_from bigint, p_to bigint, p_buckets integer,
  p_x text)
  returns json language sql stable as $$
  select json_build_object(
    'last_seq', coalesce((select last_seq from public.jobs where key = p_job_key), 0),
    'series', coalesce(json_agg(json_build_object('name', s.name, 'unit', s.unit,
      'columns', signalbox.read_one_series(s, p_from, p_to, p_buckets, p_x)) order by s.name), '[]'))
  from public.metric_series s
  where s.job_key = p_job_key and (p_names is null or s.name = any (p_names)) $$;
comment on function public.read_series is
  'Series of a job between two steps, in about p_buckets buckets each, from rollups or, for short
   ranges, raw points: {last_seq, series:[{name, unit, columns}]}. See read_one_series.';

create function public.read_series_of_runs(
  p_user_id uuid, p_job_ids text[], p_names text[], p_from bigint, p_to bigint, p_buckets integer,
  p_x text)
  returns json language plpgsql stable as $$
begin
  return coalesce((
    select json_agg(json_build_object('job_id', j.id, 'generation', j.generation,
      'read', public.read_series(j.key, p_names, p_from, p_to, p_buckets, p_x)) order by w.ord)
    from (select id, min(ord) as ord from unnest(p_job_ids) with ordinality x (id, ord)
      group by id) w
    join public.jobs j on j.user_id = p_user_id and j.id = w.id), '[]');
end $$;
comment on function public.read_series_of_runs is
  'read_series for several of the user''s jobs, in the given order: [{job_id, generation, read}].
   Missing jobs and jobs of other users are left out.';

create function public.read_metric_batches(
  p_job_key bigint, p_after bigint, p_limit integer, p_max_bytes integer)
  returns jsonb language sql stable as $$
  with candidates as (
    select s.seq, s.payload, s.created_at,
      sum(s.bytes) over (order by s.seq) - s.bytes as bytes_before
    from (select * from public.job_stream
      where job_key = p_job_key and stream = 'metrics' and seq > p_after
      order by seq limit p_limit) s
  )
  select jsonb_build_object(
    'total', (select coalesce(sum(count), 0) from public.metric_series where job_key = p_job_key),
    'batches', coalesce(jsonb_agg(jsonb_build_object('seq', seq, 'series', payload,
      'created_at', signalbox.iso(created_at)) order by seq), '[]'))
  from candidates where bytes_before < p_max_bytes $$;
comment on function public.read_metric_batches is
  'Metric batches in the order of arrival, after a seq: {total: number of points, batches:[{seq,
   series, created_at}]}.';

create function public.read_points_after_step(
  p_job_key bigint, p_after_step bigint, p_limit integer)
  returns jsonb language sql stable as $$
  with page as (
    select s.name, p.*
    from public.metric_series s
    cross join lateral (
      select * from public.metric_points
      where series_id = s.id and step > p_after_step
      order by step, seq, ord limit p_limit) p
    where s.job_key = p_job_key
    order by p.step, p.seq, p.ord, s.id limit p_limit
  ), rest as (
    -- The rest of the last step, as the next page begins after it.
    select s.name, p.* from public.metric_series s
    join public.metric_points p on p.series_id = s.id
    where s.job_key = p_job_key and (select count(*) from page) = p_limit
      and p.step = (select max(step) from page)
      and (p.series_id, p.seq, p.ord) not in (select series_id, seq, ord from page
        where step = (select max(step) from page))
    order by p.seq, p.ord, s.id limit 10000
  )
  select jsonb_build_object(
    'total', (select coalesce(sum(count), 0) from public.metric_series where job_key = p_job_key),
    'points', coalesce(jsonb_agg(jsonb_build_object('name', name,
      'value', signalbox.wire_number(value), 'step', step, 'epoch', epoch, 'phase', phase,
      'data', '{}'::jsonb, 'created_at', signalbox.iso(ts)) order by step, seq, ord, series_id), '[]'))
  from (select * from page union all select * from rest) points $$;
comment on function public.read_points_after_step is
  'Points of all series after a step, by step: {total, points}, in the streaming SDKs''shape. The
   last step is complete (up to 10,000 points above p_limit). Points that arrive late are missed;
   use read_metric_batches to get all.';

create function public.read_logs(
  p_job_key bigint, p_offset bigint, p_limit integer, p_query text, p_tail boolean)
  returns jsonb language plpgsql stable as $$
declare
  all_lines bigint := coalesce((select line_count from public.jobs where key = p_job_key), 0);
  found_lines bigint := all_lines;
  start bigint;
  result jsonb;
begin
  if p_query is null then
    start := case when p_tail then greatest(0, all_lines - p_limit) else p_offset end;
    select coalesce(jsonb_agg(jsonb_build_object('line', line, 'stream', stream, 'text', text,
      'ts', signalbox.iso(ts)) order by line), '[]') into result
    from public.log_lines
    where job_key = p_job_key and line > start and line <= start + p_limit;
  else
    select count(*) into found_lines from public.log_lines
      where job_key = p_job_key and strpos(lower(text), lower(p_query)) > 0;
    start := case when p_tail then greatest(0, found_lines - p_limit) else p_offset end;
    select coalesce(jsonb_agg(jsonb_build_object('line', l.line, 'stream', l.stream,
      'text', l.text, 'ts', signalbox.iso(l.ts)) order by l.line), '[]') into result
    from (select * from public.log_lines
      where job_key = p_job_key and strpos(lower(text), lower(p_query)) > 0
      order by line limit p_limit offset start) l;
  end if;
  return jsonb_build_object('logs', result, 'total_lines', found_lines, 'offset', start,
    'limit', p_limit);
end $$;
comment on function public.read_logs is
  'A page of log lines, or of the lines that contain a text (ignoring case): {logs, total_lines,
   offset, limit}.';

create function public.read_activity(
  p_job_key bigint, p_streams text[], p_after bigint, p_before bigint, p_limit integer)
  returns jsonb language sql stable as $$
  select jsonb_build_object(
    'total', (select count(*) from public.job_stream where job_key = p_job_key
      and stream in ('status', 'event', 'timeline', 'command') and stream = any (p_streams)),
    'rows', coalesce((
      select jsonb_agg(jsonb_build_object('seq', r.seq, 'stream', r.stream, 'payload', r.payload,
        'created_at', signalbox.iso(r.created_at)) order by r.seq)
      from (
        select * from public.job_stream
        where job_key = p_job_key and stream in ('status', 'event', 'timeline', 'command')
          and stream = any (p_streams) and seq > p_after and (p_before is null or seq < p_before)
        order by
          case when p_before is null then seq end asc,
          case when p_before is not null then seq end desc
        limit p_limit
      ) r), '[]')) $$;
comment on function public.read_activity is
  'Status changes, events, phases and commands in ascending order: those after p_after, or the
   newest ones before p_before: {total, rows}.';

create function public.read_errors(p_job_key bigint, p_limit integer, p_offset integer) returns jsonb
  language sql stable as $$
  select jsonb_build_object(
    'count', (select count(*) from public.job_stream where job_key = p_job_key
      and stream = 'event' and payload ->> 'level' = 'error'),
    'reason', (select error from public.jobs where key = p_job_key),
    'errors', coalesce((select jsonb_agg(r.payload || jsonb_build_object('seq', r.seq) order by r.seq desc)
      from (select seq, payload from public.job_stream where job_key = p_job_key
        and stream = 'event' and payload ->> 'level' = 'error'
        order by seq desc limit p_limit offset p_offset) r), '[]'),
    'stderr', (select string_agg(l.text, E'\n' order by l.line) from (
      select line, text from public.log_lines
      where job_key = p_job_key and stream = 'stderr' order by line desc limit 200) l)) $$;
comment on function public.read_errors is
  'Error events, newest first, the reason of a failure, and the last 200 lines of stderr: {count,
   reason, errors, stderr}.';
