-- The runs page at any number of runs: any config or latest value sorts, filters and groups; what
-- columns there are; several runs edited, or deleted with time to undo; saved views.

alter table public.jobs
  add column remove_at timestamptz,
  add column archived_before boolean;
comment on column public.jobs.remove_at is
  'Deleted, with time to undo until then: archived meanwhile, and in no list.';
create index jobs_removed on public.jobs (remove_at) where remove_at is not null;

create function signalbox.column_sql(p_name text) returns text language sql immutable as $$
  select case p_name
    when 'progress' then 'j.progress'
    when 'step' then 'j.current_step'
    when 'duration' then '(j.active_ms / 1000.0 + case when j.active_since is null then 0
      else extract(epoch from now() - j.active_since) end)'
    when 'attempt' then 'j.attempt'
  end $$;
comment on function signalbox.column_sql is
  'An expression for a number that every run j has, duration in seconds; null for other columns.';

-- The list's query is put together for what it is asked: a function a row takes longer than the row.
create function signalbox.field_sql(p_field jsonb) returns text language plpgsql immutable as $$
declare
  name text := p_field ->> 'name';
begin
  if p_field ->> 'source' = 'config' then
    return format('nullif(%s, ''null'')', case when strpos(name, '.') = 0
      then format('(j.config -> %L)', name)
      else format('coalesce(j.config -> %L, j.config #> %L)', name, string_to_array(name, '.')) end);
  elsif p_field ->> 'source' = 'latest' then
    return format('(select to_jsonb(nullif(s.last_value, ''NaN'')) from public.metric_series s
      where s.job_key = j.key and s.name = %L)', name);
  end if;
  return case name
    when 'created' then 'to_jsonb(extract(epoch from j.created_at))'
    when 'started' then 'to_jsonb(extract(epoch from j.started_at))'
    when 'updated' then 'to_jsonb(extract(epoch from j.updated_at))'
    when 'name' then 'to_jsonb(j.name)'
    when 'status' then 'to_jsonb(j.status)'
    when 'kind' then 'to_jsonb(j.kind)'
    when 'model' then 'to_jsonb(j.model_name)'
    when 'dataset' then 'to_jsonb(coalesce(j.dataset_id, j.dataset_path))'
    else coalesce('to_jsonb(' || signalbox.column_sql(name) || ')', 'null::jsonb') end;
end $$;
comment on function signalbox.field_sql is
  'An expression for what run j has at a field {source, name}: config (a key, or a path with dots),
   latest (a series; NaN is none) or job (a column), as jsonb; null where it has nothing.';

