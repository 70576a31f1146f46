-- What hosted Supabase has and a bare PostgreSQL has not. Runs at every start, before the
-- migrations, so every statement must be repeatable. lite puts its tables and functions into `auth`.

do $$
begin
  if to_regrole('anon') is null then create role anon nologin noinherit; end if;
  if to_regrole('authenticated') is null then create role authenticated nologin noinherit; end if;
  if to_regrole('service_role') is null then
    create role service_role nologin noinherit bypassrls;
  end if;
end
$$;

grant usage on schema public to anon, authenticated, service_role;
-- Databases of earlier releases have default grants, which hosted Supabase no longer makes.
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;

create schema if not exists extensions;
grant usage on schema extensions to anon, authenticated, service_role;

create schema if not exists auth;
grant usage on schema auth to anon, authenticated, service_role;

create schema if not exists realtime;
grant usage on schema realtime to anon, authenticated, service_role;

-- Here so that policies can name it, as on hosted Supabase. Nothing is stored in it.
create table if not exists realtime.messages (
  id uuid not null default gen_random_uuid() primary key,
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  inserted_at timestamp not null default now(),
  updated_at timestamp not null default now()
);
alter table realtime.messages enable row level security;
grant select, insert on realtime.messages to anon, authenticated, service_role;

-- The topic whose join is being authorised, for policies on realtime.messages.
create or replace function realtime.topic() returns text
language sql stable
as $$ select nullif(current_setting('realtime.topic', true), '') $$;

-- Sends a broadcast to the subscribers of a topic once the calling transaction has committed.
-- payload: a JSON object; gets an `id` if it has none. event, topic: names. private: whether only
-- private channels hear it. Raises nothing: what can't be sent is a warning, as on hosted Supabase.
create or replace function realtime.send(
  payload jsonb, event text, topic text, private boolean default true
) returns void
language plpgsql
as $$
declare
  message text;
begin
  message := jsonb_build_object(
    'topic', topic, 'event', event, 'private', private,
    'payload', case when payload ? 'id' then payload
      else payload || jsonb_build_object('id', gen_random_uuid()) end
  )::text;
  if octet_length(message) > 7999 then
    raise warning 'ErrorSendingBroadcastMessage: % bytes on topic %, at most 7999 can be sent',
      octet_length(message), topic;
    return;
  end if;
  perform pg_notify('realtime', message);
exception when others then
  raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
end
$$;
