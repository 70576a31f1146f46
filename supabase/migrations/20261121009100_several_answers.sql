-- Several answers to one prompt at one step, as for pass@k: each is a sample of its own, with its own
-- row, history and place in the map. Before, only the last of them was shown.

comment on column public.samples.key is
  'Identifies a sample across epochs: its prompt_id (i…), else a hash of its prompt (h…), else its
   index (n…). The second answer to a prompt at the same step ends in U+001F and 2, and so on.';

create function signalbox.answer_key(p_key text, p_number bigint) returns text
  language sql immutable as $$
  select case when p_number <= 1 then p_key else p_key || E'\x1f' || p_number end $$;
comment on function signalbox.answer_key is 'The key of the nth answer to a prompt at one step.';

create function signalbox.answers_at(
  p_job_key bigint, p_key text, p_epoch double precision, p_step bigint)
  returns bigint language sql stable as $$
  with recursive found (n) as (
    select 0::bigint
    union all
    select n + 1 from found where exists (
      select from public.samples s
      join public.predictions p on p.job_key = p_job_key and p.epoch = p_epoch
        and p.sample_id = s.id and p.step = p_step
      where s.job_key = p_job_key and s.key = signalbox.answer_key(p_key, n + 1))
  )
  select max(n) from found $$;
comment on function signalbox.answers_at is
  'How many answers to a prompt are stored of an epoch and step.';

create function signalbox.separate_answers(p_job_key bigint, p_rows jsonb) returns jsonb
  language plpgsql stable as $$
declare result jsonb;
begin
  with arrived as (
    select r, ord, r ->> 'key' as key, (r ->> 'epoch')::double precision as epoch,
      (r ->> 'step')::bigint as step, (r ->> 'sample_index')::bigint as sample_index
    from jsonb_array_elements(p_rows) with ordinality x (r, ord)
  ), begun as materialized (
    -- Steps of which earlier batches have stored answers; mostly none.
    select epoch, step from (select distinct epoch, step from arrived) d
    where exists (select from public.predictions p
      where p.job_key = p_job_key and p.epoch = d.epoch and p.step = d.step)
  ), stored as (
    select a.ord, s.key, signalbox.answers_at(p_job_key, a.key, a.epoch, a.step) as answers
    from arrived a
    join begun using (epoch, step)
    left join public.predictions p on p.job_key = p_job_key and p.epoch = a.epoch
      and p.step = a.step and p.sample_index = a.sample_index
    left join public.samples s on s.job_key = p_job_key and s.id = p.sample_id
      and split_part(s.key, E'\x1f', 1) = a.key
  ), numbered as (
    -- A prediction that is sent again keeps its sample.
    select a.r, a.ord, a.key, coalesce(s.key, signalbox.answer_key(a.key,
      coalesce(s.answers, 0) + row_number() over (
        partition by a.key, a.epoch, a.step, s.key is null order by a.sample_index))) as answer
    from arrived a
    left join stored s using (ord)
  )
  select case when bool_or(answer <> key) then
    jsonb_agg(case when answer = key then r else r || jsonb_build_object('key', answer) end
      order by ord) end
  into result from numbered;
  return coalesce(result, p_rows);
end $$;
comment on function signalbox.separate_answers is
  'The rows of a batch, with a key of its own for each further answer to the same prompt at the same
   epoch and step, in the order of their sample_index.';

create or replace function signalbox.prediction_json(p public.predictions, s public.samples, j public.jobs)
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

revoke execute on all functions in schema public, signalbox from public, anon, authenticated;
grant execute on all functions in schema public, signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
