-- API keys, saved views, retention settings.

create function signalbox.api_key_json(k public.api_keys) returns jsonb
  language sql stable as $$
  select jsonb_build_object('id', k.id, 'name', k.name, 'prefix', k.prefix,
    'scopes', to_jsonb(k.scopes), 'created_at', signalbox.iso(k.created_at),
    'expires_at', signalbox.iso(k.expires_at), 'last_used_at', signalbox.iso(k.last_used_at),
    'revoked_at', signalbox.iso(k.revoked_at)) $$;
comment on function signalbox.api_key_json is
  'The API key object of the contract, without its hash.';

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
comment on function public.create_api_key is 'Stores an API key by its hash, and returns it.';

create function public.list_api_keys(p_user_id uuid, p_limit integer, p_offset integer)
  returns jsonb language sql stable as $$
  select jsonb_build_object(
    'total', (select count(*) from public.api_keys where user_id = p_user_id),
    'keys', coalesce((select jsonb_agg(signalbox.api_key_json(k) order by k.created_at desc, k.id)
      from (select * from public.api_keys where user_id = p_user_id
        order by created_at desc, id limit p_limit offset p_offset) k), '[]')) $$;
comment on function public.list_api_keys is 'The user''s API keys, newest first: {total, keys}.';

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
  'Revokes a key at once, and notifies the owner''s open streams, which check their credential
   again. Returns the key or {error}.';

create function public.authenticate_api_key(p_key_hash text) returns jsonb
  language plpgsql as $$
declare k public.api_keys;
begin
  select * into k from public.api_keys
    where key_hash = p_key_hash and revoked_at is null
      and (expires_at is null or expires_at > clock_timestamp());
  if not found then return null; end if;
  -- At most one write per minute: a busy trainer must not cause an update per request.
  if k.last_used_at is null or k.last_used_at < clock_timestamp() - interval '1 minute' then
    update public.api_keys set last_used_at = clock_timestamp() where id = k.id;
  end if;
  return jsonb_build_object('id', k.id, 'user_id', k.user_id, 'name', k.name,
    'scopes', to_jsonb(k.scopes));
end $$;
comment on function public.authenticate_api_key is
  'The valid key with this hash {id, user_id, name, scopes}, or null. Records its use.';

create function public.job_token_valid(p_token_hash text) returns boolean
  language sql stable as $$
  select exists (select from public.attempts
    where token_hash = p_token_hash and revoked_at is null) $$;
comment on function public.job_token_valid is 'Whether this is the hash of a job''s current token.';

create function signalbox.view_json(v public.saved_views) returns jsonb language sql stable as $$
  select jsonb_build_object('id', v.id, 'page', v.page, 'name', v.name, 'query', v.query,
    'created_at', signalbox.iso(v.created_at)) $$;
comment on function signalbox.view_json is 'The saved view object of the API.';

create function public.list_views(p_user_id uuid, p_limit integer, p_offset integer)
  returns jsonb language sql stable as $$
  select jsonb_build_object(
    'total', (select count(*) from public.saved_views where user_id = p_user_id),
    'views', coalesce((select jsonb_agg(signalbox.view_json(v) order by v.page, lower(v.name), v.id)
      from (select * from public.saved_views where user_id = p_user_id
        order by page, lower(name), id limit p_limit offset p_offset) v), '[]')) $$;
comment on function public.list_views is
  'The user''s saved views by page and name: {total, views}.';

create function public.save_view(p_user_id uuid, p_page text, p_name text, p_query text)
  returns jsonb language plpgsql as $$
declare v public.saved_views;
begin
  if (select count(*) from public.saved_views
    where user_id = p_user_id and not (page = p_page and name = p_name)) >= 200 then
    return signalbox.problem('conflict', 'You can save up to 200 views.');
  end if;
  insert into public.saved_views (user_id, page, name, query)
    values (p_user_id, p_page, p_name, p_query)
    on conflict (user_id, page, name) do update set query = excluded.query returning * into v;
  return signalbox.view_json(v);
end $$;
comment on function public.save_view is
  'Saves a view, replacing one with the same page and name. Returns the view or {error}.';

create function public.delete_view(p_user_id uuid, p_id uuid) returns jsonb language plpgsql as $$
begin
  delete from public.saved_views where user_id = p_user_id and id = p_id;
  if not found then return signalbox.problem('not_found', 'View not found.'); end if;
  return jsonb_build_object('success', true);
end $$;
comment on function public.delete_view is 'Deletes a saved view. Returns {success} or {error}.';

create function public.read_retention(p_user_id uuid) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'archived_days', r.archived_days, 'points_days', r.points_days,
    'stored', (select jsonb_build_object('runs', count(*),
        'archived', count(*) filter (where j.archived),
        'points', coalesce(sum((select sum(s.count) from public.metric_series s
          where s.job_key = j.key)), 0))
      from public.jobs j where j.user_id = p_user_id and j.remove_at is null))
  from (select) empty left join public.retention_settings r on r.user_id = p_user_id $$;
comment on function public.read_retention is
  'The retention settings {archived_days, points_days} (null: forever), and what is stored: {runs,
   archived, points}.';

create function public.save_retention(
  p_user_id uuid, p_archived_days integer, p_points_days integer)
  returns jsonb language plpgsql as $$
begin
  insert into public.retention_settings (user_id, archived_days, points_days)
    values (p_user_id, p_archived_days, p_points_days)
    on conflict (user_id) do update set archived_days = excluded.archived_days,
      points_days = excluded.points_days, updated_at = clock_timestamp();
  return public.read_retention(p_user_id);
end $$;
comment on function public.save_retention is
  'Saves the retention settings, and returns them like read_retention.';
