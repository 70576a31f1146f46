-- Links that sign a browser in once, for the person who started the dashboard.

create table public.sign_in_links (
  token_hash text primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
comment on table public.sign_in_links is
  'Links that were made and not used yet. Only the keyed hash of a link''s token is stored.';
create index sign_in_links_by_user on public.sign_in_links (user_id);

alter table public.sign_in_links enable row level security;
revoke all on public.sign_in_links from anon, authenticated;
grant all on public.sign_in_links to service_role;

create function public.create_sign_in_link(p_user_id uuid, p_token_hash text, p_seconds integer)
  returns jsonb language plpgsql as $$
declare link public.sign_in_links;
begin
  delete from public.sign_in_links where expires_at < clock_timestamp();
  insert into public.sign_in_links (token_hash, user_id, expires_at)
  values (p_token_hash, p_user_id, clock_timestamp() + make_interval(secs => p_seconds))
  returning * into link;
  return jsonb_build_object('expires_at', signalbox.iso(link.expires_at));
end $$;
comment on function public.create_sign_in_link is
  'Stores a link that is valid once, for p_seconds: {expires_at}.';

create function public.use_sign_in_link(p_token_hash text) returns jsonb
  language sql as $$
  delete from public.sign_in_links
    where token_hash = p_token_hash and expires_at >= clock_timestamp()
    returning jsonb_build_object('user_id', user_id) $$;
comment on function public.use_sign_in_link is
  'Uses a link up: {user_id}, or null if there is none, it was used or it has expired.';

revoke execute on all functions in schema public, signalbox from public, anon, authenticated;
grant execute on all functions in schema public, signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
