-- Log lines, and the commands that people send to trainers.

create table public.log_lines (
  job_key bigint not null references public.jobs (key) on delete cascade,
  line bigint not null,
  stream text not null check (stream in ('stdout', 'stderr')),
  text text not null,
  ts timestamptz not null,
  primary key (job_key, line)
);
comment on table public.log_lines is 'Log lines of a job, numbered from 1 in the order of arrival.';

alter table public.log_lines enable row level security;
create policy "own logs" on public.log_lines for select to authenticated
  using (signalbox.owns_job(job_key));
revoke all on public.log_lines from anon, authenticated;
grant all on public.log_lines to service_role;
grant select on public.log_lines to authenticated;

create table public.commands (
  job_key bigint not null references public.jobs (key) on delete cascade,
  id text not null,
  ordinal bigint generated always as identity,
  type text not null check (type in ('pause', 'resume', 'stop', 'checkpoint', 'update_params')),
  args jsonb not null default '{}',
  status text not null default 'pending' check (status in (
    'pending', 'delivered', 'applied', 'rejected', 'expired')),
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
comment on table public.commands is 'Commands to trainers, with the trainer''s answer to each.';
comment on column public.commands.starts_attempt is
  'The attempt that this command starts (a resume of a released or failed run), else null.';
create index commands_by_job on public.commands (job_key, ordinal desc);
create index commands_open on public.commands (job_key, ordinal)
  where status in ('pending', 'delivered');

alter table public.commands enable row level security;
create policy "own commands" on public.commands for select to authenticated
  using (signalbox.owns_job(job_key));
revoke all on public.commands from anon, authenticated;
grant all on public.commands to service_role;
grant select on public.commands to authenticated;
