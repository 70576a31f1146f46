-- Reading predictions with all their fields: rows, frames, sorts and conditions by any measure, the
-- scores of an epoch, a score's map.

create function signalbox.prediction_json(p public.predictions, s public.samples, j public.jobs)
  returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', j.generation || '-' || p.epoch || '-' || p.step || '-' || p.sample_index,
    'job_id', j.id, 'user_id', j.user_id,
    'sample_id', p.sample_id, 'sample_index', p.sample_index, 'epoch', p.epoch, 'step', p.step,
    'prompt_id', case when s.key like 'i%' then split_part(substr(s.key, 2), E'\x1f', 1) end,
    'prompt', s.prompt, 'prediction', p.prediction,
    'ground_truth', coalesce(p.ground_truth, s.ground_truth),
    'exact_match', p.exact_match, 'char_error_rate', p.char_error_rate,
    'length_ratio', p.length_ratio, 'word_overlap', p.word_overlap,
    'validation_pass', p.validation_passed, 'validation_passed', p.validation_passed,
    'validation_kind', p.details -> 'validation_kind',
    'validation_errors', p.details -> 'validation_errors',
    'prompt_tokens', p.details -> 'prompt_tokens',
    'completion_tokens', p.tokens, 'tokens', p.tokens,
    'total_tokens', p.details -> 'total_tokens', 'latency_ms', p.latency_ms,
    'source_index', p.details -> 'source_index', 'sample_source', p.details -> 'sample_source',
    'sample_source_id', p.details -> 'sample_source_id',
    'max_new_tokens', p.details -> 'max_new_tokens', 'do_sample', p.details -> 'do_sample',
    'scores', coalesce(p.scores, '{}'), 'metadata', coalesce(p.metadata, '{}'),
    'created_at', signalbox.iso(p.created_at)) $$;
comment on function signalbox.prediction_json(public.predictions, public.samples, public.jobs) is
  'The prediction object of the contract.';

create or replace function signalbox.frame_payload(
  p_job_key bigint, p_stream text, p_payload jsonb, p_predictions boolean)
  returns jsonb language plpgsql stable as $$
begin
  if p_stream = 'logs' then
    return jsonb_build_object(
      'lines', (
        select coalesce(jsonb_agg(jsonb_build_object('line', l.line, 'stream', l.stream,
          'text', l.text, 'ts', signalbox.iso(l.ts)) order by l.line), '[]')
        from public.log_lines l
        where l.job_key = p_job_key
          and l.line >= (p_payload ->> 'first_line')::bigint
          and l.line < (p_payload ->> 'first_line')::bigint + (p_payload ->> 'count')::bigint),
      'total_lines', (p_payload ->> 'first_line')::bigint + (p_payload ->> 'count')::bigint - 1);
  elsif p_stream = 'prediction' then
    return jsonb_build_object(
      'predictions', case when p_predictions then (
        select coalesce(jsonb_agg(signalbox.prediction_json(p, s, j) order by r.ord), '[]')
        from public.jobs j
        cross join jsonb_array_elements(p_payload -> 'rows') with ordinality r (id, ord)
        join public.predictions p on p.job_key = p_job_key
          and p.epoch = (r.id ->> 0)::double precision
          and p.step = (r.id ->> 1)::bigint and p.sample_index = (r.id ->> 2)::bigint
        join public.samples s on s.job_key = p_job_key and s.id = p.sample_id
        where j.key = p_job_key) else '[]' end,
      'counts', (
        select coalesce(jsonb_agg(jsonb_build_array(e.epoch, e.count) order by e.epoch), '[]')
        from public.prediction_epochs e where e.job_key = p_job_key and e.epoch in (
          select (x ->> 0)::double precision from jsonb_array_elements(p_payload -> 'rows') x)),
      'total_count', (
        select coalesce(sum(count), 0) from public.prediction_epochs where job_key = p_job_key));
  end if;
  return p_payload;
end $$;

create or replace function public.read_sample_history(p_job_key bigint, p_sample_id integer)
  returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(signalbox.prediction_json(x.p, s, j)
    order by (x.p).epoch, (x.p).step), '[]')
  from public.samples s
  join public.jobs j on j.key = s.job_key
  cross join public.prediction_epochs e
  cross join lateral (
    select p from public.predictions p
    where p.job_key = p_job_key and p.epoch = e.epoch and p.sample_id = s.id
    order by p.step desc, p.sample_index desc limit 1) x
  where s.job_key = p_job_key and s.id = p_sample_id and e.job_key = p_job_key $$;

