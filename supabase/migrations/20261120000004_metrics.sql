-- Metrics: series, their points, and rollups of the points at five resolutions.

create table public.metric_series (
  id bigint generated always as identity primary key,
  job_key bigint not null references public.jobs (key) on delete cascade,
  name text not null check (length(name) between 1 and 256),
  unit text,
  count bigint not null default 0,
  step_first bigint not null,
  step_last bigint not null,
  last_value double precision not null,
  min_value double precision,
  max_value double precision,
  downsampled_to bigint,
  downsampled_count bigint,
  unique (job_key, name)
);
comment on table public.metric_series is 'One row per series of a job, with statistics of its points.';
comment on column public.metric_series.downsampled_to is
  'The step at which downsampling continues; null while it is not in progress.';
comment on column public.metric_series.downsampled_count is
  'The count of points when the series was last downsampled; null if never.';

alter table public.metric_series enable row level security;
create policy "own series" on public.metric_series for select to authenticated
  using (signalbox.owns_job(job_key));
revoke all on public.metric_series from anon, authenticated;
grant all on public.metric_series to service_role;
grant select on public.metric_series to authenticated;

create table public.metric_points (
  series_id bigint not null,
  step bigint not null,
  seq bigint not null,
  ord integer not null,
  value double precision not null,
  epoch double precision,
  phase text,
  ts timestamptz not null,
  primary key (series_id, step, seq, ord)
);
comment on table public.metric_points is
  'Raw points. There is no foreign key to metric_series: checking it for each point would take a
   quarter of the ingest time. ingest_metrics only adds points to series that it has locked, and the
   trigger drop_series_data deletes them with their series.';
comment on column public.metric_points.ord is 'Position within its batch; (seq, ord) is write order.';

alter table public.metric_points enable row level security;
create policy "own points" on public.metric_points for select to authenticated
  using (exists (select from public.metric_series s where s.id = series_id));
revoke all on public.metric_points from anon, authenticated;
grant all on public.metric_points to service_role;
grant select on public.metric_points to authenticated;

create table public.metric_rollups (
  series_id bigint not null,
  level smallint not null,
  bucket bigint not null,
  count bigint not null,
  summed_count bigint not null,
  nan_count bigint not null,
  sum double precision not null,
  min double precision,
  max double precision,
  step_first bigint not null,
  first double precision not null,
  step_last bigint not null,
  last double precision not null,
  primary key (series_id, level, bucket)
) with (fillfactor = 80);
comment on table public.metric_rollups is
  'Buckets of 16^level steps, level 1 to 5: bucket b has the steps from b * 16^level up to the next.';
comment on column public.metric_rollups.summed_count is
  'How many values are in sum. Values beyond ±1e300 are not, as their sum may exceed a double.';

alter table public.metric_rollups enable row level security;
create policy "own rollups" on public.metric_rollups for select to authenticated
  using (exists (select from public.metric_series s where s.id = series_id));
revoke all on public.metric_rollups from anon, authenticated;
grant all on public.metric_rollups to service_role;
grant select on public.metric_rollups to authenticated;

create table public.dropped_series (series_id bigint primary key);
comment on table public.dropped_series is
  'Deleted series whose points still have to be deleted, in batches: deleting ten million at once
   would block other writers for seconds.';

alter table public.dropped_series enable row level security;
revoke all on public.dropped_series from anon, authenticated;
grant all on public.dropped_series to service_role;

create function signalbox.drop_series_data() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if (select sum(count) from deleted) > 50000 then
    insert into public.dropped_series select id from deleted;
    return null;
  end if;
  delete from public.metric_points p using deleted d where p.series_id = d.id;
  delete from public.metric_rollups r using deleted d where r.series_id = d.id;
  return null;
end $$;
create trigger drop_series_data after delete on public.metric_series
  referencing old table as deleted for each statement execute function signalbox.drop_series_data();
comment on function signalbox.drop_series_data is
  'Deletes the points of deleted series: at once if they are few, else later by drop_points.';
