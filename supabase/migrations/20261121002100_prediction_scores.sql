-- Scores: every further number or short text of a prediction. The row holds them; a rollup per epoch
-- and tiles of the map are kept for the first 100 names of a job.

alter table public.predictions
  add column details jsonb,
  add column scores jsonb,
  add column moved_from integer;
comment on column public.predictions.details is
  'Further known fields that were sent: validation_kind, validation_errors, prompt_tokens,
   total_tokens, source_index, sample_source, sample_source_id, max_new_tokens, do_sample.';
comment on column public.predictions.scores is 'Numbers and texts by name.';
comment on column public.predictions.moved_from is
  'The sample that this prediction answered before it was replaced by one of another sample.';
comment on column public.samples.key is
  'Identifies a sample across epochs: its prompt_id (i…), else a hash of its prompt (h…), else its
   index (n…). The second answer to a prompt at the same step ends in U+001F and 2, and so on: each
   is a sample of its own, as for pass@k.';

create table public.prediction_scores (
  job_key bigint not null references public.jobs (key) on delete cascade,
  id smallint not null,
  name text not null,
  kind text not null check (kind in ('number', 'text')),
  categories text[] not null default '{}',
  primary key (job_key, id),
  unique (job_key, name)
);
comment on table public.prediction_scores is
  'The scores of a job that have rollups and tiles, at most 100. Values of another type than the
   first one stay in the rows alone.';
comment on column public.prediction_scores.categories is
  'The texts of a text score, at most 20, in the order in which they came.';

create table public.prediction_score_epochs (
  job_key bigint not null references public.jobs (key) on delete cascade,
  epoch double precision not null,
  score_id smallint not null,
  category smallint not null,
  count bigint not null,
  sum double precision,
  min double precision,
  max double precision,
  primary key (job_key, epoch, score_id, category)
);
comment on table public.prediction_score_epochs is
  'Rollup of a score over an epoch: one row of a number, one row per category of a text.';
comment on column public.prediction_score_epochs.category is
  '0 for a number; the index of the text in the categories, 20 for any other text.';

create table public.prediction_score_tiles (
  job_key bigint not null references public.jobs (key) on delete cascade,
  epoch double precision not null,
  tile integer not null,
  score_id smallint not null,
  cells bytea not null,
  primary key (job_key, epoch, tile, score_id)
);
comment on table public.prediction_score_tiles is
  'Tiles of a score''s map: 1,024 samples of one epoch per row, a big-endian float32 per sample; NaN
   without a value, for a text the index of its category.';

do $$
declare
  name text;
