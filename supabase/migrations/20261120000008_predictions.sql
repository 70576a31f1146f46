-- Predictions: what the model answered to each sample at each epoch, with its quality.
-- A million of them (50 epochs of 20,000 samples) are read through a rollup per epoch and, for the
-- map of all samples over all epochs, through tiles of one byte a cell.

alter table public.jobs add column sample_count integer not null default 0;

create table public.samples (
  job_key bigint not null references public.jobs (key) on delete cascade,
  id integer not null,
  -- What makes it the same sample over epochs: its prompt_id, else a hash of its prompt, else its
  -- index; the first character tells which (i, h, n).
  key text not null,
  sample_index bigint not null,
  prompt text not null,
  ground_truth text,
  primary key (job_key, id),
  unique (job_key, key)
);

create table public.predictions (
  job_key bigint not null references public.jobs (key) on delete cascade,
  epoch double precision not null,
  step bigint not null,
  sample_index bigint not null,
  sample_id integer not null,
  seq bigint not null,
  prediction text not null,
  -- Kept only where it differs from the sample's.
  ground_truth text,
  exact_match real,
  char_error_rate double precision,
  length_ratio double precision,
  word_overlap double precision,
  validation_passed boolean,
  tokens integer,
  latency_ms double precision,
  metadata jsonb,
  created_at timestamptz not null default clock_timestamp(),
  primary key (job_key, epoch, step, sample_index)
);
create index predictions_by_sample
  on public.predictions (job_key, epoch, sample_id, step desc, sample_index desc);

create table public.prediction_epochs (
  job_key bigint not null references public.jobs (key) on delete cascade,
  epoch double precision not null,
  count bigint not null,
  latest_step bigint not null,
  scored bigint not null,
  exact_sum double precision not null,
  error_sum double precision not null,
  error_min double precision,
  error_max double precision,
  ratio_sum double precision not null,
  overlap_sum double precision not null,
  validated bigint not null,
  passed bigint not null,
  primary key (job_key, epoch)
);

create table public.prediction_tiles (
  job_key bigint not null references public.jobs (key) on delete cascade,
  epoch double precision not null,
  tile integer not null,
  cells bytea not null,
  primary key (job_key, epoch, tile)
);
comment on table public.prediction_tiles is
  'The map: 1,024 samples of one epoch a row, a byte a cell: 0 nothing, 1 without truth, 2 right,
   3 to 255 wrong, with a character error rate from 0 to 1 (and above).';

alter table public.samples enable row level security;
alter table public.predictions enable row level security;
alter table public.prediction_epochs enable row level security;
alter table public.prediction_tiles enable row level security;
create policy "own samples" on public.samples for select to authenticated
  using (signalbox.owns_job(job_key));
create policy "own predictions" on public.predictions for select to authenticated
  using (signalbox.owns_job(job_key));
create policy "own epochs" on public.prediction_epochs for select to authenticated
  using (signalbox.owns_job(job_key));
create policy "own tiles" on public.prediction_tiles for select to authenticated
  using (signalbox.owns_job(job_key));
revoke all on public.samples, public.predictions, public.prediction_epochs, public.prediction_tiles
  from anon, authenticated;
grant all on public.samples, public.predictions, public.prediction_epochs, public.prediction_tiles
  to service_role;
grant select on public.samples, public.predictions, public.prediction_epochs,
  public.prediction_tiles to authenticated;

create function signalbox.map_cell(p_exact real, p_error double precision) returns integer
  language sql immutable as $$
  select case
    when p_exact is null then 1
    when p_exact >= 1 then 2
    else 3 + round(least(1, coalesce(p_error, 1)) * 252)::integer end $$;

create function signalbox.rebuild_tile(p_key bigint, p_epoch double precision, p_tile integer)
  returns void language sql as $$
  insert into public.prediction_tiles (job_key, epoch, tile, cells)
  select p_key, p_epoch, p_tile,
    string_agg(set_byte('\x00'::bytea, 0, coalesce(c.code, 0)), ''::bytea order by n.id)
  from generate_series(p_tile * 1024, p_tile * 1024 + 1023) n (id)
  left join (
    select distinct on (sample_id) sample_id, signalbox.map_cell(exact_match, char_error_rate) as code
    from public.predictions
    where job_key = p_key and epoch = p_epoch
      and sample_id between p_tile * 1024 and p_tile * 1024 + 1023
    order by sample_id, step desc, sample_index desc
  ) c on c.sample_id = n.id
  on conflict (job_key, epoch, tile) do update set cells = excluded.cells $$;

