-- Predictions: the model's output for each sample at each epoch, with its quality. A million of them
-- (50 epochs of 20,000 samples) are read through a rollup per epoch and, for the map of all samples
-- and epochs, through tiles of one byte per cell.

create table public.samples (
  job_key bigint not null references public.jobs (key) on delete cascade,
  id integer not null,
  key text not null,
  sample_index bigint not null,
  prompt text not null,
  ground_truth text,
  primary key (job_key, id),
  unique (job_key, key)
);
comment on table public.samples is 'Samples that the model is evaluated on, numbered from 0 per job.';
comment on column public.samples.key is
  'Identifies a sample across epochs: its prompt_id (i…), else a hash of its prompt (h…), else its
   index (n…).';

alter table public.samples enable row level security;
create policy "own samples" on public.samples for select to authenticated
  using (signalbox.owns_job(job_key));
revoke all on public.samples from anon, authenticated;
grant all on public.samples to service_role;
grant select on public.samples to authenticated;

create table public.predictions (
  job_key bigint not null references public.jobs (key) on delete cascade,
  epoch double precision not null,
  step bigint not null,
  sample_index bigint not null,
  sample_id integer not null,
  seq bigint not null,
  prediction text not null,
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
comment on table public.predictions is 'One row per prediction, with its quality.';
comment on column public.predictions.ground_truth is
  'Stored only if it differs from the sample''s ground truth.';
create index predictions_by_sample
  on public.predictions (job_key, epoch, sample_id, step desc, sample_index desc);

alter table public.predictions enable row level security;
create policy "own predictions" on public.predictions for select to authenticated
  using (signalbox.owns_job(job_key));
revoke all on public.predictions from anon, authenticated;
grant all on public.predictions to service_role;
grant select on public.predictions to authenticated;

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
comment on table public.prediction_epochs is
  'Rollup of the predictions of an epoch: counts and sums from which the mean quality follows.';

alter table public.prediction_epochs enable row level security;
create policy "own epochs" on public.prediction_epochs for select to authenticated
  using (signalbox.owns_job(job_key));
revoke all on public.prediction_epochs from anon, authenticated;
grant all on public.prediction_epochs to service_role;
grant select on public.prediction_epochs to authenticated;

create table public.prediction_tiles (
  job_key bigint not null references public.jobs (key) on delete cascade,
  epoch double precision not null,
  tile integer not null,
  cells bytea not null,
  primary key (job_key, epoch, tile)
);
comment on table public.prediction_tiles is
  'Tiles of the map: 1,024 samples of one epoch per row, one byte per cell: 0 no prediction, 1 no
   ground truth, 2 correct, 3 to 255 wrong, with a character error rate from 0 to 1 (or more).';

alter table public.prediction_tiles enable row level security;
create policy "own tiles" on public.prediction_tiles for select to authenticated
  using (signalbox.owns_job(job_key));
revoke all on public.prediction_tiles from anon, authenticated;
grant all on public.prediction_tiles to service_role;
grant select on public.prediction_tiles to authenticated;
