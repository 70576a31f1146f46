-- Which training backend has a job, so that several may serve one database.

alter table public.jobs add column backend text;
comment on column public.jobs.backend is
  'The training backend that the job was given to, by the id that it says; null for jobs that were
   given to none, and for those of earlier releases.';

create function public.job_backend(p_user_id uuid, p_job_id text, p_backend text default null)
  returns jsonb language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare given text;
begin
  if p_backend is null then
    select backend into given from public.jobs where user_id = p_user_id and id = p_job_id;
  else
    update public.jobs set backend = coalesce(backend, p_backend)
      where user_id = p_user_id and id = p_job_id returning backend into given;
  end if;
  if not found then return signalbox.problem('not_found', 'Job not found.'); end if;
  return jsonb_build_object('backend', given);
end $$;
comment on function public.job_backend is
  'The backend that has a job: {backend}, null for none, or {error}. With p_backend, a job that has
   none is given to that one for good, whichever of several calls comes first.';

revoke execute on function public.job_backend(uuid, text, text) from public, anon, authenticated;
grant execute on function public.job_backend(uuid, text, text) to service_role;
