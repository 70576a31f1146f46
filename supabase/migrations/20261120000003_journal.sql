-- The journal: every row of every stream of a job, and the batches that were ingested.

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
comment on column public.job_stream.seq is
  '1, 2, 3 … per job without gaps, assigned from jobs.last_seq under the lock of the job''s row.';
comment on column public.job_stream.bytes is 'The approximate size of the payload that viewers receive.';
create index job_stream_activity on public.job_stream (job_key, seq)
  where stream in ('status', 'event', 'timeline', 'command');
create index job_stream_metrics on public.job_stream (job_key, seq) where stream = 'metrics';
create index job_stream_errors on public.job_stream (job_key, seq)
  where stream = 'event' and payload ->> 'level' = 'error';

alter table public.job_stream enable row level security;
create policy "own stream" on public.job_stream for select to authenticated
  using (signalbox.owns_job(job_key));
revoke all on public.job_stream from anon, authenticated;
grant all on public.job_stream to service_role;
grant select on public.job_stream to authenticated;

create table public.ingest_batches (
  job_key bigint not null references public.jobs (key) on delete cascade,
  batch_id text not null,
  body_hash text not null,
  reply jsonb,
  created_at timestamptz not null default clock_timestamp(),
  primary key (job_key, batch_id)
);
comment on table public.ingest_batches is
  'The reply to each ingested batch, so that a repeated batch gets the same reply.';

alter table public.ingest_batches enable row level security;
revoke all on public.ingest_batches from anon, authenticated;
grant all on public.ingest_batches to service_role;

create function signalbox.append(p_key bigint, p_seq bigint, p_stream text, p_payload jsonb)
  returns void language sql
  as $$ insert into public.job_stream (job_key, seq, stream, payload, bytes)
        values (p_key, p_seq, p_stream, p_payload, pg_column_size(p_payload)) $$;
comment on function signalbox.append is 'Appends a row to a job''s journal.';

create function signalbox.notify_change(p_job public.jobs, p_removed boolean default false) returns void
  language plpgsql as $$
begin
  perform realtime.send(
    jsonb_build_object('last_seq', p_job.last_seq), 'change', 'job:' || p_job.key, true);
  perform realtime.send(
    jsonb_build_object('key', p_job.key, 'id', p_job.id, 'last_seq', p_job.last_seq)
      || case when p_removed then '{"removed":true}'::jsonb else '{}' end,
    'change', 'user:' || p_job.user_id, true);
end $$;
comment on function signalbox.notify_change is
  'Notifies the subscribers of the job and of its owner when the transaction commits. They then
   read the new rows.';
