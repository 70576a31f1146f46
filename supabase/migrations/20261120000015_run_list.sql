-- The runs page: a list that sorts, filters and groups by any config or latest value, the available
-- columns, actions on several runs, and totals for monitoring.

create function signalbox.column_sql(p_name text) returns text language sql immutable as $$
  select case p_name
    when 'progress' then 'j.progress'
    when 'step' then 'j.current_step'
    when 'duration' then '(j.active_ms / 1000.0 + case when j.active_since is null then 0
      else extract(epoch from now() - j.active_since) end)'
    when 'attempt' then 'j.attempt'
  end $$;
comment on function signalbox.column_sql is
  'The SQL expression of a numeric column of run j (duration in seconds), or null for other
   columns.';

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
  'The SQL expression of a field {source, name} of run j as jsonb, null if the run does not have
   it: config (a key, or a path with dots), latest (a series; NaN is null) or job (a column). The
   query of the list is built from such expressions because a function call per row takes longer
   than the row.';

create function signalbox.json_number(p_value jsonb) returns numeric language sql immutable as $$
  select case when jsonb_typeof(p_value) = 'number'
    or p_value in ('"Infinity"', '"-Infinity"') then (p_value #>> '{}')::numeric end $$;
comment on function signalbox.json_number is
  'A JSON value as a number, if it is a number or an infinity.';

create function signalbox.json_text(p_value jsonb) returns text language sql immutable as $$
  select case when jsonb_typeof(p_value) <> 'number'
    and p_value not in ('"Infinity"', '"-Infinity"') then lower(p_value #>> '{}') end $$;
comment on function signalbox.json_text is
  'A JSON value as lower-case text, if it is not a number.';

create function signalbox.condition_sql(p_where jsonb) returns text
  language plpgsql immutable as $$
declare
  value text := signalbox.field_sql(p_where);
  number numeric := signalbox.json_number(p_where -> 'value');
  equal text := format('lower(%s #>> ''{}'') = lower(%L)', value, p_where ->> 'text');
begin
  if number is not null then
    equal := format('coalesce(signalbox.json_number(%s) = %L::numeric, %s)', value, number, equal);
  end if;
  return case p_where ->> 'op'
    when ':' then format('coalesce(%s, false)', equal)
    when '!:' then format('not coalesce(%s, false)', equal)
    when '<' then format('signalbox.json_number(%s) < %L::numeric', value, number)
    when '<=' then format('signalbox.json_number(%s) <= %L::numeric', value, number)
    when '>' then format('signalbox.json_number(%s) > %L::numeric', value, number)
    when '>=' then format('signalbox.json_number(%s) >= %L::numeric', value, number)
    else 'false' end;
end $$;
comment on function signalbox.condition_sql is
  'The SQL of a condition {source, name, op, value, text} on run j. Numbers compare as numbers,
   anything else as text, ignoring case. A run without the value only meets "is not".';

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
  with input as (
    select array(select jsonb_array_elements_text($2 -> 'status')) as statuses,
      array(select jsonb_array_elements_text($2 -> 'kind')) as kinds,
      array(select jsonb_array_elements_text($2 -> 'tag')) as tags,
      array(select jsonb_array_elements_text($2 -> 'ids')) as ids,
      array(select jsonb_array_elements_text($2 -> 'collapsed')) as collapsed
  ), matching as materialized (
    select j.key, %1$s as v, %2$s as g
    from public.jobs j cross join input a
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
        signalbox.json_text(g) nulls last) as rank
    from matching where $5 group by g
  ), means as materialized (
    select coalesce(m.g::text, 'null') as name, jsonb_build_object(%7$s) as means
    from matching m join public.jobs j on j.key = m.key where $5 and $8 group by m.g
  ), page as (
    select p.key, row_number() over () as rank from (
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
          order by rank)
        from (select * from groups order by rank limit 1000) g left join means using (name)),
      '[]') end,
    'jobs', coalesce((select jsonb_agg(jsonb_build_object(
        'key', j.key, 'job', signalbox.job_json(j, true)) order by p.rank)
      from page p join public.jobs j on j.key = p.key), '[]'))
  $query$,
    signalbox.field_sql(sort), group_sql, conditions,
    case when grouping is null then '' else
      'join groups gr on gr.name = coalesce(m.g::text, ''null'')
        and not gr.name = any ((select collapsed from input)::text[])' end,
    case when grouping is null then '' else 'gr.rank, ' end,
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
  'A page of the user''s jobs: {total, groups, jobs:[{key, job}]}. p_query: limit, offset,
   status[], kind[], tag[] (all required), ids[], q (text in name, id, tags, model or notes),
   archived (true, false, all), where[] (see condition_sql), sort {source, name, descending}, group
   {source, name}, collapsed[] (keys of groups to count but not to list), means[] (fields {field,
   source, name} to average per group).';

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
  'Fields to show, sort and filter by: tags of all runs; config keys (two levels deep, with a dot)
   and series of the newest 2,000. {tags, config, latest: [{name, count}]}.';

