-- Who administers a service is listed by e-mail address; an API key only tells a user's id.

/* A user's e-mail address as Supabase Auth has it; null where there is no such user. */
create function public.user_email(p_user_id uuid) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select lower(email::text) from auth.users where id = p_user_id
$$;

revoke execute on function public.user_email(uuid) from public, anon, authenticated;
grant execute on function public.user_email(uuid) to service_role;
