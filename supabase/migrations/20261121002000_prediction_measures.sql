-- Each mean over the predictions that have its measure: a trainer may send an exact match without an
-- error rate, or the other way round.

alter table public.prediction_epochs
  add column exact_count bigint not null default 0,
  add column error_count bigint not null default 0,
  add column ratio_count bigint not null default 0,
  add column overlap_count bigint not null default 0;
comment on column public.prediction_epochs.scored is
  'Predictions with an exact match or a character error rate.';

create or replace function signalbox.recompute_epoch(p_key bigint, p_epoch double precision)
  returns void language sql as $$
  insert into public.prediction_epochs (job_key, epoch, count, latest_step, scored, exact_sum,
    error_sum, error_min, error_max, ratio_sum, overlap_sum, validated, passed, exact_count,
    error_count, ratio_count, overlap_count)
  select p_key, p_epoch, count(*), max(step),
    count(*) filter (where exact_match is not null or char_error_rate is not null),
    coalesce(sum(exact_match::double precision), 0), coalesce(sum(char_error_rate), 0),
    min(char_error_rate), max(char_error_rate), coalesce(sum(length_ratio), 0),
    coalesce(sum(word_overlap), 0), count(validation_passed),
    count(*) filter (where validation_passed), count(exact_match), count(char_error_rate),
    count(length_ratio), count(word_overlap)
  from public.predictions where job_key = p_key and epoch = p_epoch
  on conflict (job_key, epoch) do update set
    count = excluded.count, latest_step = excluded.latest_step, scored = excluded.scored,
    exact_sum = excluded.exact_sum, error_sum = excluded.error_sum,
    error_min = excluded.error_min, error_max = excluded.error_max,
    ratio_sum = excluded.ratio_sum, overlap_sum = excluded.overlap_sum,
    validated = excluded.validated, passed = excluded.passed,
    exact_count = excluded.exact_count, error_count = excluded.error_count,
    ratio_count = excluded.ratio_count, overlap_count = excluded.overlap_count $$;

update public.prediction_epochs e set
  scored = c.scored, exact_count = c.exact_count, error_count = c.error_count,
  ratio_count = c.ratio_count, overlap_count = c.overlap_count
from (
  select job_key, epoch,
    count(*) filter (where exact_match is not null or char_error_rate is not null) as scored,
    count(exact_match) as exact_count, count(char_error_rate) as error_count,
    count(length_ratio) as ratio_count, count(word_overlap) as overlap_count
  from public.predictions group by job_key, epoch
) c
where c.job_key = e.job_key and c.epoch = e.epoch;

create or replace function signalbox.epoch_summary(p_key bigint) returns jsonb
  language plpgsql stable as $$
declare
  n integer;
  best record;
begin
  select count(*) into n from public.prediction_epochs where job_key = p_key;
  if n = 0 then return null; end if;
  select epoch, signalbox.mean(exact_sum, exact_count) as exact_match,
      signalbox.mean(error_sum, error_count) as error_rate into best
    from public.prediction_epochs where job_key = p_key and (error_count > 0 or exact_count > 0)
    order by error_rate nulls last, exact_match desc nulls last, epoch limit 1;
  return jsonb_build_object('count', n, 'best_epoch', best.epoch,
    'best_exact_match', best.exact_match, 'best_char_error_rate', best.error_rate);
end $$;
comment on function signalbox.epoch_summary is
  'The number of epochs with predictions, and the epoch with the lowest mean character error rate,
   or with the most exact matches where no error rate was measured; null without predictions.';
