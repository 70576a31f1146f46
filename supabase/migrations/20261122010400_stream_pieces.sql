-- The stream in pieces of a known size: a large batch gets several rows of the journal, each with a seq
-- of its own, and a page of the stream ends by the bytes that it really has. The texts of a sample
-- belong to all of its predictions, so a small batch can show a large prompt many times.

create function signalbox.parts_of(p_rows jsonb) returns integer[] language sql immutable as $$
  select array_agg(part order by ord) from (
    select ord, dense_rank() over (order by bytes_before::bigint / 262144)::integer as part
    from (select ord, sum(bytes) over (order by ord) - bytes as bytes_before
      from (select ord, octet_length(r::text) as bytes
        from jsonb_array_elements(p_rows) with ordinality x (r, ord)) sized) placed) parted $$;
comment on function signalbox.parts_of is
  'Divides the rows of a batch into parts of about 256 KiB of JSON: the part of each row, from 1.';

drop function public.read_stream(bigint, bigint, integer, integer, boolean);
drop function signalbox.frame_payload(bigint, text, jsonb, boolean);

create function signalbox.is_longer(p_text text, p_length integer) returns boolean
  language sql immutable as $$
  select case when p_length is null or p_text is null then false
    -- The number of bytes is known without reading the text.
    when octet_length(p_text) <= p_length then false
    when octet_length(p_text) > 4 * p_length then true
    else length(p_text) > p_length end $$;
comment on function signalbox.is_longer is
  'Whether a text has more than p_length characters; false without a text or a length.';

create function signalbox.frame_predictions(p_job_key bigint, p_seq bigint, p_rows jsonb)
  returns jsonb language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
  longest integer;
  bytes bigint;
  result jsonb;
begin
  foreach longest in array array[null, 65536, 8192, 1024, 128] loop
    select sum(least(octet_length(p.prediction), longest) + least(octet_length(s.prompt), longest)
      + least(octet_length(coalesce(p.ground_truth, s.ground_truth, '')), longest)) into bytes
    from jsonb_array_elements(p_rows) r (id)
    join public.predictions p on p.job_key = p_job_key and p.seq = p_seq
      and p.epoch = (r.id ->> 0)::double precision
      and p.step = (r.id ->> 1)::bigint and p.sample_index = (r.id ->> 2)::bigint
    join public.samples s on s.job_key = p_job_key and s.id = p.sample_id;
    exit when bytes is null or bytes <= 5 * 262144;
  end loop;
  select coalesce(jsonb_agg(case when not cut then signalbox.prediction_json(p, s, j)
      else signalbox.prediction_json(
        jsonb_populate_record(p, jsonb_build_object(
          'prediction', substr(p.prediction, 1, longest),
          'ground_truth', substr(p.ground_truth, 1, longest))),
        jsonb_populate_record(s, jsonb_build_object(
          'prompt', substr(s.prompt, 1, longest),
          'ground_truth', substr(s.ground_truth, 1, longest))), j) || '{"truncated": true}' end
      order by r.ord), '[]') into result
  from public.jobs j
  cross join jsonb_array_elements(p_rows) with ordinality r (id, ord)
  join public.predictions p on p.job_key = p_job_key and p.seq = p_seq
    and p.epoch = (r.id ->> 0)::double precision
    and p.step = (r.id ->> 1)::bigint and p.sample_index = (r.id ->> 2)::bigint
  join public.samples s on s.job_key = p_job_key and s.id = p.sample_id
  cross join lateral (select signalbox.is_longer(p.prediction, longest)
    or signalbox.is_longer(s.prompt, longest)
    or signalbox.is_longer(coalesce(p.ground_truth, s.ground_truth), longest) as cut) c
  where j.key = p_job_key;
  return result;
end $$;
comment on function signalbox.frame_predictions is
  'The predictions of a journal row, without those that a later row replaced: they come with that one.
   If their texts are more than 1.25 MiB, longer ones are cut, and the prediction is `truncated`.';

create function signalbox.frame_payload(
  p_job_key bigint, p_seq bigint, p_stream text, p_payload jsonb, p_predictions boolean)
  returns jsonb language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
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
      'predictions', case when p_predictions
        then signalbox.frame_predictions(p_job_key, p_seq, p_payload -> 'rows') else '[]' end,
      'counts', (
        select coalesce(jsonb_agg(jsonb_build_array(e.epoch, e.count) order by e.epoch), '[]')
        from public.prediction_epochs e where e.job_key = p_job_key and e.epoch in (
          select (x ->> 0)::double precision from jsonb_array_elements(p_payload -> 'rows') x)),
      'total_count', (
        select coalesce(sum(count), 0) from public.prediction_epochs where job_key = p_job_key));
  end if;
  return p_payload;
