-- A database whose disk is full only reads. Its pages and keys work on; what is only noted in passing waits.
create or replace function public.authenticate_api_key(p_key_hash text) returns jsonb
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare k public.api_keys;
begin
  select * into k from public.api_keys
    where key_hash = p_key_hash and revoked_at is null
      and (expires_at is null or expires_at > clock_timestamp());
  if not found then return null; end if;
  -- At most one write per minute: a busy trainer must not cause an update per request.
  if current_setting('transaction_read_only') = 'off'
      and (k.last_used_at is null or k.last_used_at < clock_timestamp() - interval '1 minute') then
    update public.api_keys set last_used_at = clock_timestamp() where id = k.id;
  end if;
  return jsonb_build_object('id', k.id, 'user_id', k.user_id, 'name', k.name,
    'scopes', to_jsonb(k.scopes));
end $$;