create function signalbox.recompute_epoch(p_key bigint, p_epoch double precision) returns void
  language sql as $$
  insert into public.prediction_epochs
  select p_key, p_epoch, count(*), max(step), count(char_error_rate),
    coalesce(sum(exact_match), 0), coalesce(sum(char_error_rate), 0),
    min(char_error_rate), max(char_error_rate), coalesce(sum(length_ratio), 0),
    coalesce(sum(word_overlap), 0), count(validation_passed),
    count(*) filter (where validation_passed)
  from public.predictions where job_key = p_key and epoch = p_epoch
  on conflict (job_key, epoch) do update set
    count = excluded.count, latest_step = excluded.latest_step, scored = excluded.scored,
    exact_sum = excluded.exact_sum, error_sum = excluded.error_sum,
    error_min = excluded.error_min, error_max = excluded.error_max,
    ratio_sum = excluded.ratio_sum, overlap_sum = excluded.overlap_sum,
    validated = excluded.validated, passed = excluded.passed $$;

create function public.ingest_predictions(
  p_auth jsonb, p_job_id text, p_batch_id text, p_body_hash text, p_rows jsonb)
  returns jsonb language plpgsql as $$
declare
  a record;
  j public.jobs;
  earlier jsonb;
  n integer := jsonb_array_length(p_rows);
  fresh integer;
  e record;
begin
  select * into a from signalbox.authorize_ingest(p_auth, p_job_id, true);
  if a.problem is not null then return a.problem; end if;
  j := a.job;
  earlier := signalbox.register_batch(j.key, p_batch_id, p_body_hash);
  if earlier is not null then return earlier; end if;
  if n = 0 then return signalbox.finish_batch(j, p_batch_id, 0); end if;
  j := signalbox.reserve_seqs(j, 1,
    (select max((r ->> 'step')::bigint) from jsonb_array_elements(p_rows) r),
    (select max((r ->> 'epoch')::double precision) from jsonb_array_elements(p_rows) r));

  -- Samples first: new ones get the next numbers, known ones take a changed prompt or truth.
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
  get diagnostics fresh = row_count;
  update public.jobs set sample_count = sample_count + fresh where key = j.key;

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
        (r ->> 'validation_passed')::boolean as validation_passed,
        (r ->> 'tokens')::integer as tokens, (r ->> 'latency_ms')::double precision as latency_ms,
        nullif(r -> 'metadata', 'null') as metadata
      from jsonb_array_elements(p_rows) r
      join public.samples s on s.job_key = j.key and s.key = r ->> 'key'
    ), stored as (
      insert into public.predictions as p (job_key, epoch, step, sample_index, sample_id, seq,
        prediction, ground_truth, exact_match, char_error_rate, length_ratio, word_overlap,
        validation_passed, tokens, latency_ms, metadata)
      select j.key, epoch, step, sample_index, sample_id, j.last_seq, prediction, ground_truth,
        exact_match, char_error_rate, length_ratio, word_overlap, validation_passed, tokens,
        latency_ms, metadata
      from arrived
      on conflict (job_key, epoch, step, sample_index) do update set
        sample_id = excluded.sample_id, seq = excluded.seq, prediction = excluded.prediction,
        ground_truth = excluded.ground_truth, exact_match = excluded.exact_match,
        char_error_rate = excluded.char_error_rate, length_ratio = excluded.length_ratio,
        word_overlap = excluded.word_overlap, validation_passed = excluded.validation_passed,
        tokens = excluded.tokens, latency_ms = excluded.latency_ms, metadata = excluded.metadata,
        created_at = excluded.created_at
      returning p.*, (xmax <> 0) as replaced
    )
    select epoch, bool_or(replaced) as replaced, count(*) as count, max(step) as latest_step,
      count(char_error_rate) as scored, coalesce(sum(exact_match), 0) as exact_sum,
      coalesce(sum(char_error_rate), 0) as error_sum, min(char_error_rate) as error_min,
      max(char_error_rate) as error_max, coalesce(sum(length_ratio), 0) as ratio_sum,
      coalesce(sum(word_overlap), 0) as overlap_sum, count(validation_passed) as validated,
      count(*) filter (where validation_passed) as passed,
      array_agg(distinct sample_id / 1024) as tiles
    from stored group by epoch
  loop
    if e.replaced then
      perform signalbox.recompute_epoch(j.key, e.epoch);
    else
      insert into public.prediction_epochs as x values (j.key, e.epoch, e.count, e.latest_step,
        e.scored, e.exact_sum, e.error_sum, e.error_min, e.error_max, e.ratio_sum, e.overlap_sum,
        e.validated, e.passed)
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
        passed = x.passed + excluded.passed;
    end if;
    perform signalbox.rebuild_tile(j.key, e.epoch, t) from unnest(e.tiles) t;
  end loop;

  perform signalbox.append(j.key, j.last_seq, 'prediction', jsonb_build_object('rows', (
    select jsonb_agg(jsonb_build_array((r ->> 'epoch')::double precision,
      (r ->> 'step')::bigint, (r ->> 'sample_index')::bigint))
    from jsonb_array_elements(p_rows) r)));
  update public.job_stream set bytes = pg_column_size(p_rows)
    where job_key = j.key and seq = j.last_seq;
  return signalbox.finish_batch(j, p_batch_id, n);