create function public.bulk_jobs(
  p_user_id uuid, p_ids text[], p_action text, p_tag text, p_actor text, p_undo_seconds integer)
  returns jsonb language plpgsql as $$
declare
  job_id text;
  j public.jobs;
  reply jsonb;
  done text[] := '{}';
  failed jsonb := '[]';
begin
  -- In a fixed order, so that two calls cannot deadlock.
  for job_id in select distinct x from unnest(p_ids) x order by x loop
    select * into j from public.jobs where user_id = p_user_id and id = job_id for update;
    reply := null;
    if not found then
      reply := signalbox.problem('not_found', 'Job not found.');
    elsif p_action = 'archive' and not j.archived then
      reply := public.update_job(p_user_id, job_id, '{"archived": true}', p_actor);
    elsif p_action = 'restore' and j.archived then
      reply := public.update_job(p_user_id, job_id, '{"archived": false}', p_actor);
    elsif p_action = 'tag' and not p_tag = any (j.tags) then
      if cardinality(j.tags) >= 50 then
        reply := signalbox.problem('conflict', 'A run can have up to 50 tags.');
      else
        reply := public.update_job(
          p_user_id, job_id, jsonb_build_object('tags', j.tags || p_tag), p_actor);
      end if;
    elsif p_action = 'untag' and p_tag = any (j.tags) then
      reply := public.update_job(
        p_user_id, job_id, jsonb_build_object('tags', array_remove(j.tags, p_tag)), p_actor);
    elsif p_action = 'delete' and j.remove_at is null then
      if j.status not in ('succeeded', 'failed', 'cancelled')
        and not (j.status = 'paused' and not j.attempt_active) then
        reply := signalbox.problem('conflict',
          format('A run that is %s cannot be deleted. Stop it first.', j.status));
      else
        reply := public.update_job(p_user_id, job_id, '{"archived": true}', p_actor);
        update public.jobs set archived_before = j.archived,
          remove_at = clock_timestamp() + make_interval(secs => p_undo_seconds) where key = j.key;
      end if;
    elsif p_action = 'undelete' and j.remove_at is not null then
      update public.jobs set remove_at = null where key = j.key;
      reply := public.update_job(p_user_id, job_id,
        jsonb_build_object('archived', coalesce(j.archived_before, false)), p_actor);
    end if;
    if reply ? 'error' then
      failed := failed || jsonb_build_array((reply -> 'error') || jsonb_build_object('id', job_id));
    elsif reply is not null then
      done := done || job_id;
    end if;
  end loop;
  return jsonb_build_object('done', to_jsonb(done), 'failed', failed);
end $$;
comment on function public.bulk_jobs is
  'Applies one action to several jobs in one transaction: archive, restore, tag, untag, delete
   (archives at once, removes after p_undo_seconds), undelete. Returns {done: ids of changed jobs,
   failed: [{id, code, message}]}; a job that needed no change is in neither.';

create function public.due_removals() returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('user_id', user_id, 'id', id)), '[]')
  from (select user_id, id from public.jobs
    where remove_at <= clock_timestamp() order by remove_at limit 200) due $$;
comment on function public.due_removals is
  'Deleted jobs whose undo period is over: [{user_id, id}].';

create function public.read_totals(p_user_id uuid) returns jsonb language sql stable as $$
  with mine as materialized (
    select * from public.jobs where user_id = p_user_id and remove_at is null
  )
  select jsonb_build_object(
    'runs', coalesce((select jsonb_object_agg(status, n)
      from (select status, count(*) as n from mine group by status) s), '{}'),
    'points', (select coalesce(sum(s.count), 0) from public.metric_series s
      where s.job_key in (select key from mine)),
    'predictions', (select coalesce(sum(e.count), 0) from public.prediction_epochs e
      where e.job_key in (select key from mine)),
    'log_lines', (select coalesce(sum(line_count), 0) from mine),
    'active', coalesce((select jsonb_agg(jsonb_build_object('id', id, 'name', name,
        'step', current_step, 'progress', progress,
        'silent_seconds', extract(epoch from clock_timestamp() - heartbeat_at)) order by id)
      from (select * from mine where status not in ('succeeded', 'failed', 'cancelled')
        order by updated_at desc limit 1000) a), '[]')) $$;
comment on function public.read_totals is
  'Runs by status, numbers of points, predictions and log lines, and at most 1,000 active runs:
   {runs, points, predictions, log_lines, active:[{id, name, step, progress, silent_seconds}]}.';