create function signalbox.measure_sql(p_field jsonb, p_as text) returns text
  language sql immutable as $$
  select case when p_field ->> 'source' = 'score'
    then format(case p_as
        when 'sum' then 'signalbox.score_number(p.scores -> %L)'
        when 'number' then 'signalbox.json_number(p.scores -> %L)'
        else 'signalbox.json_text(p.scores -> %L)' end, p_field ->> 'name')
    when p_as = 'text' then 'null::text'
    else case p_field ->> 'name'
      when 'exact_match' then 'p.exact_match::double precision'
      when 'char_error_rate' then 'p.char_error_rate'
      when 'length_ratio' then 'p.length_ratio'
      when 'word_overlap' then 'p.word_overlap'
      when 'latency_ms' then 'p.latency_ms'
      when 'tokens' then 'p.tokens::double precision'
      when 'validation_pass' then 'p.validation_passed::integer::double precision'
      else 'null::double precision' end end $$;
comment on function signalbox.measure_sql is
  'The SQL expression of a measure {source: measure or score, name} of prediction p: as number
   (infinities included), as sum (a number that can be subtracted), or as text (lower case, null for
   numbers).';

create function signalbox.prediction_condition_sql(p_where jsonb) returns text
  language plpgsql immutable as $$
declare
  number text := signalbox.measure_sql(p_where, 'number');
  value numeric := signalbox.json_number(p_where -> 'value');
  equal text := format('%s = lower(%L)', signalbox.measure_sql(p_where, 'text'),
    p_where ->> 'text');
begin
  if value is not null then
    equal := format('coalesce(%s = %L, %s)', number, value, equal);
  end if;
  return case p_where ->> 'op'
    when ':' then format('coalesce(%s, false)', equal)
    when '!:' then format('not coalesce(%s, false)', equal)
    when '<' then format('coalesce(%s < %L, false)', number, value)
    when '<=' then format('coalesce(%s <= %L, false)', number, value)
    when '>' then format('coalesce(%s > %L, false)', number, value)
    when '>=' then format('coalesce(%s >= %L, false)', number, value)
    else 'false' end;
end $$;
comment on function signalbox.prediction_condition_sql is
  'The SQL of a condition {source, name, op, value, text} on prediction p. Numbers compare as
   numbers, anything else as text, ignoring case. A prediction without the value only meets "is
   not".';

create function signalbox.prediction_page(p_job_key bigint, p_query jsonb) returns jsonb
  language plpgsql stable as $$
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
    'predictions', coalesce((
      select jsonb_agg(signalbox.prediction_json(p, s, j) order by g.rank)
      from page g
      join public.jobs j on j.key = $1
      join public.predictions p on p.job_key = $1 and p.epoch = g.epoch and p.step = g.step
        and p.sample_index = g.sample_index
      join public.samples s on s.job_key = $1 and s.id = p.sample_id), '[]'))
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
  return result;
end $$;
comment on function signalbox.prediction_page is
  'A page of all predictions of a job, for read_predictions: {predictions, total_count}.';

create function signalbox.epoch_prediction_page(p_job_key bigint, p_query jsonb) returns jsonb
  language plpgsql stable as $$
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
    'predictions', coalesce((
      select jsonb_agg(signalbox.prediction_json(p, s, j) || jsonb_build_object(
        'change', g.change,
        'previous', case when o.sample_id is not null then jsonb_build_object(
          'epoch', o.epoch, 'step', o.step, 'prediction', o.prediction,
          'exact_match', o.exact_match, 'char_error_rate', o.char_error_rate,
          'length_ratio', o.length_ratio, 'word_overlap', o.word_overlap,
          'latency_ms', o.latency_ms, 'tokens', o.tokens,
          'validation_pass', o.validation_passed, 'scores', coalesce(o.scores, '{}')) end)
        order by g.rank)
      from page g
      join public.jobs j on j.key = $1
      join public.predictions p on p.job_key = $1 and p.epoch = $2
        and p.step = g.step and p.sample_index = g.sample_index
      join public.samples s on s.job_key = $1 and s.id = g.sample_id
      left join public.predictions o on o.job_key = $1 and o.epoch = $3
        and o.step = g.old_step and o.sample_index = g.old_index), '[]'))
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
  return result;
end $$;
comment on function signalbox.epoch_prediction_page is
  'A page of the predictions of one epoch, for read_predictions: {predictions, total_count}.';

create or replace function public.read_predictions(p_job_key bigint, p_query jsonb) returns jsonb
  language sql stable as $$
  select case when p_query ->> 'epoch' is null then signalbox.prediction_page(p_job_key, p_query)
      else signalbox.epoch_prediction_page(p_job_key, p_query) end
    || jsonb_build_object('epoch_count',
      (select count(*) from public.prediction_epochs where job_key = p_job_key)) $$;
comment on function public.read_predictions is
  'A page of predictions: {predictions, total_count, epoch_count}. p_query: epoch (one row per
   sample, from its latest step; without it, every prediction), changed_from (an epoch; adds
   previous and change, the difference of the measure `by`), sort (index, -index; with
   changed_from improved, regressed), sort_field {source, name, descending} (instead of sort, see
   measure_sql), by {source, name}, better (higher or lower values of `by`), filter (right,
   wrong, passed, failed; with an epoch to compare with changed, improved, regressed), where[] (see
   prediction_condition_sql), q (text in prompt, ground truth or prediction, ignoring case), limit,
   offset.';

