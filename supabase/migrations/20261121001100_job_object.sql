-- The job object: the names that other clients read, and the latest values that matter most first.

create function signalbox.series_rank(p_name text) returns integer language sql immutable as $$
  select case
    when p_name ~* '^(system|gpu|cpu|memory)[/._]' then 3
    when p_name ~* '(loss|reward|exact_match|error_rate|accuracy|perplexity)' then
      case when p_name ~ '^[^/.]*[/.]?[^/.]*$' then 0 else 1 end
    else 2 end $$;
comment on function signalbox.series_rank is
  'How much the latest value of a series says about a run, 0 the most: losses, rewards and rates of
   the whole run, then those of its parts, then other series, then machine figures.';

create or replace function signalbox.job_json(j public.jobs, p_sparkline boolean default false)
  returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', j.id, 'job_id', j.id, 'name', j.name, 'kind', j.kind, 'status', j.status,
    'managed', j.managed, 'model_name', j.model_name, 'dataset_path', j.dataset_path,
    'dataset_id', j.dataset_id, 'config', j.config, 'params', j.params,
    'live_params', j.live_params, 'tags', to_jsonb(j.tags), 'notes', j.notes,
    'archived', j.archived, 'progress', j.progress, 'phase', j.phase,
    'current_step', j.current_step, 'total_steps', j.total_steps,
    'current_epoch', j.current_epoch, 'total_epochs', j.total_epochs,
    'latest', coalesce((select jsonb_object_agg(l.name, signalbox.wire_number(l.last_value))
      from (select name, last_value from public.metric_series
        where job_key = j.key
        order by case when j.series_count > 200 then signalbox.series_rank(name) end, id
        limit 200) l), '{}'),
    'latest_total', j.series_count,
    'error', j.error, 'error_message', j.error, 'attempt', j.attempt)
  || jsonb_build_object(
    'attempt_active', j.attempt_active, 'parent_job_id', j.parent_job_id,
    'generation', j.generation, 'last_seq', j.last_seq,
    'created_at', signalbox.iso(j.created_at), 'started_at', signalbox.iso(j.started_at),
    'finished_at', signalbox.iso(j.finished_at), 'completed_at', signalbox.iso(j.finished_at),
    'updated_at', signalbox.iso(j.updated_at),
    'heartbeat_at', signalbox.iso(j.heartbeat_at),
    'active_seconds', round((j.active_ms + case when j.active_since is null then 0
      else extract(epoch from clock_timestamp() - j.active_since) * 1000 end) / 1000.0, 1))
  || case when p_sparkline then jsonb_build_object('spark', signalbox.sparkline(j),
      'epochs', signalbox.epoch_summary(j.key)) else '{}' end $$;
comment on function signalbox.job_json is
  'The job object of the contract, with sparkline and epoch summary if p_sparkline. latest holds at
   most 200 of latest_total series, by series_rank.';

create or replace function public.read_errors(p_job_key bigint, p_limit integer, p_offset integer)
  returns jsonb language sql stable as $$
  with said as materialized (
    select seq, payload, coalesce(nullif(payload ->> 'message', ''), payload ->> 'type') as message
    from public.job_stream
    where job_key = p_job_key and stream = 'event' and payload ->> 'level' = 'error'
  ), distinct_messages as (
    select max(seq) as seq, count(*) as count from said group by message
  ), page as (
    select d.seq, d.count, s.payload from distinct_messages d join said s using (seq)
    order by d.seq desc limit p_limit offset p_offset
  )
  select jsonb_build_object(
    'count', (select count(*) from said),
    'unique_error_count', (select count(*) from distinct_messages),
    'reason', (select error from public.jobs where key = p_job_key),
    'errors', coalesce((select jsonb_agg(payload || jsonb_build_object(
        'seq', seq, 'count', count) order by seq desc) from page), '[]'),
    'stderr', (select string_agg(l.text, E'\n' order by l.line) from (
      select line, text from public.log_lines
      where job_key = p_job_key and stream = 'stderr' order by line desc limit 200) l)) $$;
comment on function public.read_errors is
  'A page of the distinct messages (without one, types) of error events, each with its newest event and its count, newest
   first; the number of all error events and of distinct messages; the reason of a failure, and the
   last 200 lines of stderr: {count, unique_error_count, reason, errors, stderr}.';

revoke execute on all functions in schema public, signalbox from public, anon, authenticated;
grant execute on all functions in schema public, signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
