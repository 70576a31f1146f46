-- Replies end by their bytes: a page has fewer rows than were asked for once it has 1 MiB, and at least one.

create function signalbox.page_bytes() returns integer language sql immutable as $$ select 1048576 $$;
comment on function signalbox.page_bytes is
  'The size at which a page of a reply ends; a single larger row is a page of its own.';

create or replace function public.read_logs(
  p_job_key bigint, p_offset bigint, p_limit integer, p_query text, p_tail boolean)
  returns jsonb language plpgsql stable
  set search_path = pg_catalog, public, pg_temp as $$
declare
  all_lines bigint := coalesce((select line_count from public.jobs where key = p_job_key), 0);
  found_lines bigint := all_lines;
  -- The nth of the lines that are counted: from the start, or from the end.
  skipped bigint := case when p_tail then 0 else p_offset end;
  l public.log_lines;
  line jsonb;
  bytes bigint := 0;
  page jsonb[] := '{}';
begin
  if p_query is not null then
    select count(*) into found_lines from public.log_lines
      where job_key = p_job_key and strpos(lower(text), lower(p_query)) > 0;
  end if;
  for l in execute format('select * from public.log_lines where job_key = $1 %s order by line %s limit $2 %s',
    case when p_query is not null then 'and strpos(lower(text), lower($4)) > 0'
      when not p_tail then 'and line > $3 and line <= $3 + $2' else '' end,
    case when p_tail then 'desc' else 'asc' end,
    case when p_query is not null and not p_tail then 'offset $3' else '' end)
    using p_job_key, p_limit, skipped, p_query
  loop
    line := jsonb_build_object('line', l.line, 'stream', l.stream, 'text', l.text,
      'ts', signalbox.iso(l.ts));
    bytes := bytes + octet_length(line::text);
    exit when page <> '{}' and bytes > signalbox.page_bytes();
    page := page || line;
  end loop;
  return jsonb_build_object(
    'logs', coalesce((select jsonb_agg(x order by case when p_tail then -ord else ord end)
      from unnest(page) with ordinality u (x, ord)), '[]'),
    'total_lines', found_lines,
    'offset', case when p_tail then found_lines - cardinality(page) else p_offset end,
    'limit', p_limit);
end $$;
comment on function public.read_logs is
  'A page of log lines, or of the lines that contain a text (ignoring case): {logs, total_lines,
   offset, limit}. p_tail: the last ones, whose first is at `offset`. See page_bytes.';

create or replace function public.read_activity(
  p_job_key bigint, p_streams text[], p_reports boolean, p_after bigint, p_before bigint,
  p_limit integer)
  returns jsonb language sql stable as $$
  with repeated as materialized (
    -- A report of a status stores the change, what follows from it (the end of pending commands) and a
    -- phase of the same name.
    select p.seq from public.job_stream s
    join public.job_stream p on p.job_key = s.job_key and p.seq > s.seq and p.seq <= s.seq + 100
    where not p_reports and s.job_key = p_job_key and s.stream = 'status'
      and p.stream = 'timeline' and p.payload ->> 'phase' = s.payload ->> 'to'
      and p.created_at < s.created_at + interval '1 second'
  ), activity as not materialized (
    select * from public.job_stream
    where job_key = p_job_key and stream in ('status', 'event', 'timeline', 'command')
      and stream = any (p_streams) and seq not in (select seq from repeated)
  ), near as (
    select *, case when p_after is not null and p_before is null then seq else -seq end as place
    from activity
    where (p_after is null or seq > p_after) and (p_before is null or seq < p_before)
    order by
      case when p_after is not null and p_before is null then seq end asc,
      case when p_after is null or p_before is not null then seq end desc
    limit p_limit
  ), page as (
    select * from (
      select *, sum(bytes) over (order by place) - bytes as before, row_number() over (order by place) as nth
      from near) sized
    where nth = 1 or before + bytes <= signalbox.page_bytes()
  )
  select jsonb_build_object(
    'total', (select count(*) from activity),
    'rows', coalesce((
      select jsonb_agg(jsonb_build_object('seq', seq, 'stream', stream, 'payload', payload,
        'created_at', signalbox.iso(created_at)) order by seq)
      from page), '[]')) $$;

