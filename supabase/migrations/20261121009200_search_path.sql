-- Statements in a PL/pgSQL function mean the same objects whatever the caller's search_path: a temporary
-- table or another schema can't stand in for one. Functions in SQL keep none, as they would no longer be
-- inlined. `create or replace` forgets the setting, so it is repeated with each function that is replaced.
do $$
declare f regprocedure;
begin
  foreach f in array array[
    'public.ack_command(jsonb, text, text, jsonb)',
    'public.apply_retention(integer)',
    'public.attach_job(uuid, jsonb, text, text, text)',
    'public.authenticate_api_key(text)',
    'public.bulk_jobs(uuid, text[], text, text, text, integer)',
    'public.create_api_key(uuid, text, text, text, text[], timestamptz)',
    'public.create_sign_in_link(uuid, text, integer)',
    'public.delete_job(uuid, text)',
    'public.delete_view(uuid, uuid)',
    'public.drop_points(integer)',
    'public.fail_start(uuid, text, text)',
    'public.heartbeat(jsonb, text, jsonb)',
    'public.ingest_events(jsonb, text, text, text, jsonb)',
    'public.ingest_logs(jsonb, text, text, text, jsonb)',
    'public.ingest_metrics(jsonb, text, text, text, jsonb, integer, bigint, double precision)',
    'public.ingest_predictions(jsonb, text, text, text, jsonb, jsonb)',
    'public.list_jobs(uuid, jsonb)',
    'public.next_command(jsonb, text, interval)',
    'public.read_latest_points(bigint, integer, text[])',
    'public.read_logs(bigint, bigint, integer, text, boolean)',
    'public.read_metric_batches(bigint, bigint, integer, integer, text[])',
    'public.read_points_after_step(bigint, bigint, integer, text[])',
    'public.read_series_of_runs(uuid, text[], text[], bigint, bigint, integer, text)',
    'public.report_status(jsonb, text, text, text, jsonb)',
    'public.request_command(uuid, text, jsonb, text, jsonb, text)',
    'public.revoke_api_key(uuid, uuid)',
    'public.save_retention(uuid, integer, integer)',
    'public.save_view(uuid, text, text, text)',
    'public.start_job(uuid, jsonb, text, text, text, text)',
    'public.update_job(uuid, text, jsonb, text)',
    'signalbox.append_command(bigint, public.commands)',
    'signalbox.apply_status_path(public.jobs, text[], text, text)',
    'signalbox.attempt_token_salt(public.jobs, text, text)',
    'signalbox.authorize_ingest(jsonb, text, boolean)',
    'signalbox.close_commands(bigint, text[], text, text, bigint)',
    'signalbox.condition_sql(jsonb)',
    'signalbox.downsample_points(public.metric_series, bigint)',
    'signalbox.epoch_prediction_page(bigint, jsonb)',
    'signalbox.epoch_summary(bigint)',
    'signalbox.field_sql(jsonb)',
    'signalbox.finish_batch(public.jobs, text, integer)',
    'signalbox.frame_payload(bigint, text, jsonb, boolean)',
    'signalbox.matching_series(bigint, text[])',
    'signalbox.notify_change(public.jobs, boolean)',
    'signalbox.prediction_condition_sql(jsonb)',
    'signalbox.prediction_page(bigint, jsonb)',
    'signalbox.read_one_series(public.metric_series, bigint, bigint, integer, text)',
    'signalbox.register_batch(bigint, text, text)',
    'signalbox.reserve_seqs(public.jobs, integer, bigint, double precision)',
    'signalbox.separate_answers(bigint, jsonb)',
    'signalbox.set_archived_at()',
    'signalbox.set_status(public.jobs, text, text, text, text)',
    'signalbox.sparkline(public.jobs)'
  ]::regprocedure[] loop
    execute format('alter function %s set search_path = pg_catalog, public, pg_temp', f);
  end loop;
end $$;
