-- Whether a batch would be taken is asked before its texts are compared or a large body is read.

create function public.check_ingest(p_auth jsonb, p_job_id text) returns jsonb
  language sql stable as $$
  select coalesce(problem, '{"success": true}')
  from signalbox.authorize_ingest(p_auth, p_job_id) $$;
comment on function public.check_ingest is
  'Whether a job token or a user may send data to a job: {success} or {error}.';

revoke execute on function public.check_ingest(jsonb, text) from public, anon, authenticated;
grant execute on function public.check_ingest(jsonb, text) to service_role;