create function signalbox.json_number(p_value jsonb) returns numeric language sql immutable as $$
  select case when jsonb_typeof(p_value) = 'number'
    or p_value in ('"Infinity"', '"-Infinity"') then (p_value #>> '{}')::numeric end $$;

create function signalbox.json_text(p_value jsonb) returns text language sql immutable as $$
  select case when jsonb_typeof(p_value) <> 'number'
    and p_value not in ('"Infinity"', '"-Infinity"') then lower(p_value #>> '{}') end $$;

create function signalbox.condition_sql(p_where jsonb) returns text
  language plpgsql immutable as $$
declare
  value text := signalbox.field_sql(p_where);
  wanted numeric := signalbox.json_number(p_where -> 'value');
  same text := format('lower(%s #>> ''{}'') = lower(%L)', value, p_where ->> 'text');
begin
  if wanted is not null then
    same := format('coalesce(signalbox.json_number(%s) = %L::numeric, %s)', value, wanted, same);
  end if;
  return case p_where ->> 'op'
    when ':' then format('coalesce(%s, false)', same)
    when '!:' then format('not coalesce(%s, false)', same)
    when '<' then format('signalbox.json_number(%s) < %L::numeric', value, wanted)
    when '<=' then format('signalbox.json_number(%s) <= %L::numeric', value, wanted)
    when '>' then format('signalbox.json_number(%s) > %L::numeric', value, wanted)
    when '>=' then format('signalbox.json_number(%s) >= %L::numeric', value, wanted)
    else 'false' end;
end $$;
comment on function signalbox.condition_sql is
  'A condition {source, name, op, value, text} on run j: numbers compare as numbers, all else as
   text, case ignored. A run without the value meets only "is not".';

create function public.list_jobs(p_user_id uuid, p_query jsonb) returns jsonb
  language plpgsql stable as $$
declare
  sort jsonb := case when jsonb_typeof(p_query -> 'sort') = 'object' then p_query -> 'sort'
    else '{"source": "job", "name": "created", "descending": true}' end;
  direction text := case when (sort ->> 'descending')::boolean then 'desc' else 'asc' end;
  grouping jsonb := nullif(p_query -> 'group', 'null');
  group_sql text := case when grouping is null then 'null::jsonb'
    else signalbox.field_sql(grouping) end;
  conditions text := coalesce((select string_agg(' and ' || signalbox.condition_sql(w), '')
    from jsonb_array_elements(nullif(p_query -> 'where', 'null')) w), '');
  means text := case when grouping is null then '' else coalesce((
    select string_agg(format('%L, avg(%s)::float8', f ->> 'field',
      case f ->> 'source' when 'job' then signalbox.column_sql(f ->> 'name')
      else format('nullif(nullif(signalbox.json_number(%s), ''Infinity''), ''-Infinity'')',
        signalbox.field_sql(f)) end), ', ')
    from jsonb_array_elements(nullif(p_query -> 'means', 'null')) f), '') end;
  lists jsonb := (select jsonb_object_agg(key, value) from jsonb_each(p_query)
    where jsonb_typeof(value) = 'array');
  result jsonb;
begin
  execute format($query$
  with asked as (
    select array(select jsonb_array_elements_text($2 -> 'status')) as statuses,
      array(select jsonb_array_elements_text($2 -> 'kind')) as kinds,
      array(select jsonb_array_elements_text($2 -> 'tag')) as tags,
      array(select jsonb_array_elements_text($2 -> 'ids')) as ids,
      array(select jsonb_array_elements_text($2 -> 'collapsed')) as collapsed
  ), matching as materialized (
    select j.key, %1$s as v, %2$s as g
    from public.jobs j cross join asked a
    where j.user_id = $1
      and j.remove_at is null
      and ($3 = 'all' or j.archived = $3::boolean)
      and (a.statuses = '{}' or j.status = any (a.statuses))
      and (a.kinds = '{}' or j.kind = any (a.kinds))
      and j.tags @> a.tags
      and (a.ids = '{}' or j.id = any (a.ids))
      and ($4 is null or j.name ilike $4 or j.id ilike $4 or j.notes ilike $4
        or array_to_string(j.tags, ' ') ilike $4 or j.model_name ilike $4)%3$s
  ), groups as materialized (
    select coalesce(g::text, 'null') as name, g as value, count(*) as count,
      row_number() over (order by signalbox.json_number(g) nulls last,
        signalbox.json_text(g) nulls last) as place
    from matching where $5 group by g
  ), means as materialized (
    select coalesce(m.g::text, 'null') as name, jsonb_build_object(%7$s) as means
    from matching m join public.jobs j on j.key = m.key where $5 and $8 group by m.g
  ), page as (
    select p.key, row_number() over () as place from (
      select m.key from matching m
      %4$s
      order by %5$s signalbox.json_number(m.v) %6$s nulls last, signalbox.json_text(m.v) %6$s nulls last,
        m.key desc
      limit $6 offset $7) p
  )
  select jsonb_build_object(
    'total', (select count(*) from matching),
    'groups', case when $5 then coalesce((
      select jsonb_agg(jsonb_build_object(
          'key', name, 'value', value, 'count', count)
          || case when means is null then '{}' else jsonb_build_object('means', means) end
          order by place)
        from (select * from groups order by place limit 1000) g left join means using (name)),
      '[]') end,
    'jobs', coalesce((select jsonb_agg(jsonb_build_object(
        'key', j.key, 'job', signalbox.job_json(j, true)) order by p.place)
      from page p join public.jobs j on j.key = p.key), '[]'))
  $query$,
    signalbox.field_sql(sort), group_sql, conditions,
    case when grouping is null then '' else
      'join groups gr on gr.name = coalesce(m.g::text, ''null'')
        and not gr.name = any ((select collapsed from asked)::text[])' end,
    case when grouping is null then '' else 'gr.place, ' end,
    direction, means)
  into result
  using p_user_id, coalesce(lists, '{}'), coalesce(p_query ->> 'archived', 'false'),
    '%' || replace(replace(replace(
      p_query ->> 'q', '\', '\\'), '%', '\%'), '_', '\_') || '%',
    grouping is not null,
    coalesce((p_query ->> 'limit')::int, 50), coalesce((p_query ->> 'offset')::int, 0),
    means <> '';
  return result;
end $$;
comment on function public.list_jobs is
  'A page of the user''s jobs: {total, groups, jobs:[{key, job}]}. p_query: limit, offset, status[],
   kind[], tag[] (all must be there), ids[], q (in name, id, tags, model, notes), archived (true,
   false, all), where[] (see condition_sql), sort {source, name, descending}, group {source, name}:
   groups in order, those whose key is in collapsed[] counted but not listed, each with the mean of
   the fields {field, source, name} in means[].';

create function public.run_facets(p_user_id uuid) returns jsonb language sql stable as $$
  with recent as materialized (
    select key, config from public.jobs
    where user_id = p_user_id and remove_at is null order by created_at desc, key desc limit 2000
  ), config_keys as (
    select case when jsonb_typeof(e.value) = 'object' and e.value <> '{}'
      then e.key || '.' || inner_key else e.key end as name
    from recent r cross join lateral jsonb_each(r.config) e
    left join lateral jsonb_object_keys(
      case when jsonb_typeof(e.value) = 'object' then e.value else '{}' end) inner_key on true
  )
  select jsonb_build_object(
    'tags', coalesce((select jsonb_agg(jsonb_build_object('name', t, 'count', n) order by t)
      from (select t, count(*) as n from public.jobs j cross join lateral unnest(j.tags) t
        where j.user_id = p_user_id and j.remove_at is null
        group by t order by n desc limit 500) x), '[]'),
    'config', coalesce((select jsonb_agg(jsonb_build_object('name', name, 'count', n) order by name)
      from (select name, count(*) as n from config_keys
        group by name order by n desc limit 500) x), '[]'),
    'latest', coalesce((select jsonb_agg(jsonb_build_object('name', name, 'count', n) order by name)
      from (select s.name, count(*) as n from public.metric_series s
        where s.job_key in (select key from recent)
        group by s.name order by n desc limit 500) x), '[]')) $$;
comment on function public.run_facets is
  'What can be shown, sorted and filtered by: tags of all runs; config keys (two levels deep, with a
   dot) and series of the newest 2,000. {tags, config, latest: [{name, count}]}.';

create function public.read_series_of_runs(
  p_user_id uuid, p_job_ids text[], p_names text[], p_from bigint, p_to bigint, p_buckets integer,
  p_x text)
  returns json language plpgsql stable as $$
begin
  return coalesce((
    select json_agg(json_build_object('job_id', j.id, 'generation', j.generation,
      'read', public.read_series(j.key, p_names, p_from, p_to, p_buckets, p_x)) order by w.ord)
    from (select id, min(ord) as ord from unnest(p_job_ids) with ordinality x (id, ord)
      group by id) w
    join public.jobs j on j.user_id = p_user_id and j.id = w.id), '[]');
end $$;
comment on function public.read_series_of_runs is
  'read_series for several of the user''s jobs, in the order asked: [{job_id, generation, read}].
   Jobs that are not there (or somebody else''s) are left out.';

create function public.read_tails_of_runs(
  p_user_id uuid, p_job_ids text[], p_after bigint[], p_limit integer, p_max_bytes integer)
  returns jsonb language plpgsql stable as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object('job_id', j.id, 'generation', j.generation,
      'last_seq', j.last_seq,
      'batches', public.read_metric_batches(j.key, w.after, p_limit, p_max_bytes) -> 'batches')
      order by w.ord)
    from unnest(p_job_ids, p_after) with ordinality w (id, after, ord)
    join public.jobs j on j.user_id = p_user_id and j.id = w.id and j.last_seq > w.after), '[]');
end $$;
comment on function public.read_tails_of_runs is
  'What several jobs'' metrics gained after a seq each; jobs without news are left out.';

create function public.bulk_jobs(
  p_user_id uuid, p_ids text[], p_action text, p_tag text, p_actor text, p_undo_seconds integer)
  returns jsonb language plpgsql as $$
declare
  one text;
  j public.jobs;
  reply jsonb;
  done text[] := '{}';
  failed jsonb := '[]';
begin
  -- In one order, so that two such calls never wait for each other.
  for one in select distinct x from unnest(p_ids) x order by x loop
    select * into j from public.jobs where user_id = p_user_id and id = one for update;
    reply := null;
    if not found then
      reply := signalbox.problem('not_found', 'Job not found.');
    elsif p_action = 'archive' and not j.archived then
      reply := public.update_job(p_user_id, one, '{"archived": true}', p_actor);
    elsif p_action = 'restore' and j.archived then
      reply := public.update_job(p_user_id, one, '{"archived": false}', p_actor);
    elsif p_action = 'tag' and not p_tag = any (j.tags) then
      if cardinality(j.tags) >= 50 then
        reply := signalbox.problem('conflict', 'A run can have up to 50 tags.');
      else
        reply := public.update_job(
          p_user_id, one, jsonb_build_object('tags', j.tags || p_tag), p_actor);
      end if;
    elsif p_action = 'untag' and p_tag = any (j.tags) then
      reply := public.update_job(
        p_user_id, one, jsonb_build_object('tags', array_remove(j.tags, p_tag)), p_actor);
    elsif p_action = 'delete' and j.remove_at is null then
      if j.status not in ('succeeded', 'failed', 'cancelled')
        and not (j.status = 'paused' and not j.attempt_active) then
        reply := signalbox.problem('conflict',
          format('A run that is %s cannot be deleted. Stop it first.', j.status));
      else
        reply := public.update_job(p_user_id, one, '{"archived": true}', p_actor);
        update public.jobs set archived_before = j.archived,
          remove_at = clock_timestamp() + make_interval(secs => p_undo_seconds) where key = j.key;
      end if;
    elsif p_action = 'undelete' and j.remove_at is not null then
      update public.jobs set remove_at = null where key = j.key;
      reply := public.update_job(p_user_id, one,
        jsonb_build_object('archived', coalesce(j.archived_before, false)), p_actor);
    end if;
    if reply ? 'error' then
      failed := failed || jsonb_build_array((reply -> 'error') || jsonb_build_object('id', one));
    elsif reply is not null then
      done := done || one;
    end if;
  end loop;
  return jsonb_build_object('done', to_jsonb(done), 'failed', failed);
end $$;
comment on function public.bulk_jobs is
  'One action on several jobs in one transaction: archive, restore, tag, untag, delete (archives at
   once, removes after p_undo_seconds), undelete. {done: ids that changed, failed: [{id, code,
   message}]}; those that were so already are in neither.';