drop function signalbox.prediction_json(public.predictions, public.samples);

create function signalbox.epoch_scores(p_job_key bigint, p_epoch double precision) returns jsonb
  language sql stable as $$
  select coalesce(jsonb_object_agg(x.name, x.summary), '{}') from (
    select s.name, case s.kind
      when 'number' then jsonb_build_object('count', sum(e.count),
        'mean', signalbox.mean(sum(e.sum), sum(e.count)), 'min', min(e.min), 'max', max(e.max))
      else jsonb_build_object('count', sum(e.count),
        'counts', coalesce(jsonb_object_agg(s.categories[e.category + 1], e.count)
          filter (where s.kind = 'text' and e.category < 20), '{}'),
        'other', coalesce(sum(e.count) filter (where e.category = 20), 0)) end as summary
    from public.prediction_score_epochs e
    join public.prediction_scores s on s.job_key = p_job_key and s.id = e.score_id
    where e.job_key = p_job_key and e.epoch = p_epoch
    group by s.id, s.name, s.kind
  ) x $$;
comment on function signalbox.epoch_scores is
  'The scores of an epoch by name: {count, mean, min, max} of a number, {count, counts, other} of a
   text.';

create or replace function public.read_prediction_epochs(p_job_key bigint) returns jsonb
  language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'epoch', epoch, 'step', latest_step, 'latest_step', latest_step, 'sample_count', count,
      'prediction_count', count, 'scored_count', scored,
      'counts', jsonb_build_object('exact_match', exact_count, 'char_error_rate', error_count,
        'length_ratio', ratio_count, 'word_overlap', overlap_count, 'validation_pass', validated),
      'avg_exact_match', signalbox.mean(exact_sum, exact_count),
      'avg_char_error_rate', signalbox.mean(error_sum, error_count),
      'avg_length_ratio', signalbox.mean(ratio_sum, ratio_count),
      'avg_word_overlap', signalbox.mean(overlap_sum, overlap_count),
      'min_char_error_rate', error_min, 'max_char_error_rate', error_max,
      'validation_pass_rate', passed::double precision / nullif(validated, 0),
      'scores', signalbox.epoch_scores(p_job_key, epoch)) order by epoch), '[]')
  from public.prediction_epochs where job_key = p_job_key $$;
comment on function public.read_prediction_epochs is
  'Quality by epoch, from the rollups: each mean over the predictions that have its measure, null
   where there are none.';

create function public.read_prediction_scores(p_job_key bigint) returns jsonb
  language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('name', s.name, 'kind', s.kind,
    'min', e.min, 'max', e.max, 'categories', s.categories) order by s.id), '[]')
  from public.prediction_scores s
  left join (
    select score_id, min(min) as min, max(max) as max from public.prediction_score_epochs
    where job_key = p_job_key group by score_id
  ) e on e.score_id = s.id
  where s.job_key = p_job_key $$;
comment on function public.read_prediction_scores is
  'The scores of a job that have rollups: [{name, kind, min, max, categories}].';

create function public.read_score_map(p_job_key bigint, p_score text) returns jsonb
  language sql stable as $$
  select jsonb_build_object(
    'last_seq', j.last_seq, 'sample_count', j.sample_count, 'score', s.name, 'kind', s.kind,
    'min', r.min, 'max', r.max,
    'epochs', coalesce((select jsonb_agg(jsonb_build_object('epoch', t.epoch, 'values', t.cells)
      order by t.epoch)
      from (
        select e.epoch, translate(encode(substr(string_agg(
            coalesce(x.cells, decode(repeat('7fc00000', 1024), 'hex')), ''::bytea order by n.tile),
          1, j.sample_count * 4), 'base64'), E'\n', '') as cells
        from public.prediction_epochs e
        cross join generate_series(0, (j.sample_count - 1) / 1024) n (tile)
        left join public.prediction_score_tiles x on x.job_key = p_job_key
          and x.epoch = e.epoch and x.tile = n.tile and x.score_id = s.id
        where e.job_key = p_job_key
        group by e.epoch
      ) t), '[]'))
    || case s.kind when 'text' then jsonb_build_object('categories', s.categories) else '{}' end
  from public.jobs j
  join public.prediction_scores s on s.job_key = j.key and s.name = p_score
  cross join (
    select min(e.min) as min, max(e.max) as max
    from public.prediction_score_epochs e
    join public.prediction_scores n on n.job_key = p_job_key and n.id = e.score_id
    where e.job_key = p_job_key and n.name = p_score
  ) r
  where j.key = p_job_key $$;
comment on function public.read_score_map is
  'A score of every sample at every epoch: {last_seq, sample_count, score, kind, min, max,
   categories, epochs:[{epoch, values}]}; null if the job has no such score. values: a big-endian
   float32 per sample by sample id, in base64; NaN without a value, for a text the index of its
   category, 20 for any other text.';

grant usage, select on all sequences in schema public to service_role;
revoke execute on all functions in schema public, signalbox from public, anon, authenticated;
grant execute on all functions in schema public, signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
