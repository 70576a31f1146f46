-- Lost runs are found by the database's clock, which people can set. A caller that waits by a
-- monotonic clock says what time the database should have by now; if it has another, nothing is
-- judged.

drop function public.reap_jobs(interval, interval);
create function public.reap_jobs(
  p_lost_after interval, p_fail_after interval, p_expected timestamptz default clock_timestamp())
  returns jsonb language plpgsql set search_path = '' as $$
declare
  at timestamptz := clock_timestamp();
  trusted boolean := abs(extract(epoch from at - p_expected)) < 10;
  j public.jobs;
  changed integer := 0;
begin
  -- The clock was set back: silence counts from now on.
  update public.jobs set heartbeat_at = at
    where status in ('starting', 'running', 'pausing', 'stopping', 'lost')
      and heartbeat_at > at + interval '10 seconds';
  for j in
    select * from public.jobs
    where trusted and status in ('starting', 'running', 'pausing', 'stopping', 'lost')
      and heartbeat_at < at
        - case when status in ('lost', 'starting') then p_fail_after else p_lost_after end
    for update skip locked
  loop
    j := case j.status
      when 'running' then signalbox.set_status(j, 'lost', 'server', 'server',
        'No heartbeat for ' || extract(epoch from p_lost_after)::int || ' s.')
      when 'pausing' then signalbox.set_status(
        signalbox.apply_status_path(j, '{running}', 'server', 'The trainer stopped responding before it paused.'),
        'lost', 'server', 'server', 'No heartbeat.')
      when 'stopping' then signalbox.apply_status_path(j, '{cancelled}', 'server',
        'The trainer stopped responding while stopping.')
      else signalbox.apply_status_path(j, '{failed}', 'server',
        'No heartbeat for ' || extract(epoch from p_fail_after)::int || ' s.')
    end;
    perform signalbox.notify_change(j);
    changed := changed + 1;
  end loop;
  return jsonb_build_object('changed', changed, 'now', signalbox.iso(at));
end $$;
comment on function public.reap_jobs is
  'Handles silent jobs: lost after p_lost_after, failed after p_fail_after; none unless the clock is
   within 10 s of p_expected. Any number of processes may call it at once. Returns {changed, now}.';

revoke execute on all functions in schema public, signalbox from public, anon, authenticated;
grant execute on all functions in schema public, signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