create or replace function public.read_errors(p_job_key bigint, p_limit integer, p_offset integer)
  returns jsonb language sql stable as $$
  with said as materialized (
    select seq, bytes, coalesce(nullif(payload ->> 'message', ''), payload ->> 'type') as message
    from public.job_stream
    where job_key = p_job_key and stream = 'event' and payload ->> 'level' = 'error'
  ), distinct_messages as (
    select max(seq) as seq, count(*) as count from said group by message
  ), near as (
    select d.seq, d.count, sum(s.bytes) over (order by d.seq desc) as bytes,
      row_number() over (order by d.seq desc) as nth
    from (select * from distinct_messages order by seq desc limit p_limit offset p_offset) d
    join said s using (seq)
  ), page as (
    select n.seq, n.count, s.payload from near n
    join public.job_stream s on s.job_key = p_job_key and s.seq = n.seq
    where n.nth = 1 or n.bytes <= signalbox.page_bytes()
  )
  select jsonb_build_object(
    'count', (select count(*) from said),
    'unique_error_count', (select count(*) from distinct_messages),
    'reason', (select error from public.jobs where key = p_job_key),
    'errors', coalesce((select jsonb_agg(payload || jsonb_build_object(
        'seq', seq, 'count', count) order by seq desc) from page), '[]'),
    'stderr', (select string_agg(l.text, E'\n' order by l.line) from (
      select line, text, sum(octet_length(text)) over (order by line desc) as bytes,
        row_number() over (order by line desc) as nth
      from (select line, text from public.log_lines
        where job_key = p_job_key and stream = 'stderr' order by line desc limit 200) last_lines) l
      where l.nth = 1 or l.bytes <= 65536)) $$;
comment on function public.read_errors is
  'A page of the distinct messages (without one, types) of error events, each with its newest event and its count, newest
   first; the number of all error events and of distinct messages; the reason of a failure, and the
   last 200 lines of stderr, at most 64 KiB: {count, unique_error_count, reason, errors, stderr}.';

drop function public.list_commands(bigint, integer, integer);
create function public.list_commands(
  p_job_key bigint, p_limit integer, p_offset integer, p_max_bytes integer)
  returns jsonb language plpgsql stable
  set search_path = pg_catalog, public, pg_temp as $$
declare
  c public.commands;
  command jsonb;
  bytes bigint := 0;
  page jsonb[] := '{}';
begin
  for c in select * from public.commands where job_key = p_job_key
    order by ordinal desc limit p_limit offset p_offset
  loop
    command := signalbox.command_json(c);
    bytes := bytes + octet_length(command::text);
    exit when page <> '{}' and bytes > p_max_bytes;
    page := page || command;
  end loop;
  return jsonb_build_object(
    'total', (select count(*) from public.commands where job_key = p_job_key),
    'commands', to_jsonb(page));
end $$;
comment on function public.list_commands is
  'Commands of a job, newest first, at most p_max_bytes but at least one: {total, commands}.';

create function signalbox.job_list(p_keys bigint[], p_max_bytes integer) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, public, pg_temp as $$
declare
  k bigint;
  job jsonb;
  bytes bigint := 0;
  page jsonb[] := '{}';
begin
  foreach k in array p_keys loop
    select jsonb_build_object('key', j.key, 'job', signalbox.job_json(j, true)) into job
    from public.jobs j where j.key = k;
    continue when job is null;
    bytes := bytes + octet_length(job::text);
    exit when page <> '{}' and bytes > p_max_bytes;
    page := page || job;
  end loop;
  return to_jsonb(page);
end $$;
comment on function signalbox.job_list is
  'Jobs by key, in this order, [{key, job}]: at most p_max_bytes, but at least one.';

create or replace function public.list_jobs(p_user_id uuid, p_query jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, public, pg_temp as $$
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
        from (
          select * from (select *, sum(octet_length(name)) over (order by rank) as bytes
            from groups where rank <= 1000) sized where bytes <= 262144 or rank = 1
        ) g left join means using (name)),
      '[]') end,
    'page', coalesce((select jsonb_agg(key order by rank) from page), '[]'))
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
  return jsonb_build_object('total', result -> 'total', 'groups', result -> 'groups',
    'jobs', signalbox.job_list(array(select k::bigint from jsonb_array_elements_text(result -> 'page')
      with ordinality x (k, ord) order by ord),
      coalesce((p_query ->> 'max_bytes')::integer, signalbox.page_bytes())));
