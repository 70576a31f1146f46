-- What belongs to a user: API keys, saved views, retention settings.

create table public.api_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  name text not null check (length(name) between 1 and 64),
  prefix text not null,
  key_hash text not null unique,
  scopes text[] not null check (
    scopes <@ array['read', 'ingest', 'control', 'admin'] and cardinality(scopes) > 0),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
comment on table public.api_keys is 'API keys; only a keyed hash of the secret is stored.';
create index api_keys_by_user on public.api_keys (user_id, created_at desc);

alter table public.api_keys enable row level security;
create policy "own keys" on public.api_keys for select to authenticated
  using (user_id = (select auth.uid()));
revoke all on public.api_keys from anon, authenticated;
grant all on public.api_keys to service_role;
grant select (id, user_id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at)
  on public.api_keys to authenticated;

create table public.saved_views (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  page text not null check (page in ('runs', 'compare')),
  name text not null check (length(name) between 1 and 64),
  query text not null check (length(query) <= 8192),
  created_at timestamptz not null default clock_timestamp(),
  unique (user_id, page, name)
);
comment on table public.saved_views is 'Named views: the URL query of a page under a name.';

alter table public.saved_views enable row level security;
create policy "own views" on public.saved_views for select to authenticated
  using (user_id = (select auth.uid()));
revoke all on public.saved_views from anon, authenticated;
grant all on public.saved_views to service_role;
grant select on public.saved_views to authenticated;

create table public.retention_settings (
  user_id uuid primary key references auth.users (id) on delete cascade,
  archived_days integer check (archived_days between 1 and 3650),
  points_days integer check (points_days between 1 and 3650),
  updated_at timestamptz not null default clock_timestamp()
);
comment on table public.retention_settings is
  'How many days archived runs, and the raw points of finished runs, are kept; null is forever.';

alter table public.retention_settings enable row level security;
create policy "own retention" on public.retention_settings for select to authenticated
  using (user_id = (select auth.uid()));
revoke all on public.retention_settings from anon, authenticated;
grant all on public.retention_settings to service_role;
grant select on public.retention_settings to authenticated;