end $$;
comment on function signalbox.frame_payload is
  'The payload of a journal row as viewers receive it: log lines and predictions are read from their
   tables. Without p_predictions there are only the counts of predictions.';

create function public.read_stream(
  p_job_key bigint, p_after bigint, p_limit integer, p_max_bytes integer, p_predictions boolean)
  returns jsonb language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
  j record;
  s record;
  payload jsonb;
  size bigint;
  bytes bigint := 0;
  page jsonb[] := '{}';
begin
  select generation, last_seq into j from public.jobs where key = p_job_key;
  if not found then return null; end if;
  for s in select * from public.job_stream
    where job_key = p_job_key and seq > p_after order by seq limit p_limit
  loop
    -- The journal knows the size of a batch without the texts that it shares with other batches.
    size := case when s.stream = 'prediction' and not p_predictions then 0 else s.bytes end;
    exit when page <> '{}' and bytes + size > p_max_bytes;
    payload := signalbox.frame_payload(p_job_key, s.seq, s.stream, s.payload, p_predictions);
    if s.stream in ('logs', 'prediction') then size := octet_length(payload::text); end if;
    exit when page <> '{}' and bytes + size > p_max_bytes;
    bytes := bytes + size;
    page := page || jsonb_build_object('seq', s.seq, 'stream', s.stream, 'payload', payload,
      'created_at', signalbox.iso(s.created_at));
  end loop;
  return jsonb_build_object(
    'generation', j.generation, 'last_seq', j.last_seq, 'rows', to_jsonb(page));
end $$;
comment on function public.read_stream is
  'Rows of a job''s stream after a seq, ascending, at most p_limit and p_max_bytes, but at least one:
   {generation, last_seq, rows:[{seq, stream, payload, created_at}]}; null if there is no such job.
   Without p_predictions, prediction rows have their counts but no predictions.';

