-- Tables of Signalbox. What people may read of their own rows is said by RLS; every write goes
-- through the functions of the later migrations, which only the service role may call.

create schema if not exists signalbox;
comment on schema signalbox is 'Internals of Signalbox: nothing here is exposed over HTTP.';

create table public.jobs (
  key bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  id text not null check (id ~ '^[A-Za-z0-9._:-]{1,128}$'),
  name text not null check (length(name) between 1 and 256),
  kind text not null default 'other' check (kind in ('sft', 'rl', 'other')),
  status text not null check (status in (
    'queued', 'starting', 'running', 'pausing', 'paused', 'stopping', 'lost',
    'succeeded', 'failed', 'cancelled')),
  managed boolean not null,
  model_name text,
  dataset_path text,
  dataset_id text,
  config jsonb not null default '{}',
  params jsonb not null default '{}',
  live_params jsonb not null default '{}',
  tags text[] not null default '{}',
  notes text not null default '',
  archived boolean not null default false,
  progress double precision,
  phase text,
  current_step bigint,
  total_steps bigint,
  current_epoch double precision,
  total_epochs double precision,
  -- The attempt that current_step was counted in: a resumed attempt may count from further back.
  step_attempt integer,
  error text,
  attempt integer not null default 1,
  attempt_active boolean not null default false,
  parent_job_id text,
  generation text not null,
  last_seq bigint not null default 0,
  line_count bigint not null default 0,
  series_count integer not null default 0,
  active_since timestamptz,
  active_ms bigint not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default clock_timestamp(),
  heartbeat_at timestamptz,
  unique (user_id, id)
);
comment on table public.jobs is 'One row a job. Ids are the user''s own; key is the database''s.';
create index jobs_by_user_created on public.jobs (user_id, created_at desc, key desc);
create index jobs_by_live_status on public.jobs (status)
  where status in ('queued', 'starting', 'running', 'pausing', 'stopping', 'lost');

create table public.attempts (
  job_key bigint not null references public.jobs (key) on delete cascade,
  number integer not null,
  token_hash text not null unique,
  revoked_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  exit_code bigint,
  primary key (job_key, number, token_hash)
);
comment on table public.attempts is
  'One row for each job token: an attempt has one at a time, only its keyed hash is kept.';

create table public.start_requests (
  user_id uuid not null references auth.users (id) on delete cascade,
  idempotency_key text not null,
  body_hash text not null,
  job_key bigint not null references public.jobs (key) on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  primary key (user_id, idempotency_key)
);
create index start_requests_by_job on public.start_requests (job_key);

create table public.job_stream (
  job_key bigint not null references public.jobs (key) on delete cascade,
  seq bigint not null,
  stream text not null check (stream in (
    'status', 'event', 'metrics', 'timeline', 'logs', 'prediction', 'command')),
  payload jsonb not null,
  bytes integer not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (job_key, seq)
);
comment on table public.job_stream is
  'The journal: every row of every stream of a job in commit order, as live viewers receive it.';
create index job_stream_activity on public.job_stream (job_key, seq)
  where stream in ('status', 'event', 'timeline', 'command');
create index job_stream_metrics on public.job_stream (job_key, seq) where stream = 'metrics';
create index job_stream_errors on public.job_stream (job_key, seq)
  where stream = 'event' and payload ->> 'level' = 'error';

create table public.ingest_batches (
  job_key bigint not null references public.jobs (key) on delete cascade,
  batch_id text not null,
  body_hash text not null,
  reply jsonb,
  created_at timestamptz not null default clock_timestamp(),
  primary key (job_key, batch_id)
);

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
  -- Where thinning of its points goes on (null: not under way), and how many points there were when
  -- it was last done: see the retention migration.
  downsampled_to bigint,
  downsampled_count bigint,
  unique (job_key, name)
);

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
comment on column public.metric_points.ord is 'Position within its batch; seq, ord is write order.';

