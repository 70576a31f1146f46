-- What a monitoring system asks of the dashboard: how many runs, how much data, what is going on.

create function public.read_totals(p_user_id uuid) returns jsonb language sql stable as $$
  with mine as materialized (
    select * from public.jobs where user_id = p_user_id and remove_at is null
  )
  select jsonb_build_object(
    'runs', coalesce((select jsonb_object_agg(status, n)
      from (select status, count(*) as n from mine group by status) s), '{}'),
    'points', (select coalesce(sum(s.count), 0) from public.metric_series s
      where s.job_key in (select key from mine)),
    'predictions', (select coalesce(sum(e.count), 0) from public.prediction_epochs e
      where e.job_key in (select key from mine)),
    'log_lines', (select coalesce(sum(line_count), 0) from mine),
    'active', coalesce((select jsonb_agg(jsonb_build_object('id', id, 'name', name,
        'step', current_step, 'progress', progress,
        'silent_seconds', extract(epoch from clock_timestamp() - heartbeat_at)) order by id)
      from (select * from mine where status not in ('succeeded', 'failed', 'cancelled')
        order by updated_at desc limit 1000) a), '[]')) $$;
comment on function public.read_totals is
  'Runs by status, points, predictions and log lines stored, and the active runs (at most 1,000):
   {runs, points, predictions, log_lines, active:[{id, name, step, progress, silent_seconds}]}.';

revoke execute on function public.read_totals from public, anon, authenticated;
grant execute on function public.read_totals to service_role;
