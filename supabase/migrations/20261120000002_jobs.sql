-- Jobs (shown to people as runs), their attempts, and the requests that started them.

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
  archived_at timestamptz,
  archived_before boolean,
  remove_at timestamptz,
  progress double precision,
  phase text,
  current_step bigint,
  total_steps bigint,
  current_epoch double precision,
  total_epochs double precision,
  step_attempt integer,
  error text,
  attempt integer not null default 1,
  attempt_active boolean not null default false,
  parent_job_id text,
  generation text not null,
  last_seq bigint not null default 0,
  pruned_seq bigint,
  line_count bigint not null default 0,
  series_count integer not null default 0,
  sample_count integer not null default 0,
  active_since timestamptz,
  active_ms bigint not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default clock_timestamp(),
  heartbeat_at timestamptz,
  unique (user_id, id)
);
comment on table public.jobs is
  'One row per job. The id is chosen by the user and unique per user; the key is internal.';
comment on column public.jobs.managed is
  'Whether a training backend runs the job; otherwise a script runs it and attached it.';
comment on column public.jobs.params is 'The current values of parameters that commands can change.';
comment on column public.jobs.live_params is 'The parameters that the trainer can change while it runs.';
comment on column public.jobs.archived_before is
  'Whether the job was archived before it was deleted, to be restored by an undo.';
comment on column public.jobs.remove_at is
  'When a deleted job is removed. Until then it can be restored; it is archived and in no list.';
comment on column public.jobs.step_attempt is
  'The attempt that current_step belongs to: a resumed attempt may count from an earlier step.';
comment on column public.jobs.attempt_active is 'Whether the attempt has a living process.';
comment on column public.jobs.generation is
  'The first part of every stream cursor. A job that is created again gets another one.';
comment on column public.jobs.last_seq is 'The seq of the newest journal row, see job_stream.';
comment on column public.jobs.pruned_seq is
  'Retention has emptied the metric rows of the journal up to this seq.';
comment on column public.jobs.active_ms is 'Time spent running before active_since.';
create index jobs_by_user_created on public.jobs (user_id, created_at desc, key desc);
create index jobs_by_live_status on public.jobs (status)
  where status in ('queued', 'starting', 'running', 'pausing', 'stopping', 'lost');
create index jobs_removed on public.jobs (remove_at) where remove_at is not null;

alter table public.jobs enable row level security;
create policy "own jobs" on public.jobs for select to authenticated
  using (user_id = (select auth.uid()));
revoke all on public.jobs from anon, authenticated;
grant all on public.jobs to service_role;
grant select on public.jobs to authenticated;

create function signalbox.owns_job(p_key bigint) returns boolean
  language sql stable security definer set search_path = ''
  as $$ select exists (
    select from public.jobs j where j.key = p_key and j.user_id = (select auth.uid())) $$;
comment on function signalbox.owns_job is 'Whether the signed-in user owns the job with this key.';

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
  'One row per job token. An attempt has one valid token at a time; only its keyed hash is stored.';

alter table public.attempts enable row level security;
create policy "own attempts" on public.attempts for select to authenticated
  using (signalbox.owns_job(job_key));
revoke all on public.attempts from anon, authenticated;
grant all on public.attempts to service_role;
grant select (job_key, number, created_at, ended_at, exit_code) on public.attempts to authenticated;

create table public.start_requests (
  user_id uuid not null references auth.users (id) on delete cascade,
  idempotency_key text not null,
  body_hash text not null,
  job_key bigint not null references public.jobs (key) on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  primary key (user_id, idempotency_key)
);
comment on table public.start_requests is
  'The job that each Idempotency-Key started, so that a repeated request returns the same job.';
create index start_requests_by_job on public.start_requests (job_key);

alter table public.start_requests enable row level security;
revoke all on public.start_requests from anon, authenticated;
grant all on public.start_requests to service_role;