end $$;
comment on function public.list_jobs is
  'A page of the user''s jobs: {total, groups, jobs:[{key, job}]}. p_query: limit, offset, max_bytes (1 MiB
   by default; a page has at least one job), status[], kind[], tag[] (all required), ids[], q (text in
   name, id, tags, model or notes), archived (true, false, all), where[] (see condition_sql), sort
   {source, name, descending}, group {source, name}, collapsed[] (keys of groups to count but not to
   list), means[] (fields {field, source, name} to average per group). There are at most 1,000 groups
   with values of 256 KiB together.';

create or replace function public.run_facets(p_user_id uuid) returns jsonb language sql stable as $$
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
      from (select name, count(*) as n from config_keys where length(name) <= 256
        group by name order by n desc limit 500) x), '[]'),
    'latest', coalesce((select jsonb_agg(jsonb_build_object('name', name, 'count', n) order by name)
      from (select s.name, count(*) as n from public.metric_series s
        where s.job_key in (select key from recent)
        group by s.name order by n desc limit 500) x), '[]')) $$;
comment on function public.run_facets is
  'Fields to show, sort and filter by: tags of all runs; config keys (two levels deep, with a dot, of at
   most 256 characters) and series of the newest 2,000. {tags, config, latest: [{name, count}]}.';

create function signalbox.prediction_list(
  p_job_key bigint, p_rows jsonb, p_before double precision) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, public, pg_temp as $$
declare
  r jsonb;
  prediction jsonb;
  earlier jsonb;
  bytes bigint := 0;
  page jsonb[] := '{}';
begin
  for r in select x from jsonb_array_elements(p_rows) with ordinality u (x, ord) order by ord loop
    select signalbox.prediction_json(p, s, j) into prediction
    from public.predictions p
    join public.samples s on s.job_key = p_job_key and s.id = p.sample_id
    join public.jobs j on j.key = p_job_key
    where p.job_key = p_job_key and p.epoch = (r ->> 0)::double precision
      and p.step = (r ->> 1)::bigint and p.sample_index = (r ->> 2)::bigint;
    if jsonb_array_length(r) > 3 then
      earlier := null;
      if r ->> 3 is not null then
        select jsonb_build_object(
          'epoch', o.epoch, 'step', o.step, 'prediction', o.prediction,
          'exact_match', o.exact_match, 'char_error_rate', o.char_error_rate,
          'length_ratio', o.length_ratio, 'word_overlap', o.word_overlap,
          'latency_ms', o.latency_ms, 'tokens', o.tokens,
          'validation_pass', o.validation_passed, 'scores', coalesce(o.scores, '{}')) into earlier
        from public.predictions o
        where o.job_key = p_job_key and o.epoch = p_before
          and o.step = (r ->> 3)::bigint and o.sample_index = (r ->> 4)::bigint;
      end if;
      prediction := prediction || jsonb_build_object('change', r -> 5, 'previous', earlier);
    end if;
    bytes := bytes + octet_length(prediction::text);
    exit when page <> '{}' and bytes > signalbox.page_bytes();
    page := page || prediction;
  end loop;
  return to_jsonb(page);
end $$;
comment on function signalbox.prediction_list is
  'Predictions by [epoch, step, sample_index], in this order; with [old step, old index, change], too,
   beside those of epoch p_before. See page_bytes.';

