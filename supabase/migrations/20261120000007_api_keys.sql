-- API keys: only a keyed hash is stored; a lookup is one index probe.

create function signalbox.api_key_json(k public.api_keys) returns jsonb
  language sql stable as $$
  select jsonb_build_object('id', k.id, 'name', k.name, 'prefix', k.prefix,
    'scopes', to_jsonb(k.scopes), 'created_at', signalbox.iso(k.created_at),
    'expires_at', signalbox.iso(k.expires_at), 'last_used_at', signalbox.iso(k.last_used_at),
    'revoked_at', signalbox.iso(k.revoked_at)) $$;

create function public.create_api_key(
  p_user_id uuid, p_name text, p_prefix text, p_key_hash text, p_scopes text[],
  p_expires_at timestamptz)
  returns jsonb language plpgsql as $$
declare k public.api_keys;
begin
  insert into public.api_keys (user_id, name, prefix, key_hash, scopes, expires_at)
  values (p_user_id, p_name, p_prefix, p_key_hash, p_scopes, p_expires_at) returning * into k;
  return signalbox.api_key_json(k);
end $$;

create function public.list_api_keys(p_user_id uuid, p_limit integer, p_offset integer)
  returns jsonb language sql stable as $$
  select jsonb_build_object(
    'total', (select count(*) from public.api_keys where user_id = p_user_id),
    'keys', coalesce((select jsonb_agg(signalbox.api_key_json(k) order by k.created_at desc, k.id)
      from (select * from public.api_keys where user_id = p_user_id
        order by created_at desc, id limit p_limit offset p_offset) k), '[]')) $$;

create function public.revoke_api_key(p_user_id uuid, p_id uuid) returns jsonb
  language plpgsql as $$
declare k public.api_keys;
begin
  update public.api_keys set revoked_at = coalesce(revoked_at, clock_timestamp())
    where user_id = p_user_id and id = p_id returning * into k;
  if not found then return signalbox.problem('not_found', 'API key not found.'); end if;
  perform realtime.send(jsonb_build_object('api_key', k.id), 'revoked', 'user:' || p_user_id, true);
  return signalbox.api_key_json(k);
end $$;
comment on function public.revoke_api_key is
  'Revokes a key at once and rings the owner''s open streams, which check their credential again.';

create function public.authenticate_api_key(p_key_hash text) returns jsonb
  language plpgsql as $$
declare k public.api_keys;
begin
  select * into k from public.api_keys
    where key_hash = p_key_hash and revoked_at is null
      and (expires_at is null or expires_at > clock_timestamp());
  if not found then return null; end if;
  -- One write a minute at most: a busy trainer must not turn every request into an update.
  if k.last_used_at is null or k.last_used_at < clock_timestamp() - interval '1 minute' then
    update public.api_keys set last_used_at = clock_timestamp() where id = k.id;
  end if;
  return jsonb_build_object('id', k.id, 'user_id', k.user_id, 'name', k.name,
    'scopes', to_jsonb(k.scopes));
end $$;
comment on function public.authenticate_api_key is
  'The valid key of this hash {id, user_id, name, scopes} with its last use noted, or null.';

create function public.job_token_valid(p_token_hash text) returns boolean
  language sql stable as $$
  select exists (select from public.attempts
    where token_hash = p_token_hash and revoked_at is null) $$;
comment on function public.job_token_valid is 'Whether this hash is that of a job''s current token.';

-- Everything above is for the service role alone.
revoke execute on all functions in schema public from public, anon, authenticated;
revoke execute on all functions in schema signalbox from public;
grant execute on all functions in schema public to service_role;
grant execute on all functions in schema signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
