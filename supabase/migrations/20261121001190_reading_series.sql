-- Series are found with `.` or `/` between the parts of their names, the newest points are read without
-- a cursor, and the timeline has state changes and phases alone unless more is asked for.

create function signalbox.matching_series(p_job_key bigint, p_names text[]) returns text[]
  language plpgsql stable as $$
declare
  exact text[];
  other text[];
begin
  if p_names is null then return null; end if;
  exact := array(
    select name from public.metric_series where job_key = p_job_key and name = any (p_names));
  other := array(
    select translate(n, '.', '/') from unnest(p_names) n where n ~ '[./]' and n <> all (exact));
  if cardinality(other) = 0 then return exact; end if;
  return array(
    select name from public.metric_series
    where job_key = p_job_key and (name = any (exact) or translate(name, '.', '/') = any (other)));
end $$;
comment on function signalbox.matching_series is
  'The names of the job''s series that p_names mean, each once: the series of exactly that name, else
   those whose name differs only in `.` and `/`. Null for null.';

create or replace function public.read_series(
  p_job_key bigint, p_names text[], p_from bigint, p_to bigint, p_buckets integer,
  p_x text)
  returns json language sql stable as $$
  with names as materialized (select signalbox.matching_series(p_job_key, p_names) as list)
  select json_build_object(
    'last_seq', coalesce((select last_seq from public.jobs where key = p_job_key), 0),
    'series', coalesce(json_agg(json_build_object('name', s.name, 'unit', s.unit,
      'columns', signalbox.read_one_series(s, p_from, p_to, p_buckets, p_x)) order by s.name), '[]'))
  from public.metric_series s
  where s.job_key = p_job_key
    and (p_names is null or s.name = any ((select list from names)::text[])) $$;

drop function public.read_metric_batches(bigint, bigint, integer, integer);
create function public.read_metric_batches(
  p_job_key bigint, p_after bigint, p_limit integer, p_max_bytes integer, p_names text[])
  returns jsonb language plpgsql stable as $$
declare
  names text[] := signalbox.matching_series(p_job_key, p_names);
begin
  return (
    with candidates as (
      select s.seq, s.payload, s.created_at,
        sum(s.bytes) over (order by s.seq) - s.bytes as bytes_before
      from (select * from public.job_stream
        where job_key = p_job_key and stream = 'metrics' and seq > p_after
        order by seq limit p_limit) s
    )
    select jsonb_build_object(
      'total', (select coalesce(sum(count), 0) from public.metric_series
        where job_key = p_job_key and (names is null or name = any (names))),
      'batches', coalesce(jsonb_agg(jsonb_build_object('seq', seq,
        'series', case when names is null then payload else (
          select coalesce(jsonb_object_agg(k, v), '{}') from jsonb_each(payload) e (k, v)
          where k = any (names)) end,
        'created_at', signalbox.iso(created_at)) order by seq), '[]'))
    from candidates where bytes_before < p_max_bytes);
end $$;
comment on function public.read_metric_batches is
  'Metric batches in the order of arrival, after a seq: {total: number of points, batches:[{seq,
   series, created_at}]}. With p_names, batches have the points of these series alone, maybe none.';

drop function public.read_points_after_step(bigint, bigint, integer);
create function public.read_points_after_step(
  p_job_key bigint, p_after_step bigint, p_limit integer, p_names text[])
  returns jsonb language plpgsql stable as $$
declare
  names text[] := signalbox.matching_series(p_job_key, p_names);
begin
  return (
    with page as (
      select s.name, p.*
      from public.metric_series s
      cross join lateral (
        select * from public.metric_points
        where series_id = s.id and step > p_after_step
        order by step, seq, ord limit p_limit) p
      where s.job_key = p_job_key and (names is null or s.name = any (names))
      order by p.step, p.seq, p.ord, s.id limit p_limit
    ), rest as (
      -- The rest of the last step, as the next page begins after it.
      select s.name, p.* from public.metric_series s
      join public.metric_points p on p.series_id = s.id
      where s.job_key = p_job_key and (names is null or s.name = any (names))
        and (select count(*) from page) = p_limit
        and p.step = (select max(step) from page)
        and (p.series_id, p.seq, p.ord) not in (select series_id, seq, ord from page
          where step = (select max(step) from page))
      order by p.seq, p.ord, s.id limit 10000
    )
    select jsonb_build_object(
      'total', (select coalesce(sum(count), 0) from public.metric_series
        where job_key = p_job_key and (names is null or name = any (names))),
      'points', coalesce(jsonb_agg(jsonb_build_object('name', name,
        'value', signalbox.wire_number(value), 'step', step, 'epoch', epoch, 'phase', phase,
        'data', '{}'::jsonb, 'created_at', signalbox.iso(ts)) order by step, seq, ord, series_id), '[]'))
    from (select * from page union all select * from rest) points);
end $$;
comment on function public.read_points_after_step is
  'Points of all series (or of p_names) after a step, by step: {total, points}, in the streaming SDKs''
   shape. The last step is complete (up to 10,000 points above p_limit). Points that arrive late are
   missed; use read_metric_batches to get all.';