end $$;
comment on function public.ingest_predictions is
  'Stores predictions with their quality: [{key, sample_index, epoch, step, prompt, prediction,
   ground_truth, exact_match, char_error_rate, length_ratio, word_overlap, validation_passed, tokens,
   latency_ms, metadata}], unique by (epoch, step, sample_index): again is replace. No two rows of a
   batch may share these. Returns {success,count,last_seq} or {error}.';

create function signalbox.prediction_json(p public.predictions, s public.samples) returns jsonb
  language sql stable as $$
  select jsonb_build_object(
    'sample_id', p.sample_id, 'sample_index', p.sample_index, 'epoch', p.epoch, 'step', p.step,
    'prompt_id', case when s.key like 'i%' then substr(s.key, 2) end,
    'prompt', s.prompt, 'prediction', p.prediction,
    'ground_truth', coalesce(p.ground_truth, s.ground_truth),
    'exact_match', p.exact_match, 'char_error_rate', p.char_error_rate,
    'length_ratio', p.length_ratio, 'word_overlap', p.word_overlap,
    'validation_passed', p.validation_passed, 'tokens', p.tokens, 'latency_ms', p.latency_ms,
    'metadata', coalesce(p.metadata, '{}'), 'created_at', signalbox.iso(p.created_at)) $$;

create function public.read_predictions(p_job_key bigint, p_query jsonb) returns jsonb
  language plpgsql stable as $$
declare
  at_epoch double precision := (p_query ->> 'epoch')::double precision;
  before double precision := (p_query ->> 'changed_from')::double precision;
  sort text := coalesce(p_query ->> 'sort', 'index');
  wanted text := p_query ->> 'filter';
  needle text := p_query ->> 'q';
  page_limit integer := coalesce((p_query ->> 'limit')::integer, 50);
  page_offset integer := coalesce((p_query ->> 'offset')::integer, 0);
  first_epoch double precision;
  skipped bigint := 0;
  result jsonb;