begin
  foreach name in array '{prediction_scores,prediction_score_epochs,prediction_score_tiles}'::text[]
  loop
    execute format('alter table public.%I enable row level security', name);
    execute format('create policy "own scores" on public.%I for select to authenticated
      using (signalbox.owns_job(job_key))', name);
    execute format('revoke all on public.%I from anon, authenticated', name);
    execute format('grant all on public.%I to service_role', name);
    execute format('grant select on public.%I to authenticated', name);
  end loop;
end $$;

create function signalbox.score_number(p_value jsonb) returns double precision
  language sql immutable as $$
  select case when jsonb_typeof(p_value) = 'number'
    then case when abs(p_value::double precision) <= 1e300 then p_value::double precision end
    end $$;
comment on function signalbox.score_number is
  'The number of a score, if sums and means take it: NaN, infinities and numbers beyond 1e300, which
   could overflow a sum, do not count as measured.';

create function signalbox.score_category(p_value jsonb, p_categories text[]) returns integer
  language sql immutable as $$
  select case when jsonb_typeof(p_value) = 'string'
      and p_value not in ('"NaN"', '"Infinity"', '"-Infinity"')
    then coalesce(array_position(p_categories, p_value #>> '{}') - 1, 20) end $$;
comment on function signalbox.score_category is
  'The index of a score''s text in the categories, 20 for a text that is not among them, null for a
   number.';

create function signalbox.register_scores(p_key bigint, p_scores jsonb) returns jsonb
  language sql as $$
  with arrived as materialized (
    select x.score ->> 'name' as name, x.score ->> 'kind' as kind, x.ord,
      array(select jsonb_array_elements_text(x.score -> 'texts')) as texts
    from jsonb_array_elements(p_scores) with ordinality x (score, ord)
  ), known as (
    select s.id, s.name, s.kind, s.categories from public.prediction_scores s
    where s.job_key = p_key
  ), added as (
    insert into public.prediction_scores (job_key, id, name, kind, categories)
    select p_key, n.id, n.name, n.kind, case when n.kind = 'text' then n.texts[:20] else '{}' end
    from (
      select (select count(*) from known) + row_number() over (order by a.ord) - 1 as id,
        a.name, a.kind, a.texts
      from arrived a where not exists (select from known k where k.name = a.name)
    ) n
    where n.id < 100
    returning name
  ), extended as (
    update public.prediction_scores s set categories = s.categories || fresh.texts
    from (
      select k.id, (array_agg(t.text order by t.ord))[:20 - cardinality(k.categories)] as texts
      from arrived a
      join known k on k.name = a.name and k.kind = 'text' and cardinality(k.categories) < 20
      cross join lateral unnest(a.texts) with ordinality t (text, ord)
      where not t.text = any (k.categories)
      group by k.id, k.categories
    ) fresh
    where s.job_key = p_key and s.id = fresh.id
  )
  select jsonb_agg(a.name order by a.ord) from arrived a
  where not exists (select from known k where k.name = a.name)
    and not exists (select from added d where d.name = a.name) $$;
comment on function signalbox.register_scores is
  'Adds the scores of a batch, [{name, kind, texts}], and their categories to those of the job.
   Returns the names that are not among them, beyond the first 100; null if there are none.';

create function signalbox.recompute_epoch_scores(p_key bigint, p_epoch double precision)
  returns void language sql as $$
  delete from public.prediction_score_epochs where job_key = p_key and epoch = p_epoch;
  insert into public.prediction_score_epochs
    (job_key, epoch, score_id, category, count, sum, min, max)
  select p_key, p_epoch, v.id, v.category, count(*), sum(v.number), min(v.number), max(v.number)
  from (
    select s.id, case when s.kind = 'text' then signalbox.score_category(x.value, s.categories)
        else 0 end as category,
      case when s.kind = 'number' then signalbox.score_number(x.value) end as number, s.kind
    from public.predictions p
    cross join lateral jsonb_each(p.scores) x
    join public.prediction_scores s on s.job_key = p_key and s.name = x.key
    where p.job_key = p_key and p.epoch = p_epoch
  ) v
  where case when v.kind = 'text' then v.category else v.number end is not null
  group by v.id, v.category $$;
comment on function signalbox.recompute_epoch_scores is
  'Recomputes the rollups of an epoch''s scores, after predictions were replaced.';

create function signalbox.add_epoch_scores(
  p_key bigint, p_rows jsonb, p_without double precision[]) returns void language sql as $$
  insert into public.prediction_score_epochs as e
    (job_key, epoch, score_id, category, count, sum, min, max)
  select p_key, v.epoch, v.id, v.category, count(*), sum(v.number), min(v.number), max(v.number)
  from (
    select (r ->> 'epoch')::double precision as epoch, s.id, s.kind,
      case when s.kind = 'text' then signalbox.score_category(x.value, s.categories)
        else 0 end as category,
      case when s.kind = 'number' then signalbox.score_number(x.value) end as number
    from jsonb_array_elements(p_rows) r
    cross join lateral jsonb_each(r -> 'scores') x
    join public.prediction_scores s on s.job_key = p_key and s.name = x.key
  ) v
  where case when v.kind = 'text' then v.category else v.number end is not null
    and not v.epoch = any (p_without)
  group by v.epoch, v.id, v.category
  on conflict (job_key, epoch, score_id, category) do update set
    count = e.count + excluded.count, sum = e.sum + excluded.sum,
    min = least(e.min, excluded.min), max = greatest(e.max, excluded.max) $$;
comment on function signalbox.add_epoch_scores is
  'Adds the scores of a batch to the rollups of its epochs, but for those in p_without.';

create function signalbox.rebuild_score_tiles(
  p_key bigint, p_epoch double precision, p_tile integer) returns void language sql as $$
  delete from public.prediction_score_tiles
  where job_key = p_key and epoch = p_epoch and tile = p_tile;
  insert into public.prediction_score_tiles (job_key, epoch, tile, score_id, cells)
  with measured as materialized (
    select s.id, l.sample_id, float4send(case when s.kind = 'text'
      then signalbox.score_category(x.value, s.categories)::real
      -- Within the range of single precision: a cast from beyond it would fail.
      else case when abs(v.number) < 1e-37 then 0
        when abs(v.number) > 3.4e38 then sign(v.number) * 3.4e38
        else v.number end::real end) as cell
    from (
      select distinct on (sample_id) sample_id, scores
      from public.predictions
      where job_key = p_key and epoch = p_epoch
        and sample_id between p_tile * 1024 and p_tile * 1024 + 1023
      order by sample_id, step desc, sample_index desc
    ) l
    cross join lateral jsonb_each(l.scores) x
    join public.prediction_scores s on s.job_key = p_key and s.name = x.key
    cross join lateral (select case when s.kind = 'number'
      then signalbox.score_number(x.value) end as number) v
  )
  select p_key, p_epoch, p_tile, d.id,
    string_agg(coalesce(m.cell, '\x7fc00000'), ''::bytea order by n.sample_id)
  from (select distinct id from measured where cell is not null) d
  cross join generate_series(p_tile * 1024, p_tile * 1024 + 1023) n (sample_id)
  left join measured m on m.id = d.id and m.sample_id = n.sample_id
  group by d.id $$;
comment on function signalbox.rebuild_score_tiles is
  'Rebuilds a tile of every score from the latest prediction of each of its samples.';

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

drop function public.ingest_predictions(jsonb, text, text, text, jsonb);
create function public.ingest_predictions(
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
comment on function public.ingest_predictions is
  'Stores predictions with their quality: [{key, sample_index, epoch, step, prompt, prediction,
   ground_truth, exact_match, char_error_rate, length_ratio, word_overlap, validation_pass,
   completion_tokens, latency_ms, metadata, details, scores}]; a field without a value is left out.
   p_scores: the scores in them, [{name, kind, texts}]. They are unique by (epoch, step,
   sample_index), also within a batch; a repeated one replaces the earlier one. Returns {success,
   count, last_seq, not_aggregated} or {error}.';

grant usage, select on all sequences in schema public to service_role;
revoke execute on all functions in schema public, signalbox from public, anon, authenticated;
grant execute on all functions in schema public, signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