create or replace function signalbox.prediction_page(p_job_key bigint, p_query jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, public, pg_temp as $$
declare
  sort text := coalesce(p_query ->> 'sort', 'index');
  field jsonb := nullif(p_query -> 'sort_field', 'null');
  conditions text := coalesce((
    select string_agg(' and ' || signalbox.prediction_condition_sql(w), '')
    from jsonb_array_elements(nullif(p_query -> 'where', 'null')) w), '')
    || case p_query ->> 'filter'
      when 'right' then ' and p.exact_match >= 1'
      when 'wrong' then ' and p.exact_match < 1'
      when 'passed' then ' and p.validation_passed'
      when 'failed' then ' and not p.validation_passed'
      else '' end;
  needle text := p_query ->> 'q';
  direction text := case when sort = '-index' or (field ->> 'descending')::boolean
    then 'desc' else 'asc' end;
  page_limit integer := coalesce((p_query ->> 'limit')::integer, 50);
  page_offset bigint := coalesce((p_query ->> 'offset')::bigint, 0);
  counted boolean := conditions = '' and needle is null;
  first_epoch double precision;
  skipped bigint;
  result jsonb;
begin
  if counted and field is null then
    -- Skips whole epochs before the page by their counts, not row by row.
    select e.epoch, e.before into first_epoch, skipped
    from (select epoch, sum(count) over (order by
        case when direction = 'asc' then epoch else -epoch end) - count as before
      from public.prediction_epochs where job_key = p_job_key) e
    where e.before <= page_offset order by e.before desc limit 1;
    if first_epoch is not null then
      conditions := format(' and p.epoch %s %L',
        case direction when 'asc' then '>=' else '<=' end, first_epoch);
      page_offset := page_offset - skipped;
    end if;
  end if;
  execute format($query$
  with found as (
    select id, strpos(lower(prompt), lower($2)) > 0 as in_prompt,
      strpos(lower(ground_truth), lower($2)) > 0 as in_truth
    from public.samples where job_key = $1 and $2 is not null
  ), matching as %1$s materialized (
    select p.epoch, p.step, p.sample_index, %2$s as n, %3$s as t
    from public.predictions p %4$s
    where p.job_key = $1%5$s
  ), page as materialized (
    select m.*, row_number() over () as rank from (
      select * from matching
      order by %6$s epoch %7$s, step %7$s, sample_index %7$s
      limit $3 offset $4) m
  )
  select jsonb_build_object(
    'total_count', %8$s,
    'page', coalesce((select jsonb_agg(jsonb_build_array(epoch, step, sample_index) order by rank)
      from page), '[]'))
  $query$,
    case when counted then 'not' else '' end,
    case when field is null then 'null' else signalbox.measure_sql(field, 'number') end,
    case when field is null then 'null' else signalbox.measure_sql(field, 'text') end,
    case when needle is null then '' else 'join found f on f.id = p.sample_id' end,
    conditions || case when needle is null then '' else
      ' and (f.in_prompt or strpos(lower(p.prediction), lower($2)) > 0
        or case when p.ground_truth is null then f.in_truth
          else strpos(lower(p.ground_truth), lower($2)) > 0 end)' end,
    case when field is null then ''
      else format('n %1$s nulls last, t %1$s nulls last,', direction) end,
    case when field is null then direction else 'asc' end,
    case when counted then '(select coalesce(sum(count), 0) from public.prediction_epochs
      where job_key = $1)' else '(select count(*) from matching)' end)
  into result using p_job_key, needle, page_limit, page_offset;
  return jsonb_build_object('total_count', result -> 'total_count',
    'predictions', signalbox.prediction_list(p_job_key, result -> 'page', null));
end $$;