create function public.read_latest_points(p_job_key bigint, p_limit integer, p_names text[])
  returns jsonb language plpgsql stable as $$
declare
  names text[] := signalbox.matching_series(p_job_key, p_names);
  points jsonb;
begin
  if names is null then
    -- By arrival: series may count their steps differently. 2 MiB hold the largest page of points.
    with near as (
      select s.seq, s.payload, sum(s.bytes) over (order by s.seq desc) - s.bytes as bytes_before
      from (select seq, payload, bytes from public.job_stream
        where job_key = p_job_key and stream = 'metrics' order by seq desc limit p_limit) s
    ), counted as materialized (
      select seq, payload, coalesce(sum(n) over (order by seq desc) - n, 0) as points_before
      from near, lateral (
        select coalesce(sum(jsonb_array_length(v)), 0) as n from jsonb_each(payload) e (k, v)) c
      where bytes_before < 2 * 1024 * 1024
    ), latest as (
      -- A batch that is cut keeps the last points of each of its series.
      select c.seq, e.name, t.p, t.ord,
        row_number() over (partition by c.seq, e.name order by t.ord desc) as from_end
      from counted c, jsonb_each(c.payload) e (name, list),
        jsonb_array_elements(e.list) with ordinality t (p, ord)
      where c.points_before < p_limit
      order by c.seq desc, from_end, e.name limit p_limit
    )
    select jsonb_agg(jsonb_build_object('name', name, 'value', p -> 1, 'step', p -> 0,
      'epoch', p -> 3, 'phase', p -> 4, 'data', '{}'::jsonb, 'seq', seq,
      'created_at', signalbox.iso(to_timestamp((p ->> 2)::double precision / 1000)))
      order by (p ->> 0)::bigint, seq, ord, name)
    into points from latest;
  end if;
  -- Retention removes old batches, but keeps the points that show a series' curve.
  if points is null then
    select jsonb_agg(jsonb_build_object('name', name, 'value', signalbox.wire_number(value),
      'step', step, 'epoch', epoch, 'phase', phase, 'data', '{}'::jsonb, 'seq', seq,
      'created_at', signalbox.iso(ts)) order by step, seq, ord, name)
    into points
    from (
      select s.name, p.* from public.metric_series s
      cross join lateral (
        select * from public.metric_points where series_id = s.id
        order by step desc, seq desc, ord desc limit p_limit) p
      where s.job_key = p_job_key and (names is null or s.name = any (names))
      order by p.step desc, p.seq desc, p.ord desc limit p_limit
    ) latest;
  end if;
  return jsonb_build_object(
    'total', (select coalesce(sum(count), 0) from public.metric_series
      where job_key = p_job_key and (names is null or name = any (names))),
    'next_seq', (select last_seq from public.jobs where key = p_job_key),
    'points', coalesce(points, '[]'));
end $$;
comment on function public.read_latest_points is
  'The newest points, ascending by step, then seq: {total, next_seq, points}, in the streaming SDKs''
   shape. Newest is by arrival, or of p_names, by step. Rows after next_seq are not among them.';

drop function public.read_activity(bigint, text[], bigint, bigint, integer);
create function public.read_activity(
  p_job_key bigint, p_streams text[], p_reports boolean, p_after bigint, p_before bigint,
  p_limit integer)
  returns jsonb language sql stable as $$
  with repeated as materialized (
    -- A report of a status stores the change, what follows from it (the end of pending commands) and a
    -- phase of the same name.
    select p.seq from public.job_stream s
    join public.job_stream p on p.job_key = s.job_key and p.seq > s.seq and p.seq <= s.seq + 100
    where not p_reports and s.job_key = p_job_key and s.stream = 'status'
      and p.stream = 'timeline' and p.payload ->> 'phase' = s.payload ->> 'to'
      and p.created_at < s.created_at + interval '1 second'
  ), activity as not materialized (
    select * from public.job_stream
    where job_key = p_job_key and stream in ('status', 'event', 'timeline', 'command')
      and stream = any (p_streams) and seq not in (select seq from repeated)
  )
  select jsonb_build_object(
    'total', (select count(*) from activity),
    'rows', coalesce((
      select jsonb_agg(jsonb_build_object('seq', r.seq, 'stream', r.stream, 'payload', r.payload,
        'created_at', signalbox.iso(r.created_at)) order by r.seq)
      from (
        select * from activity
        where (p_after is null or seq > p_after) and (p_before is null or seq < p_before)
        order by
          case when p_after is not null and p_before is null then seq end asc,
          case when p_after is null or p_before is not null then seq end desc
        limit p_limit
      ) r), '[]')) $$;
comment on function public.read_activity is
  'Status changes, events, phases and commands in ascending order: those after p_after, or the newest
   ones before p_before, or without both the newest: {total, rows}. Without p_reports, a phase that
   only repeats the status change stored with it is left out.';

-- As in 018: only the service role may execute functions.
revoke execute on all functions in schema public, signalbox from public, anon, authenticated;
grant execute on all functions in schema public, signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