create function public.due_removals() returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('user_id', user_id, 'id', id)), '[]')
  from (select user_id, id from public.jobs
    where remove_at <= clock_timestamp() order by remove_at limit 200) due $$;
comment on function public.due_removals is 'Deleted jobs whose time to undo is over.';

create table public.saved_views (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  page text not null check (page in ('runs', 'compare')),
  name text not null check (length(name) between 1 and 64),
  query text not null check (length(query) <= 8192),
  created_at timestamptz not null default clock_timestamp(),
  unique (user_id, page, name)
);
comment on table public.saved_views is 'A page''s URL query under a name.';
alter table public.saved_views enable row level security;
create policy "own views" on public.saved_views for select to authenticated
  using (user_id = (select auth.uid()));
revoke all on public.saved_views from anon, authenticated;
grant all on public.saved_views to service_role;
grant select on public.saved_views to authenticated;

create function signalbox.view_json(v public.saved_views) returns jsonb language sql stable as $$
  select jsonb_build_object('id', v.id, 'page', v.page, 'name', v.name, 'query', v.query,
    'created_at', signalbox.iso(v.created_at)) $$;

create function public.list_views(p_user_id uuid, p_limit integer, p_offset integer)
  returns jsonb language sql stable as $$
  select jsonb_build_object(
    'total', (select count(*) from public.saved_views where user_id = p_user_id),
    'views', coalesce((select jsonb_agg(signalbox.view_json(v) order by v.page, lower(v.name), v.id)
      from (select * from public.saved_views where user_id = p_user_id
        order by page, lower(name), id limit p_limit offset p_offset) v), '[]')) $$;

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
comment on function public.save_view is 'Saves a view; one of the same page and name is replaced.';

create function public.delete_view(p_user_id uuid, p_id uuid) returns jsonb language plpgsql as $$
begin
  delete from public.saved_views where user_id = p_user_id and id = p_id;
  if not found then return signalbox.problem('not_found', 'View not found.'); end if;
  return jsonb_build_object('success', true);
end $$;

revoke execute on function public.list_jobs, public.run_facets, public.read_series_of_runs,
  public.read_tails_of_runs, public.bulk_jobs, public.due_removals, public.list_views,
  public.save_view, public.delete_view from public, anon, authenticated;
grant execute on function public.list_jobs, public.run_facets, public.read_series_of_runs,
  public.read_tails_of_runs, public.bulk_jobs, public.due_removals, public.list_views,
  public.save_view, public.delete_view to service_role;
revoke execute on all functions in schema signalbox from public;
grant execute on all functions in schema signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