create or replace function public.ingest_predictions(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_rows jsonb, p_scores jsonb)
  returns jsonb language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  a record;
  j public.jobs;
  earlier_reply jsonb;
  n integer := jsonb_array_length(p_rows);
  new_samples integer;
  e record;
  has_scores boolean;
  left_out jsonb;
  replaced double precision[] := '{}';
  -- The journal row of the batch that each of its rows goes into, from 1.
  parts integer[];
  part_count integer;
  result jsonb;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  earlier_reply := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier_reply is not null then return earlier_reply; end if;
  if n = 0 then return signalbox.finish_batch(j, p_batch_id, 0); end if;
  parts := signalbox.parts_of(p_rows);
  part_count := parts[n];
  j := signalbox.reserve_seqs(j, part_count,
    (select max((r ->> 'step')::bigint) from jsonb_array_elements(p_rows) r),
    (select max((r ->> 'epoch')::double precision) from jsonb_array_elements(p_rows) r));
  p_rows := signalbox.separate_answers(j.key, p_rows);
  if p_scores <> '[]' then left_out := signalbox.register_scores(j.key, p_scores); end if;
  has_scores := exists (select from public.prediction_scores where job_key = j.key);

  -- Samples first: new ones get the next ids, known ones a changed prompt or ground truth.
  with arrived as (
    select distinct on (r ->> 'key') r ->> 'key' as key, (r ->> 'sample_index')::bigint as sample_index,
      r ->> 'prompt' as prompt, r ->> 'ground_truth' as ground_truth, ord
    from jsonb_array_elements(p_rows) with ordinality x (r, ord)
    order by r ->> 'key', ord desc
  ), known as (
    update public.samples s set prompt = arrived.prompt,
      ground_truth = coalesce(arrived.ground_truth, s.ground_truth)
    from arrived
    where s.job_key = j.key and s.key = arrived.key
      and (s.prompt <> arrived.prompt
        or s.ground_truth is distinct from coalesce(arrived.ground_truth, s.ground_truth))
  )
  insert into public.samples (job_key, id, key, sample_index, prompt, ground_truth)
  select j.key, j.sample_count + row_number() over (order by sample_index, ord) - 1,
    key, sample_index, prompt, ground_truth
  from arrived
  where not exists (
    select from public.samples s where s.job_key = j.key and s.key = arrived.key);
  get diagnostics new_samples = row_count;
  update public.jobs set sample_count = sample_count + new_samples where key = j.key;

  for e in
    with arrived as (
      select (r ->> 'epoch')::double precision as epoch, (r ->> 'step')::bigint as step,
        (r ->> 'sample_index')::bigint as sample_index, s.id as sample_id,
        j.last_seq - part_count + parts[ord] as seq, r ->> 'prediction' as prediction,
        case when r ->> 'ground_truth' is distinct from s.ground_truth
          then r ->> 'ground_truth' end as ground_truth,
        (r ->> 'exact_match')::real as exact_match,
        (r ->> 'char_error_rate')::double precision as char_error_rate,
        (r ->> 'length_ratio')::double precision as length_ratio,
        (r ->> 'word_overlap')::double precision as word_overlap,
        (r ->> 'validation_pass')::boolean as validation_passed,
        (r ->> 'completion_tokens')::integer as tokens,
        (r ->> 'latency_ms')::double precision as latency_ms,
        r -> 'metadata' as metadata, r -> 'details' as details, r -> 'scores' as scores
      from jsonb_array_elements(p_rows) with ordinality x (r, ord)
      join public.samples s on s.job_key = j.key and s.key = r ->> 'key'
    ), stored as (
      insert into public.predictions as p (job_key, epoch, step, sample_index, sample_id, seq,
        prediction, ground_truth, exact_match, char_error_rate, length_ratio, word_overlap,
        validation_passed, tokens, latency_ms, metadata, details, scores)
      select j.key, epoch, step, sample_index, sample_id, seq, prediction, ground_truth,
        exact_match, char_error_rate, length_ratio, word_overlap, validation_passed, tokens,
        latency_ms, metadata, details, scores
      from arrived
      on conflict (job_key, epoch, step, sample_index) do update set
        sample_id = excluded.sample_id, seq = excluded.seq, prediction = excluded.prediction,
        ground_truth = excluded.ground_truth, exact_match = excluded.exact_match,
        char_error_rate = excluded.char_error_rate, length_ratio = excluded.length_ratio,
        word_overlap = excluded.word_overlap, validation_passed = excluded.validation_passed,
        tokens = excluded.tokens, latency_ms = excluded.latency_ms, metadata = excluded.metadata,
        details = excluded.details, scores = excluded.scores, created_at = excluded.created_at,
        moved_from = nullif(p.sample_id, excluded.sample_id)
      returning p.*, (xmax <> 0) as replaced
    )
    select epoch, bool_or(s.replaced) as replaced, count(*) as count, max(step) as latest_step,
      count(*) filter (where exact_match is not null or char_error_rate is not null) as scored,
      coalesce(sum(exact_match::double precision), 0) as exact_sum,
      coalesce(sum(char_error_rate), 0) as error_sum, min(char_error_rate) as error_min,
      max(char_error_rate) as error_max, coalesce(sum(length_ratio), 0) as ratio_sum,
      coalesce(sum(word_overlap), 0) as overlap_sum, count(validation_passed) as validated,
      count(*) filter (where validation_passed) as passed, count(exact_match) as exact_count,
      count(char_error_rate) as error_count, count(length_ratio) as ratio_count,
      count(word_overlap) as overlap_count,
      array_agg(distinct sample_id / 1024)
        || array_agg(distinct moved_from / 1024) filter (where moved_from is not null) as tiles
    from stored s group by epoch
  loop
    if e.replaced then
      replaced := replaced || e.epoch;
      perform signalbox.recompute_epoch(j.key, e.epoch);
      if has_scores then perform signalbox.recompute_epoch_scores(j.key, e.epoch); end if;
    else
      insert into public.prediction_epochs as x (job_key, epoch, count, latest_step, scored,
        exact_sum, error_sum, error_min, error_max, ratio_sum, overlap_sum, validated, passed,
        exact_count, error_count, ratio_count, overlap_count)
      values (j.key, e.epoch, e.count, e.latest_step, e.scored, e.exact_sum, e.error_sum,
        e.error_min, e.error_max, e.ratio_sum, e.overlap_sum, e.validated, e.passed,
        e.exact_count, e.error_count, e.ratio_count, e.overlap_count)
      on conflict (job_key, epoch) do update set
        count = x.count + excluded.count,
        latest_step = greatest(x.latest_step, excluded.latest_step),
        scored = x.scored + excluded.scored,
        exact_sum = x.exact_sum + excluded.exact_sum,
        error_sum = x.error_sum + excluded.error_sum,
        error_min = least(x.error_min, excluded.error_min),
        error_max = greatest(x.error_max, excluded.error_max),
        ratio_sum = x.ratio_sum + excluded.ratio_sum,
        overlap_sum = x.overlap_sum + excluded.overlap_sum,
        validated = x.validated + excluded.validated,
        passed = x.passed + excluded.passed,
        exact_count = x.exact_count + excluded.exact_count,
        error_count = x.error_count + excluded.error_count,
        ratio_count = x.ratio_count + excluded.ratio_count,
        overlap_count = x.overlap_count + excluded.overlap_count;
    end if;
    perform signalbox.rebuild_tile(j.key, e.epoch, t) from (
      select distinct unnest(e.tiles) as t) x;
    if has_scores then
      perform signalbox.rebuild_score_tiles(j.key, e.epoch, t) from (
      select distinct unnest(e.tiles) as t) x;
    end if;
  end loop;
  if p_scores <> '[]' then perform signalbox.add_epoch_scores(j.key, p_rows, replaced); end if;

  insert into public.job_stream (job_key, seq, stream, payload, bytes)
  select j.key, j.last_seq - part_count + parts[ord], 'prediction', jsonb_build_object('rows',
      jsonb_agg(jsonb_build_array((r ->> 'epoch')::double precision, (r ->> 'step')::bigint,
        (r ->> 'sample_index')::bigint) order by ord)), sum(octet_length(r::text))
  from jsonb_array_elements(p_rows) with ordinality x (r, ord)
  group by parts[ord];
  result := signalbox.finish_batch(j, p_batch_id, n);
  if left_out is not null then
    result := result || jsonb_build_object('not_aggregated', left_out);
    update public.ingest_batches set reply = result
      where job_key = j.key and batch_id = p_batch_id;
  end if;
  return result;