create or replace function signalbox.epoch_prediction_page(p_job_key bigint, p_query jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, public, pg_temp as $$
declare
  sort text := coalesce(p_query ->> 'sort', 'index');
  field jsonb := nullif(p_query -> 'sort_field', 'null');
  lower_is_better boolean := coalesce(p_query ->> 'better', 'lower') = 'lower';
  direction text := case when (field ->> 'descending')::boolean then 'desc' else 'asc' end;
  conditions text := coalesce((
    select string_agg(signalbox.prediction_condition_sql(w), ' and ')
    from jsonb_array_elements(nullif(p_query -> 'where', 'null')) w), 'true');
  value text := signalbox.measure_sql(coalesce(nullif(p_query -> 'by', 'null'),
    '{"source": "measure", "name": "char_error_rate"}'), 'sum');
  result jsonb;
begin
  execute format($query$
  with now_rows as (
    select distinct on (p.sample_id) p.sample_id, p.step, p.sample_index, p.exact_match,
      p.validation_passed, p.prediction, p.ground_truth, %1$s as value, %2$s as n, %3$s as t,
      %4$s as kept
    from public.predictions p
    where p.job_key = $1 and p.epoch = $2
    order by p.sample_id, p.step desc, p.sample_index desc
  ), old_rows as (
    select distinct on (p.sample_id) p.sample_id, p.step, p.sample_index, p.prediction,
      %1$s as value
    from public.predictions p
    where p.job_key = $1 and p.epoch = $3
    order by p.sample_id, p.step desc, p.sample_index desc
  ), matching as materialized (
    select r.sample_id, r.step, r.sample_index, r.value, r.n, r.t, o.step as old_step,
      o.sample_index as old_index, r.value - o.value as change
    from now_rows r
    left join old_rows o using (sample_id)
    where r.kept
      and ($4 is null or exists (
        select from public.samples s where s.job_key = $1 and s.id = r.sample_id
          and strpos(lower(s.prompt || E'\n' || coalesce(r.ground_truth, s.ground_truth, '')
            || E'\n' || r.prediction), lower($4)) > 0))
      and %5$s
  ), page as (
    select m.*, row_number() over (order by %6$s m.sample_index, m.sample_id) as rank
    from matching m
    order by rank limit $5 offset $6
  )
  select jsonb_build_object(
    'total_count', (select count(*) from matching),
    'page', coalesce((select jsonb_agg(jsonb_build_array($2, step, sample_index, old_step, old_index,
      change) order by rank) from page), '[]'))
  $query$,
    value,
    case when field is null then 'null' else signalbox.measure_sql(field, 'number') end,
    case when field is null then 'null' else signalbox.measure_sql(field, 'text') end,
    conditions,
    case p_query ->> 'filter'
      when 'right' then 'r.exact_match >= 1'
      when 'wrong' then 'r.exact_match < 1'
      when 'changed' then 'o.sample_id is not null and r.prediction <> o.prediction'
      when 'improved' then case when lower_is_better
        then 'r.value < o.value' else 'r.value > o.value' end
      when 'regressed' then case when lower_is_better
        then 'r.value > o.value' else 'r.value < o.value' end
      when 'passed' then 'r.validation_passed'
      when 'failed' then 'not r.validation_passed'
      else 'true' end,
    case
      when field is not null then format('m.n %1$s nulls last, m.t %1$s nulls last,', direction)
      when sort = 'regressed' then format('m.change %s nulls last,',
        case when lower_is_better then 'desc' else 'asc' end)
      when sort = 'improved' then format('m.change %s nulls last,',
        case when lower_is_better then 'asc' else 'desc' end)
      when sort = '-index' then 'm.sample_index desc,'
      else '' end)
  into result
  using p_job_key, (p_query ->> 'epoch')::double precision,
    (p_query ->> 'changed_from')::double precision, p_query ->> 'q',
    coalesce((p_query ->> 'limit')::integer, 50), coalesce((p_query ->> 'offset')::integer, 0);
  return jsonb_build_object('total_count', result -> 'total_count',
    'predictions', signalbox.prediction_list(p_job_key, result -> 'page',
      (p_query ->> 'changed_from')::double precision));
end $$;

drop function public.read_sample_history(bigint, integer);
create function public.read_sample_history(
  p_job_key bigint, p_sample_id integer, p_after_epoch double precision)
  returns jsonb language plpgsql stable
  set search_path = pg_catalog, public, pg_temp as $$
declare
  e double precision;
  latest_epoch double precision;
  next_epoch double precision;
  prediction jsonb;
  bytes bigint := 0;
  page jsonb[] := '{}';
begin
  for e in select epoch from public.prediction_epochs
    where job_key = p_job_key and (p_after_epoch is null or epoch > p_after_epoch) order by epoch
  loop
    select signalbox.prediction_json(p, s, j) into prediction
    from (select * from public.predictions
      where job_key = p_job_key and epoch = e and sample_id = p_sample_id
      order by step desc, sample_index desc limit 1) x
    join public.predictions p on p.job_key = p_job_key and p.epoch = x.epoch and p.step = x.step
      and p.sample_index = x.sample_index
    join public.samples s on s.job_key = p_job_key and s.id = p.sample_id
    join public.jobs j on j.key = p_job_key;
    continue when prediction is null;
    bytes := bytes + octet_length(prediction::text);
    if page <> '{}' and bytes > signalbox.page_bytes() then
      next_epoch := latest_epoch;
      exit;
    end if;
    page := page || prediction;
    latest_epoch := e;
  end loop;
  return jsonb_build_object('predictions', to_jsonb(page), 'next_epoch', next_epoch);
end $$;
comment on function public.read_sample_history is
  'The predictions for one sample, by epoch: the one of the latest step of each after p_after_epoch:
   {predictions, next_epoch}. next_epoch: where the next page begins, null if there is none. See
   page_bytes.';

drop function public.read_prediction_epochs(bigint);
create function public.read_prediction_epochs(p_job_key bigint, p_after_epoch double precision)
  returns jsonb language plpgsql stable
  set search_path = pg_catalog, public, pg_temp as $$
declare
  e public.prediction_epochs;
  epoch jsonb;
  latest_epoch double precision;
  next_epoch double precision;
  bytes bigint := 0;
  page jsonb[] := '{}';
begin
  for e in select * from public.prediction_epochs x
    where x.job_key = p_job_key and (p_after_epoch is null or x.epoch > p_after_epoch)
    order by x.epoch
  loop
    epoch := jsonb_build_object(
      'epoch', e.epoch, 'step', e.latest_step, 'latest_step', e.latest_step,
      'sample_count', e.count, 'prediction_count', e.count, 'scored_count', e.scored,
      'counts', jsonb_build_object('exact_match', e.exact_count, 'char_error_rate', e.error_count,
        'length_ratio', e.ratio_count, 'word_overlap', e.overlap_count,
        'validation_pass', e.validated),
      'avg_exact_match', signalbox.mean(e.exact_sum, e.exact_count),
      'avg_char_error_rate', signalbox.mean(e.error_sum, e.error_count),
      'avg_length_ratio', signalbox.mean(e.ratio_sum, e.ratio_count),
      'avg_word_overlap', signalbox.mean(e.overlap_sum, e.overlap_count),
      'min_char_error_rate', e.error_min, 'max_char_error_rate', e.error_max,
      'validation_pass_rate', e.passed::double precision / nullif(e.validated, 0),
      'scores', signalbox.epoch_scores(p_job_key, e.epoch));
    bytes := bytes + octet_length(epoch::text);
    if page <> '{}' and bytes > signalbox.page_bytes() then
      next_epoch := latest_epoch;
      exit;
    end if;
    page := page || epoch;
    latest_epoch := e.epoch;
  end loop;
  return jsonb_build_object('epochs', to_jsonb(page), 'next_epoch', next_epoch,
    'rates', (select jsonb_build_array(
        (array_agg(r.rate order by r.epoch))[1], (array_agg(r.rate order by r.epoch desc))[1], count(*))
      from (select x.epoch, signalbox.mean(x.error_sum, x.error_count) as rate
        from public.prediction_epochs x where x.job_key = p_job_key) r
      where r.rate is not null));
end $$;
comment on function public.read_prediction_epochs is
  'Quality by epoch after p_after_epoch, from the rollups: {epochs, next_epoch, rates}. Each mean is over
   the predictions that have its measure, null where there are none. next_epoch: where the next page
   begins, null if there is none. rates: the first and the last mean error rate of the job, and how many
   epochs have one. See page_bytes.';

create function signalbox.map_epochs(
  p_job_key bigint, p_after_epoch double precision, p_cells bigint)
  returns double precision[] language sql stable as $$
  select coalesce(array_agg(epoch order by epoch), '{}') from (
    select epoch from public.prediction_epochs
    where job_key = p_job_key and (p_after_epoch is null or epoch > p_after_epoch)
    order by epoch limit greatest(1, signalbox.page_bytes() / greatest(1, p_cells * 4 / 3 + 64))) page $$;
comment on function signalbox.map_epochs is
  'The epochs of one page of a map with p_cells bytes an epoch; at least one.';

create function signalbox.next_map_epoch(p_job_key bigint, p_page double precision[])
  returns double precision language sql stable as $$
  select case when exists (select from public.prediction_epochs
    where job_key = p_job_key and epoch > p_page[cardinality(p_page)])
    then p_page[cardinality(p_page)] end $$;
comment on function signalbox.next_map_epoch is 'Where the next page of a map begins, or null.';

drop function public.read_prediction_map(bigint);
create function public.read_prediction_map(p_job_key bigint, p_after_epoch double precision)
  returns jsonb language sql stable as $$
  select jsonb_build_object(
    'last_seq', j.last_seq, 'sample_count', j.sample_count,
    'next_epoch', signalbox.next_map_epoch(p_job_key, m.page),
    'epochs', coalesce((select jsonb_agg(jsonb_build_object('epoch', t.epoch, 'cells', t.cells)
      order by t.epoch)
      from (
        select e.epoch, translate(encode(substr(string_agg(
            coalesce(x.cells, decode(repeat('00', 1024), 'hex')), ''::bytea order by n.tile),
          1, j.sample_count), 'base64'), E'\n', '') as cells
        from unnest(m.page) e (epoch)
        cross join generate_series(0, (j.sample_count - 1) / 1024) n (tile)
        left join public.prediction_tiles x
          on x.job_key = p_job_key and x.epoch = e.epoch and x.tile = n.tile
        group by e.epoch
      ) t), '[]'))
  from public.jobs j
  cross join lateral (
    select signalbox.map_epochs(p_job_key, p_after_epoch, j.sample_count) as page) m
  where j.key = p_job_key $$;
comment on function public.read_prediction_map is
  'The map of every sample at every epoch after p_after_epoch: {last_seq, sample_count, next_epoch,
   epochs:[{epoch, cells}]}. cells: one byte per sample by sample id, in base64: 0 no prediction, 1 no
   ground truth, 2 correct, 3–255 wrong, where (byte − 3) / 252 is the character error rate, at most 1.
   next_epoch: where the next page begins, null if there is none.';

