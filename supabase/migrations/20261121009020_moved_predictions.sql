-- A replaced prediction remembers the sample that it answered before, whose cell of the map changes,
-- too: looking for such rows in the table took longer than storing them.

alter table public.predictions add column moved_from integer;
comment on column public.predictions.moved_from is
  'The sample that this prediction answered before it was replaced by one of another sample.';

create or replace function public.ingest_predictions(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_rows jsonb, p_scores jsonb)
  returns jsonb language plpgsql as $$
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
  result jsonb;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  earlier_reply := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier_reply is not null then return earlier_reply; end if;
  if n = 0 then return signalbox.finish_batch(j, p_batch_id, 0); end if;
  j := signalbox.reserve_seqs(j, 1,
    (select max((r ->> 'step')::bigint) from jsonb_array_elements(p_rows) r),
    (select max((r ->> 'epoch')::double precision) from jsonb_array_elements(p_rows) r));
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
        r ->> 'prediction' as prediction,
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
      from jsonb_array_elements(p_rows) r
      join public.samples s on s.job_key = j.key and s.key = r ->> 'key'
    ), stored as (
      insert into public.predictions as p (job_key, epoch, step, sample_index, sample_id, seq,
        prediction, ground_truth, exact_match, char_error_rate, length_ratio, word_overlap,
        validation_passed, tokens, latency_ms, metadata, details, scores)
      select j.key, epoch, step, sample_index, sample_id, j.last_seq, prediction, ground_truth,
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

  perform signalbox.append(j.key, j.last_seq, 'prediction', jsonb_build_object('rows', (
    select jsonb_agg(jsonb_build_array((r ->> 'epoch')::double precision,
      (r ->> 'step')::bigint, (r ->> 'sample_index')::bigint))
    from jsonb_array_elements(p_rows) r)));
  update public.job_stream set bytes = pg_column_size(p_rows)
    where job_key = j.key and seq = j.last_seq;
  result := signalbox.finish_batch(j, p_batch_id, n);
  if left_out is not null then
    result := result || jsonb_build_object('not_aggregated', left_out);
    update public.ingest_batches set reply = result
      where job_key = j.key and batch_id = p_batch_id;
  end if;
  return result;
end $$;
