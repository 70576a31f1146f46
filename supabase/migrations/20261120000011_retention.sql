-- Retention: each user says how long archived runs, and every single point of finished runs, are
-- kept. The work is done in small portions, so that nobody waits behind it.

create table public.retention_settings (
  user_id uuid primary key references auth.users (id) on delete cascade,
  archived_days integer check (archived_days between 1 and 3650),
  points_days integer check (points_days between 1 and 3650),
  updated_at timestamptz not null default clock_timestamp()
);
comment on table public.retention_settings is
  'Days that archived runs and the single points of finished runs are kept; null is for ever.';
alter table public.retention_settings enable row level security;
create policy "own retention" on public.retention_settings for select to authenticated
  using (user_id = (select auth.uid()));
revoke all on public.retention_settings from anon, authenticated;
grant all on public.retention_settings to service_role;
grant select on public.retention_settings to authenticated;

alter table public.jobs add column archived_at timestamptz, add column pruned_seq bigint;
comment on column public.jobs.pruned_seq is
  'The journal''s metric rows up to here have lost their points to retention.';

create function signalbox.set_archived_at() returns trigger language plpgsql as $$
begin
  new.archived_at := case when new.archived then clock_timestamp() end;
  return new;
end $$;
create trigger set_archived_at before update of archived on public.jobs
  for each row when (old.archived <> new.archived) execute function signalbox.set_archived_at();

create function public.read_retention(p_user_id uuid) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'archived_days', r.archived_days, 'points_days', r.points_days,
    'stored', (select jsonb_build_object('runs', count(*),
        'archived', count(*) filter (where j.archived),
        'points', coalesce(sum((select sum(s.count) from public.metric_series s
          where s.job_key = j.key)), 0))
      from public.jobs j where j.user_id = p_user_id and j.remove_at is null))
  from (select) one left join public.retention_settings r on r.user_id = p_user_id $$;
comment on function public.read_retention is
  '{archived_days, points_days} (null: for ever) and what is stored: {runs, archived, points}.';

create function public.save_retention(
  p_user_id uuid, p_archived_days integer, p_points_days integer)
  returns jsonb language plpgsql as $$
begin
  insert into public.retention_settings (user_id, archived_days, points_days)
    values (p_user_id, p_archived_days, p_points_days)
    on conflict (user_id) do update set archived_days = excluded.archived_days,
      points_days = excluded.points_days, updated_at = clock_timestamp();
  return public.read_retention(p_user_id);
end $$;

create function signalbox.downsample_points(s public.metric_series, p_steps bigint) returns bigint
  language plpgsql as $$
declare
  lo bigint := greatest(coalesce(s.downsampled_to, s.step_first), s.step_first);
  hi bigint;
begin
  -- Sparse series have their next points far away: count points, not steps.
  select max(step) into hi from (select step from public.metric_points
    where series_id = s.id and step >= lo order by step limit p_steps) p;
  hi := coalesce(hi, s.step_last) | 15;
  delete from public.metric_points p using (
    select step, seq, ord,
      row_number() over (b order by step, seq desc, ord desc) as from_first,
      row_number() over (b order by step desc, seq desc, ord desc) as from_last,
      row_number() over (b order by value, step, seq, ord) as from_least,
      row_number() over (b order by (value = 'NaN'), value desc, step, seq, ord) as from_greatest,
      row_number() over (b order by (value = 'NaN') desc, step, seq, ord) as from_nan, value
    from public.metric_points
    where series_id = s.id and step between lo and hi
    window b as (partition by step >> 4)
  ) r
  where p.series_id = s.id and p.step = r.step and p.seq = r.seq and p.ord = r.ord
    and least(r.from_first, r.from_last, r.from_least, r.from_greatest) > 1
    and not (r.value = 'NaN' and r.from_nan = 1);
  if hi >= s.step_last then
    update public.metric_series set downsampled_to = null, downsampled_count = count where id = s.id;
  else
    update public.metric_series set downsampled_to = hi + 1 where id = s.id;
  end if;
  return hi;
end $$;
comment on function signalbox.downsample_points is
  'Leaves of each 16 steps the first, last, least and greatest point and one NaN, for about the next
   p_steps points of a series. What rollups tell stays whole, so no picture above 16 steps changes.';

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
  'One portion of what the settings ask for: marks archived runs whose time is over for removal, then
   thins about p_points points. {removed, thinned: a name or null, more}.';

revoke execute on function public.read_retention, public.save_retention, public.apply_retention
  from public, anon, authenticated;
grant execute on function public.read_retention, public.save_retention, public.apply_retention
  to service_role;
revoke execute on all functions in schema signalbox from public;
grant execute on all functions in schema signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