end $$;

create or replace function public.ingest_logs(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_lines jsonb)
  returns jsonb language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  a record;
  j public.jobs;
  earlier_reply jsonb;
  n integer := jsonb_array_length(p_lines);
  first_line bigint;
  -- The journal row of the batch that each of its lines goes into, from 1.
  parts integer[];
  part_count integer;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  earlier_reply := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier_reply is not null then return earlier_reply; end if;
  if n = 0 then return signalbox.finish_batch(j, p_batch_id, 0); end if;
  parts := signalbox.parts_of(p_lines);
  part_count := parts[n];
  j := signalbox.reserve_seqs(j, part_count);
  first_line := j.line_count + 1;
  update public.jobs set line_count = line_count + n where key = j.key;
  insert into public.log_lines (job_key, line, stream, text, ts)
    select j.key, first_line + e.ord - 1, e.l ->> 0, e.l ->> 1,
      to_timestamp((e.l ->> 2)::double precision / 1000)
    from jsonb_array_elements(p_lines) with ordinality e (l, ord);
  insert into public.job_stream (job_key, seq, stream, payload, bytes)
  select j.key, j.last_seq - part_count + parts[ord], 'logs', jsonb_build_object(
      'first_line', first_line + min(ord) - 1, 'count', count(*)), sum(octet_length(l::text))
  from jsonb_array_elements(p_lines) with ordinality x (l, ord)
  group by parts[ord];
  return signalbox.finish_batch(j, p_batch_id, n);
end $$;

revoke execute on function signalbox.parts_of(jsonb), signalbox.is_longer(text, integer),
  signalbox.frame_predictions(bigint, bigint, jsonb),
  signalbox.frame_payload(bigint, bigint, text, jsonb, boolean),
  public.read_stream(bigint, bigint, integer, integer, boolean)
  from public, anon, authenticated;
grant execute on function signalbox.parts_of(jsonb), signalbox.is_longer(text, integer),
  signalbox.frame_predictions(bigint, bigint, jsonb),
  signalbox.frame_payload(bigint, bigint, text, jsonb, boolean),
  public.read_stream(bigint, bigint, integer, integer, boolean)
  to service_role;
