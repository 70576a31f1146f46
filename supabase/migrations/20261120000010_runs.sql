-- The runs page at any number of runs: any config or latest value sorts, filters and groups; what
-- columns there are; several runs edited, or deleted with time to undo; saved views.

alter table public.jobs
  add column remove_at timestamptz,
  add column archived_before boolean;
comment on column public.jobs.remove_at is
  'Deleted, with time to undo until then: archived meanwhile, and in no list.';
create index jobs_removed on public.jobs (remove_at) where remove_at is not null;

create function signalbox.run_value(j public.jobs, p_source text, p_name text) returns jsonb
  language sql stable as $$
  select case p_source
    when 'config' then nullif(
      coalesce(j.config -> p_name, j.config #> string_to_array(p_name, '.')), 'null')
    when 'latest' then (select to_jsonb(nullif(s.last_value, 'NaN'))
      from public.metric_series s where s.job_key = j.key and s.name = p_name)
    else case p_name
      when 'created' then to_jsonb(extract(epoch from j.created_at))
      when 'started' then to_jsonb(extract(epoch from j.started_at))
      when 'updated' then to_jsonb(extract(epoch from j.updated_at))
      when 'name' then to_jsonb(lower(j.name))
      when 'status' then to_jsonb(j.status)
      when 'progress' then to_jsonb(j.progress)
      when 'step' then to_jsonb(j.current_step)
      when 'duration' then to_jsonb(j.active_ms + case when j.active_since is null then 0
        else extract(epoch from clock_timestamp() - j.active_since) * 1000 end)
      when 'kind' then to_jsonb(j.kind)
      when 'model' then to_jsonb(j.model_name)
      when 'dataset' then to_jsonb(coalesce(j.dataset_id, j.dataset_path))
      when 'attempt' then to_jsonb(j.attempt)
    end
  end $$;
comment on function signalbox.run_value is
  'What a run has at a field: config (a key, or a path with dots), latest (a series; NaN is none) or
   job (a column). Null where it has nothing.';

create function signalbox.number_of(p_value jsonb) returns numeric language sql immutable as $$
  select case when jsonb_typeof(p_value) = 'number'
    or p_value in ('"Infinity"', '"-Infinity"') then (p_value #>> '{}')::numeric end $$;

create function signalbox.word_of(p_value jsonb) returns text language sql immutable as $$
  select case when jsonb_typeof(p_value) <> 'number'
    and p_value not in ('"Infinity"', '"-Infinity"') then lower(p_value #>> '{}') end $$;

create function signalbox.run_fits(j public.jobs, p_where jsonb) returns boolean
  language plpgsql stable as $$
declare
  w jsonb;
  v jsonb;
  wanted numeric;
  n numeric;
begin
  for w in select * from jsonb_array_elements(p_where) loop
    v := signalbox.run_value(j, w ->> 'source', w ->> 'name');
    wanted := signalbox.number_of(w -> 'value');
    n := signalbox.number_of(v);
    if not coalesce(case w ->> 'op'
      when '!:' then not coalesce(
        case when wanted is not null and n is not null then n = wanted
        else lower(v #>> '{}') = lower(w ->> 'text') end, false)
      when ':' then case when wanted is not null and n is not null then n = wanted
        else lower(v #>> '{}') = lower(w ->> 'text') end
      when '<' then n < wanted when '<=' then n <= wanted
      when '>' then n > wanted when '>=' then n >= wanted end, false) then
      return false;
    end if;
  end loop;
  return true;
end $$;
comment on function signalbox.run_fits is
  'Whether a run meets all conditions {source, name, op, value, text}; numbers compare as numbers,
   all else as text, case ignored. A run without the value meets only "is not".';

create or replace function public.list_jobs(p_user_id uuid, p_query jsonb) returns jsonb
  language plpgsql stable as $$
declare
  sort jsonb := case when jsonb_typeof(p_query -> 'sort') = 'object' then p_query -> 'sort'
    else '{"source": "job", "name": "created", "falling": true}' end;
  sort_source text := sort ->> 'source';
  sort_name text := sort ->> 'name';
  falling boolean := (sort ->> 'falling')::boolean;
  grouping jsonb := nullif(p_query -> 'group', 'null');
  group_source text := grouping ->> 'source';
  group_name text := grouping ->> 'name';
  collapsed text[] := coalesce((select array_agg(v) from jsonb_array_elements_text(
    nullif(p_query -> 'collapsed', 'null')) v), '{}');
  conditions jsonb := coalesce(nullif(p_query -> 'where', 'null'), '[]');
  statuses text[] := (select array_agg(v) from jsonb_array_elements_text(
    nullif(p_query -> 'status', 'null')) v);
  kinds text[] := (select array_agg(v) from jsonb_array_elements_text(
    nullif(p_query -> 'kind', 'null')) v);
  tag_list text[] := (select array_agg(v) from jsonb_array_elements_text(
    nullif(p_query -> 'tag', 'null')) v);
  id_list text[] := (select array_agg(v) from jsonb_array_elements_text(
    nullif(p_query -> 'ids', 'null')) v);
  needle text := '%' || replace(replace(replace(
    p_query ->> 'q', '\', '\\'), '%', '\%'), '_', '\_') || '%';
  archive text := coalesce(p_query ->> 'archived', 'false');
  result jsonb;
begin
  with matching as materialized (
    select j.key, signalbox.run_value(j, sort_source, sort_name) as v,
      case when group_source is not null
        then signalbox.run_value(j, group_source, group_name) end as g
    from public.jobs j
    where j.user_id = p_user_id
      and j.remove_at is null
      and (archive = 'all' or j.archived = archive::boolean)
      and (statuses is null or j.status = any (statuses))
      and (kinds is null or j.kind = any (kinds))
      and (tag_list is null or j.tags @> tag_list)
      and (id_list is null or j.id = any (id_list))
      and (p_query ->> 'q' is null or j.name ilike needle or j.id ilike needle
        or array_to_string(j.tags, ' ') ilike needle or j.model_name ilike needle
        or j.notes ilike needle)
      and (conditions = '[]' or signalbox.run_fits(j, conditions))
  ), groups as (
    select coalesce(g::text, 'null') as name, g as value, count(*) as count,
      row_number() over (order by signalbox.number_of(g) nulls last,
        signalbox.word_of(g) nulls last) as place
    from matching where group_source is not null group by g
  ), ordered as (
    select m.key, row_number() over (order by gr.place,
      case when falling then signalbox.number_of(m.v) end desc nulls last,
      case when not falling then signalbox.number_of(m.v) end asc nulls last,
      case when falling then signalbox.word_of(m.v) end desc nulls last,
      case when not falling then signalbox.word_of(m.v) end asc nulls last,
      m.key desc) as place
    from matching m left join groups gr on gr.name = coalesce(m.g::text, 'null')
    where group_source is null or not gr.name = any (collapsed)
  ), page as (
    select o.key, o.place from ordered o
    order by o.place
    limit coalesce((p_query ->> 'limit')::int, 50) offset coalesce((p_query ->> 'offset')::int, 0)
  )
  select jsonb_build_object(
    'total', (select count(*) from matching),
    'groups', case when group_source is not null then coalesce((
      select jsonb_agg(jsonb_build_object('key', name, 'value', value, 'count', count)
        order by place) from (select * from groups order by place limit 1000) g), '[]') end,
    'jobs', coalesce((select jsonb_agg(jsonb_build_object(
        'key', j.key, 'job', signalbox.job_json(j, true)) order by p.place)
      from page p join public.jobs j on j.key = p.key), '[]'))
  into result;
  return result;
end $$;
comment on function public.list_jobs is
  'A page of the user''s jobs: {total, groups, jobs:[{key, job}]}. p_query: limit, offset, status[],
   kind[], tag[] (all must be there), ids[], q (in name, id, tags, model, notes), archived (true,
   false, all), where (see run_fits), sort {source, name, falling}, group {source, name}: groups in
   order, those whose key is in collapsed[] counted but not listed.';

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
  p_user_id uuid, p_job_ids text[], p_names text[], p_from bigint, p_to bigint, p_buckets integer)
  returns jsonb language plpgsql stable as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object('job_id', j.id, 'generation', j.generation)
      || public.read_series(j.key, p_names, p_from, p_to, p_buckets) order by w.ord)
    from (select id, min(ord) as ord from unnest(p_job_ids) with ordinality x (id, ord)
      group by id) w
    join public.jobs j on j.user_id = p_user_id and j.id = w.id), '[]');
end $$;
comment on function public.read_series_of_runs is
  'read_series for several of the user''s jobs, in the order asked: [{job_id, generation, last_seq,
   series}]. Jobs that are not there (or somebody else''s) are left out.';

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
      reply := signalbox.problem('not_found', 'There is no such job.');
    elsif p_action = 'archive' and not j.archived then
      reply := public.update_job(p_user_id, one, '{"archived": true}', p_actor);
    elsif p_action = 'restore' and j.archived then
      reply := public.update_job(p_user_id, one, '{"archived": false}', p_actor);
    elsif p_action = 'tag' and not p_tag = any (j.tags) then
      if cardinality(j.tags) >= 50 then
        reply := signalbox.problem('conflict', 'This run has 50 tags already.');
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
          format('A run that is %s cannot be deleted: stop it first.', j.status));
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
    return signalbox.problem('conflict', 'There are 200 saved views already.');
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
  if not found then return signalbox.problem('not_found', 'There is no such view.'); end if;
  return jsonb_build_object('success', true);
end $$;

revoke execute on function public.run_facets, public.read_series_of_runs,
  public.read_tails_of_runs, public.bulk_jobs, public.due_removals, public.list_views,
  public.save_view, public.delete_view from public, anon, authenticated;
grant execute on function public.run_facets, public.read_series_of_runs,
  public.read_tails_of_runs, public.bulk_jobs, public.due_removals, public.list_views,
  public.save_view, public.delete_view to service_role;
revoke execute on all functions in schema signalbox from public;
grant execute on all functions in schema signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