begin
  if at_epoch is null then
    if needle is null and wanted is null then
      -- Whole epochs before the page are skipped by their counts, not row by row.
      select e.epoch, e.before into first_epoch, skipped
      from (select epoch, sum(count) over (order by epoch) - count as before
        from public.prediction_epochs where job_key = p_job_key) e
      where e.before <= page_offset order by e.epoch desc limit 1;
    end if;
    select jsonb_build_object(
      'total_count', case when needle is null and wanted is null
        then (select coalesce(sum(count), 0) from public.prediction_epochs where job_key = p_job_key)
        else (select count(*) from public.predictions p
          join public.samples s on s.job_key = p.job_key and s.id = p.sample_id
          where p.job_key = p_job_key
            and (needle is null or strpos(lower(s.prompt || E'\n' || p.prediction), lower(needle)) > 0)
            and (wanted is null or (wanted = 'right' and p.exact_match >= 1)
              or (wanted = 'wrong' and p.exact_match < 1)
              or (wanted = 'passed' and p.validation_passed)
              or (wanted = 'failed' and not p.validation_passed))) end,
      'predictions', coalesce((
        select jsonb_agg(signalbox.prediction_json(x.p, x.s)
          order by (x.p).epoch, (x.p).step, (x.p).sample_index)
        from (
          select p, s from public.predictions p
          join public.samples s on s.job_key = p.job_key and s.id = p.sample_id
          where p.job_key = p_job_key and p.epoch >= coalesce(first_epoch, '-Infinity')
            and (needle is null or strpos(lower(s.prompt || E'\n' || p.prediction), lower(needle)) > 0)
            and (wanted is null or (wanted = 'right' and p.exact_match >= 1)
              or (wanted = 'wrong' and p.exact_match < 1)
              or (wanted = 'passed' and p.validation_passed)
              or (wanted = 'failed' and not p.validation_passed))
          order by p.epoch, p.step, p.sample_index
          limit page_limit offset page_offset - coalesce(skipped, 0)
        ) x), '[]'))
    into result;
  else
    with now_rows as (
      select distinct on (sample_id) p.sample_id, p.step, p.sample_index, p.exact_match as exact,
        p.char_error_rate as error, p.prediction, p.validation_passed as passed
      from public.predictions p
      where p.job_key = p_job_key and p.epoch = at_epoch
      order by p.sample_id, p.step desc, p.sample_index desc
    ), old_rows as (
      select distinct on (sample_id) p.sample_id, p.step, p.sample_index, p.exact_match as exact,
        p.char_error_rate as error, p.prediction
      from public.predictions p
      where p.job_key = p_job_key and p.epoch = before
      order by p.sample_id, p.step desc, p.sample_index desc
    ), matching as materialized (
      select n.sample_id, n.step, n.sample_index, n.error, o.step as old_step,
        o.sample_index as old_index, n.error - o.error as change
      from now_rows n
      left join old_rows o using (sample_id)
      where (needle is null or exists (
          select from public.samples s where s.job_key = p_job_key and s.id = n.sample_id
            and strpos(lower(s.prompt || E'\n' || coalesce(s.ground_truth, '') || E'\n'
              || n.prediction), lower(needle)) > 0))
        and case wanted
          when 'right' then n.exact >= 1
          when 'wrong' then n.exact < 1
          when 'changed' then o.sample_id is not null and n.prediction <> o.prediction
          when 'improved' then n.error < o.error
          when 'regressed' then n.error > o.error
          when 'passed' then n.passed
          when 'failed' then not n.passed
          else true end
    ), page as (
      select m.*, row_number() over (order by
        case when sort = 'worst' then m.error end desc nulls last,
        case when sort = 'best' then m.error end asc nulls last,
        case when sort = 'regressed' then m.change end desc nulls last,
        case when sort = 'improved' then m.change end asc nulls last,
        case when sort = '-index' then m.sample_index end desc,
        m.sample_index, m.sample_id) as place
      from matching m
      order by place limit page_limit offset page_offset
    )
    select jsonb_build_object(
      'total_count', (select count(*) from matching),
      'predictions', coalesce((
        select jsonb_agg(signalbox.prediction_json(p, s) || jsonb_build_object(
          'change', g.change,
          'previous', case when o.sample_id is not null then jsonb_build_object(
            'epoch', o.epoch, 'step', o.step, 'prediction', o.prediction,
            'exact_match', o.exact_match, 'char_error_rate', o.char_error_rate) end)
          order by g.place)
        from page g
        join public.predictions p on p.job_key = p_job_key and p.epoch = at_epoch
          and p.step = g.step and p.sample_index = g.sample_index
        join public.samples s on s.job_key = p_job_key and s.id = g.sample_id
        left join public.predictions o on o.job_key = p_job_key and o.epoch = before
          and o.step = g.old_step and o.sample_index = g.old_index), '[]'))
    into result;
  end if;
  return result || jsonb_build_object('epoch_count',
    (select count(*) from public.prediction_epochs where job_key = p_job_key));
