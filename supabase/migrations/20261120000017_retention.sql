-- Applying retention: downsampling old points and deleting old runs, in batches that block nobody for
-- long.

create function signalbox.set_archived_at() returns trigger language plpgsql as $$
begin
  new.archived_at := case when new.archived then clock_timestamp() end;
  return new;
end $$;
create trigger set_archived_at before update of archived on public.jobs
  for each row when (old.archived <> new.archived) execute function signalbox.set_archived_at();
comment on function signalbox.set_archived_at is 'Records when a job was archived, for retention.';

create function signalbox.downsample_points(s public.metric_series, p_steps bigint) returns bigint
  language plpgsql as $$
declare
  lo bigint := greatest(coalesce(s.downsampled_to, s.step_first), s.step_first);
  hi bigint;
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
  if hi >= s.step_last then
    update public.metric_series set downsampled_to = null, downsampled_count = count where id = s.id;
  else
    update public.metric_series set downsampled_to = hi + 1 where id = s.id;
  end if;
  return hi;
end $$;
comment on function signalbox.downsample_points is
  'Keeps the first, last, lowest and highest point and one NaN of every 16 steps, for the next
   p_steps or so points of a series. Rollups stay complete, so charts at 16 steps per bucket or
   more do not change.';

create function public.apply_retention(p_points integer) returns jsonb language plpgsql as $$
declare
  removed integer;
  s public.metric_series;
  j public.jobs;
  upto bigint;
begin
  update public.jobs set remove_at = clock_timestamp() where key in (
    select j2.key from public.jobs j2 join public.retention_settings r using (user_id)
    where j2.archived and j2.remove_at is null
      and j2.archived_at < clock_timestamp() - make_interval(days => r.archived_days)
      and (j2.status in ('succeeded', 'failed', 'cancelled')
        or j2.status = 'paused' and not j2.attempt_active)
    order by j2.archived_at limit 100);
  get diagnostics removed = row_count;

  select x.* into s from public.metric_series x
    join public.jobs o on o.key = x.job_key join public.retention_settings r using (user_id)
    where x.downsampled_count is distinct from x.count
      and o.status in ('succeeded', 'failed', 'cancelled')
      and o.finished_at < clock_timestamp() - make_interval(days => r.points_days)
    order by x.downsampled_to is null, x.id limit 1 for update of x skip locked;
  if found then
    perform signalbox.downsample_points(s, p_points);
    return jsonb_build_object('removed', removed, 'downsampled', s.name, 'more', true);
  end if;

  select o.* into j from public.jobs o join public.retention_settings r using (user_id)
    where coalesce(o.pruned_seq, 0) < o.last_seq
      and o.status in ('succeeded', 'failed', 'cancelled')
      and o.finished_at < clock_timestamp() - make_interval(days => r.points_days)
    order by o.key limit 1 for update of o skip locked;
  if not found then
    return jsonb_build_object('removed', removed, 'downsampled', null, 'more', removed = 100);
  end if;
  select max(seq) into upto from (select seq from public.job_stream
    where job_key = j.key and stream = 'metrics' and seq > coalesce(j.pruned_seq, 0)
    order by seq limit greatest(1, p_points / 100)) rows;
  update public.job_stream set payload = '{}', bytes = 2
    where job_key = j.key and stream = 'metrics'
      and seq > coalesce(j.pruned_seq, 0) and seq <= upto;
  update public.jobs set pruned_seq = coalesce(upto, last_seq) where key = j.key;
  return jsonb_build_object('removed', removed, 'downsampled', j.id, 'more', true);
end $$;
comment on function public.apply_retention is
  'Runs one batch of the retention settings: marks expired archived runs for removal, then
   downsamples about p_points points. Returns {removed, downsampled: a name or null, more}.';

create function public.drop_points(p_points integer) returns jsonb language plpgsql as $$
declare
  dropped bigint;
  removed integer;
begin
  select series_id into dropped from public.dropped_series
    order by series_id limit 1 for update skip locked;
  if not found then return jsonb_build_object('more', false); end if;
  delete from public.metric_points where ctid in (
    select ctid from public.metric_points where series_id = dropped limit p_points);
  get diagnostics removed = row_count;
  if removed < p_points then
    delete from public.metric_rollups where series_id = dropped;
    delete from public.dropped_series where series_id = dropped;
  end if;
  return jsonb_build_object('more', true);
end $$;
comment on function public.drop_points is
  'Deletes about p_points points of deleted series. Returns {more}: whether there may be others.';