drop function public.read_score_map(bigint, text);
create function public.read_score_map(
  p_job_key bigint, p_score text, p_after_epoch double precision)
  returns jsonb language sql stable as $$
  select jsonb_build_object(
    'last_seq', j.last_seq, 'sample_count', j.sample_count, 'score', s.name, 'kind', s.kind,
    'min', r.min, 'max', r.max, 'next_epoch', signalbox.next_map_epoch(p_job_key, m.page),
    'epochs', coalesce((select jsonb_agg(jsonb_build_object('epoch', t.epoch, 'values', t.cells)
      order by t.epoch)
      from (
        select e.epoch, translate(encode(substr(string_agg(
            coalesce(x.cells, decode(repeat('7fc00000', 1024), 'hex')), ''::bytea order by n.tile),
          1, j.sample_count * 4), 'base64'), E'\n', '') as cells
        from unnest(m.page) e (epoch)
        cross join generate_series(0, (j.sample_count - 1) / 1024) n (tile)
        left join public.prediction_score_tiles x on x.job_key = p_job_key
          and x.epoch = e.epoch and x.tile = n.tile and x.score_id = s.id
        group by e.epoch
      ) t), '[]'))
    || case s.kind when 'text' then jsonb_build_object('categories', s.categories) else '{}' end
  from public.jobs j
  join public.prediction_scores s on s.job_key = j.key and s.name = p_score
  cross join lateral (
    select signalbox.map_epochs(p_job_key, p_after_epoch, j.sample_count * 4) as page) m
  cross join (
    select min(e.min) as min, max(e.max) as max
    from public.prediction_score_epochs e
    join public.prediction_scores n on n.job_key = p_job_key and n.id = e.score_id
    where e.job_key = p_job_key and n.name = p_score
  ) r
  where j.key = p_job_key $$;
