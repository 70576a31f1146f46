-- Only the service role may execute functions, with one exception: policies call owns_job as the
-- signed-in user. A later migration that adds a function ends with these statements, too.

grant usage, select on all sequences in schema public to service_role;
revoke execute on all functions in schema public, signalbox from public, anon, authenticated;
grant execute on all functions in schema public, signalbox to service_role;
grant execute on function signalbox.owns_job to authenticated;