end $$;
comment on function public.read_predictions is
  'A page of predictions: {predictions, total_count, epoch_count}. p_query: epoch (then one row a
   sample, the latest step''s), changed_from (adds previous and change, the difference of the
   character error rates), sort (index, -index, worst, best, improved, regressed), filter (right,
   wrong, changed, improved, regressed, passed, failed), q (in prompt, truth, prediction; case
   ignored), limit, offset.';

create function public.read_prediction_epochs(p_job_key bigint) returns jsonb
  language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'epoch', epoch, 'step', latest_step, 'latest_step', latest_step, 'sample_count', count,
      'prediction_count', count, 'scored_count', scored,
      'avg_exact_match', signalbox.mean(exact_sum, scored),
      'avg_char_error_rate', signalbox.mean(error_sum, scored),
      'avg_length_ratio', signalbox.mean(ratio_sum, scored),
      'avg_word_overlap', signalbox.mean(overlap_sum, scored),
      'min_char_error_rate', error_min, 'max_char_error_rate', error_max,
      'validation_pass_rate', passed::double precision / nullif(validated, 0)) order by epoch), '[]')
  from public.prediction_epochs where job_key = p_job_key $$;
comment on function public.read_prediction_epochs is
  'Quality per epoch, from the rollup: nulls where nothing was measured.';

create function public.read_prediction_map(p_job_key bigint) returns jsonb
  language sql stable as $$
  select jsonb_build_object(
    'last_seq', j.last_seq, 'sample_count', j.sample_count,
    'epochs', coalesce((select jsonb_agg(jsonb_build_object('epoch', t.epoch, 'cells', t.cells)
      order by t.epoch)
      from (
        select e.epoch, translate(encode(substr(string_agg(
            coalesce(x.cells, decode(repeat('00', 1024), 'hex')), ''::bytea order by n.tile),
          1, j.sample_count), 'base64'), E'\n', '') as cells
        from public.prediction_epochs e
        cross join generate_series(0, (j.sample_count - 1) / 1024) n (tile)
        left join public.prediction_tiles x
          on x.job_key = p_job_key and x.epoch = e.epoch and x.tile = n.tile
        where e.job_key = p_job_key
        group by e.epoch
      ) t), '[]'))
  from public.jobs j where j.key = p_job_key $$;
comment on function public.read_prediction_map is
  'Every sample at every epoch: {sample_count, epochs:[{epoch, cells}]}, cells in base64, a byte a
   sample in the order of sample ids: 0 nothing, 1 no truth, 2 right, 3–255 wrong, (byte − 3) / 252
   being the character error rate, at most 1.';

create function public.read_samples(p_job_key bigint, p_ids integer[]) returns jsonb
  language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('sample_id', s.id, 'sample_index', s.sample_index,
    'prompt', left(s.prompt, 200), 'ground_truth', left(s.ground_truth, 200)) order by s.id), '[]')
  from public.samples s where s.job_key = p_job_key and s.id = any (p_ids) $$;
comment on function public.read_samples is 'Samples by id, their texts cut to 200 characters.';

create function public.read_sample_history(p_job_key bigint, p_sample_id integer) returns jsonb
  language sql stable as $$
  select coalesce(jsonb_agg(signalbox.prediction_json(x.p, s) order by (x.p).epoch, (x.p).step), '[]')
  from public.samples s
  cross join public.prediction_epochs e
  cross join lateral (
    select p from public.predictions p
    where p.job_key = p_job_key and p.epoch = e.epoch and p.sample_id = s.id
    order by p.step desc, p.sample_index desc limit 1) x
  where s.job_key = p_job_key and s.id = p_sample_id and e.job_key = p_job_key $$;
comment on function public.read_sample_history is
  'What the model answered to one sample at each epoch (the latest step''s answer), by epoch.';

revoke execute on function public.ingest_predictions, public.read_predictions,
  public.read_prediction_epochs, public.read_prediction_map, public.read_samples,
  public.read_sample_history from public, anon, authenticated;
grant execute on function public.ingest_predictions, public.read_predictions,
  public.read_prediction_epochs, public.read_prediction_map, public.read_samples,
  public.read_sample_history to service_role;
revoke execute on all functions in schema signalbox from public;
grant execute on all functions in schema signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