comment on function public.read_score_map is
  'A score of every sample at every epoch after p_after_epoch: {last_seq, sample_count, score, kind, min,
   max, categories, next_epoch, epochs:[{epoch, values}]}; null if the job has no such score. values: a
   big-endian float32 per sample by sample id, in base64; NaN without a value, for a text the index of
   its category, 20 for any other text. next_epoch: where the next page begins, null if there is none.';

revoke execute on function signalbox.page_bytes(),
  public.list_commands(bigint, integer, integer, integer),
  signalbox.job_list(bigint[], integer),
  signalbox.prediction_list(bigint, jsonb, double precision),
  public.read_sample_history(bigint, integer, double precision),
  public.read_prediction_epochs(bigint, double precision),
  signalbox.map_epochs(bigint, double precision, bigint),
  signalbox.next_map_epoch(bigint, double precision[]),
  public.read_prediction_map(bigint, double precision),
  public.read_score_map(bigint, text, double precision)
  from public, anon, authenticated;
grant execute on function signalbox.page_bytes(),
  public.list_commands(bigint, integer, integer, integer),
  signalbox.job_list(bigint[], integer),
  signalbox.prediction_list(bigint, jsonb, double precision),
  public.read_sample_history(bigint, integer, double precision),
  public.read_prediction_epochs(bigint, double precision),
  signalbox.map_epochs(bigint, double precision, bigint),
  signalbox.next_map_epoch(bigint, double precision[]),
  public.read_prediction_map(bigint, double precision),
  public.read_score_map(bigint, text, double precision)
  to service_role;