create table public.metric_rollups (
  series_id bigint not null,
  level smallint not null,
  bucket bigint not null,
  count bigint not null,
  -- How many values `sum` holds: those beyond ±1e300 are left out, whose sum has no double.
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
  'Buckets of 16^level steps, level 1 to 5: bucket b spans steps b * 16^level up to the next.';

-- A foreign key would be checked point by point, which takes a quarter of ingest's time. Only
-- ingest_metrics adds points, to series that it has just locked; here they go with their series.
create table public.dropped_series (series_id bigint primary key);
comment on table public.dropped_series is
  'Series that are gone and whose points are deleted in portions: ten million at once would hold up
   everybody for seconds.';

create function signalbox.drop_series_data() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if (select sum(count) from gone) > 50000 then
    insert into public.dropped_series select id from gone;
    return null;
  end if;
  delete from public.metric_points p using gone where p.series_id = gone.id;
  delete from public.metric_rollups r using gone where r.series_id = gone.id;
  return null;
end $$;
create trigger drop_series_data after delete on public.metric_series
  referencing old table as gone for each statement execute function signalbox.drop_series_data();

create function public.drop_points(p_points integer) returns jsonb language plpgsql as $$
declare
  one bigint;
  removed integer;
begin
  select series_id into one from public.dropped_series
    order by series_id limit 1 for update skip locked;
  if not found then return jsonb_build_object('more', false); end if;
  delete from public.metric_points where ctid in (
    select ctid from public.metric_points where series_id = one limit p_points);
  get diagnostics removed = row_count;
  if removed < p_points then
    delete from public.metric_rollups where series_id = one;
    delete from public.dropped_series where series_id = one;
  end if;
  return jsonb_build_object('more', true);
end $$;
comment on function public.drop_points is
  'Deletes about p_points points of series that are gone: {more} tells whether there may be others.';

create table public.log_lines (
  job_key bigint not null references public.jobs (key) on delete cascade,
  line bigint not null,
  stream text not null check (stream in ('stdout', 'stderr')),
  text text not null,
  ts timestamptz not null,
  primary key (job_key, line)
);

create table public.commands (
  job_key bigint not null references public.jobs (key) on delete cascade,
  id text not null,
  ordinal bigint generated always as identity,
  type text not null check (type in ('pause', 'resume', 'stop', 'checkpoint', 'update_params')),
  args jsonb not null default '{}',
  status text not null default 'pending' check (status in (
    'pending', 'delivered', 'applied', 'rejected', 'expired')),
  -- The attempt this command itself starts (a resume of a released or failed run), else null.
  starts_attempt integer,
  requested_by text,
  requested_at timestamptz not null default clock_timestamp(),
  delivered_at timestamptz,
  applied_at timestamptz,
  applied_step bigint,
  old jsonb,
  new jsonb,
  reason text,
  result jsonb,
  primary key (job_key, id)
);
create index commands_by_job on public.commands (job_key, ordinal desc);
create index commands_open on public.commands (job_key, ordinal)
  where status in ('pending', 'delivered');

create table public.api_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  name text not null check (length(name) between 1 and 64),
  prefix text not null,
  key_hash text not null unique,
  scopes text[] not null check (
    scopes <@ array['read', 'ingest', 'control', 'admin'] and cardinality(scopes) > 0),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_by_user on public.api_keys (user_id, created_at desc);

-- Row-level security: `anon` sees nothing, `authenticated` reads its own rows, nobody but the
-- service role writes. Hashes of tokens and keys are not readable at all.
alter table public.jobs enable row level security;
alter table public.attempts enable row level security;
alter table public.start_requests enable row level security;
alter table public.job_stream enable row level security;
alter table public.ingest_batches enable row level security;
alter table public.metric_series enable row level security;
alter table public.metric_points enable row level security;
alter table public.metric_rollups enable row level security;
alter table public.dropped_series enable row level security;
alter table public.log_lines enable row level security;
alter table public.commands enable row level security;
alter table public.api_keys enable row level security;

create function signalbox.owns_job(p_key bigint) returns boolean
  language sql stable security definer set search_path = ''
  as $$ select exists (
    select from public.jobs j where j.key = p_key and j.user_id = (select auth.uid())) $$;
comment on function signalbox.owns_job is 'Whether the signed-in user owns the job of this key.';

create policy "own jobs" on public.jobs for select to authenticated
  using (user_id = (select auth.uid()));
create policy "own attempts" on public.attempts for select to authenticated
  using (signalbox.owns_job(job_key));
create policy "own stream" on public.job_stream for select to authenticated
  using (signalbox.owns_job(job_key));
create policy "own series" on public.metric_series for select to authenticated
  using (signalbox.owns_job(job_key));
create policy "own points" on public.metric_points for select to authenticated
  using (exists (select from public.metric_series s where s.id = series_id));
create policy "own rollups" on public.metric_rollups for select to authenticated
  using (exists (select from public.metric_series s where s.id = series_id));
create policy "own logs" on public.log_lines for select to authenticated
  using (signalbox.owns_job(job_key));
create policy "own commands" on public.commands for select to authenticated
  using (signalbox.owns_job(job_key));
create policy "own keys" on public.api_keys for select to authenticated
  using (user_id = (select auth.uid()));

revoke all on all tables in schema public from anon, authenticated;
grant all on all tables in schema public to service_role;
grant usage, select on all sequences in schema public to service_role;
grant usage on schema public, signalbox to authenticated, service_role;
grant select on public.jobs, public.job_stream, public.metric_series, public.metric_points,
  public.metric_rollups, public.log_lines, public.commands to authenticated;
grant select (job_key, number, created_at, ended_at, exit_code) on public.attempts to authenticated;
grant select (id, user_id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at)
  on public.api_keys to authenticated;
revoke execute on function public.drop_points from public, anon, authenticated;
grant execute on function public.drop_points to service_role;
