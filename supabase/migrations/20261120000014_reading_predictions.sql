-- Reading predictions: pages of an epoch, quality by epoch, the map, single samples.

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
comment on function signalbox.prediction_json is 'The prediction object of the contract.';

create function public.read_predictions(p_job_key bigint, p_query jsonb) returns jsonb
  language plpgsql stable as $$
declare
  at_epoch double precision := (p_query ->> 'epoch')::double precision;
  before double precision := (p_query ->> 'changed_from')::double precision;
  sort text := coalesce(p_query ->> 'sort', 'index');
  filter_name text := p_query ->> 'filter';
  needle text := p_query ->> 'q';
  page_limit integer := coalesce((p_query ->> 'limit')::integer, 50);
  page_offset integer := coalesce((p_query ->> 'offset')::integer, 0);
  first_epoch double precision;
  skipped bigint := 0;
  result jsonb;
begin
  if at_epoch is null then
    if needle is null and filter_name is null then
      -- Skips whole epochs before the page by their counts, not row by row.
      select e.epoch, e.before into first_epoch, skipped
      from (select epoch, sum(count) over (order by epoch) - count as before
        from public.prediction_epochs where job_key = p_job_key) e
      where e.before <= page_offset order by e.epoch desc limit 1;
    end if;
    select jsonb_build_object(
      'total_count', case when needle is null and filter_name is null
        then (select coalesce(sum(count), 0) from public.prediction_epochs where job_key = p_job_key)
        else (select count(*) from public.predictions p
          join public.samples s on s.job_key = p.job_key and s.id = p.sample_id
          where p.job_key = p_job_key
            and (needle is null or strpos(lower(s.prompt || E'\n' || p.prediction), lower(needle)) > 0)
            and (filter_name is null or (filter_name = 'right' and p.exact_match >= 1)
              or (filter_name = 'wrong' and p.exact_match < 1)
              or (filter_name = 'passed' and p.validation_passed)
              or (filter_name = 'failed' and not p.validation_passed))) end,
      'predictions', coalesce((
        select jsonb_agg(signalbox.prediction_json(x.p, x.s)
          order by (x.p).epoch, (x.p).step, (x.p).sample_index)
        from (
          select p, s from public.predictions p
          join public.samples s on s.job_key = p.job_key and s.id = p.sample_id
          where p.job_key = p_job_key and p.epoch >= coalesce(first_epoch, '-Infinity')
            and (needle is null or strpos(lower(s.prompt || E'\n' || p.prediction), lower(needle)) > 0)
            and (filter_name is null or (filter_name = 'right' and p.exact_match >= 1)
              or (filter_name = 'wrong' and p.exact_match < 1)
              or (filter_name = 'passed' and p.validation_passed)
              or (filter_name = 'failed' and not p.validation_passed))
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
        and case filter_name
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
        m.sample_index, m.sample_id) as rank
      from matching m
      order by rank limit page_limit offset page_offset
    )
    select jsonb_build_object(
      'total_count', (select count(*) from matching),
      'predictions', coalesce((
        select jsonb_agg(signalbox.prediction_json(p, s) || jsonb_build_object(
          'change', g.change,
          'previous', case when o.sample_id is not null then jsonb_build_object(
            'epoch', o.epoch, 'step', o.step, 'prediction', o.prediction,
            'exact_match', o.exact_match, 'char_error_rate', o.char_error_rate) end)
          order by g.rank)
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
  'A page of predictions: {predictions, total_count, epoch_count}. p_query: epoch (one row per
   sample, from its latest step), changed_from (an epoch; adds previous and change, the difference
   of the character error rates), sort (index, -index, worst, best, improved, regressed), filter
   (right, wrong, changed, improved, regressed, passed, failed), q (text in prompt, ground truth or
   prediction, ignoring case), limit, offset.';

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
  'Quality by epoch, from the rollup; null where there is no data.';

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
  'The map of every sample at every epoch: {last_seq, sample_count, epochs:[{epoch, cells}]}.
   cells: one byte per sample by sample id, in base64: 0 no prediction, 1 no ground truth, 2
   correct, 3–255 wrong, where (byte − 3) / 252 is the character error rate, at most 1.';

create function public.read_samples(p_job_key bigint, p_ids integer[]) returns jsonb
  language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('sample_id', s.id, 'sample_index', s.sample_index,
    'prompt', left(s.prompt, 200), 'ground_truth', left(s.ground_truth, 200)) order by s.id), '[]')
  from public.samples s where s.job_key = p_job_key and s.id = any (p_ids) $$;
comment on function public.read_samples is 'Samples by id, with texts of at most 200 characters.';

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
  'The predictions for one sample, by epoch: the one of the latest step of each.';
