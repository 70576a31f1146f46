-- Signalbox's schema, to be read in order: tables (02 to 07), functions by topic (08 to 17) and their
-- privileges (18). People read their own rows through row-level security. Every write goes through a
-- function in `public` that only the service role may execute.

create schema signalbox;
comment on schema signalbox is 'Internals of Signalbox: nothing here is exposed over HTTP.';
grant usage on schema public, signalbox to authenticated, service_role;

create function signalbox.problem(p_code text, p_message text, p_details jsonb default null)
  returns jsonb language sql immutable
  as $$ select jsonb_build_object('error', jsonb_strip_nulls(jsonb_build_object(
    'code', p_code, 'message', p_message, 'details', p_details))) $$;
comment on function signalbox.problem is
  'An expected error as a value. Functions return it instead of raising, before any write.';

create function signalbox.wire_number(p double precision) returns jsonb
  language sql immutable
  as $$ select to_jsonb(p) $$;
comment on function signalbox.wire_number is
  'A float in JSON: a number if finite, else "NaN", "Infinity" or "-Infinity".';

create function signalbox.mean(p_sum double precision, p_count numeric) returns double precision
  language sql immutable
  -- PostgreSQL raises an error for a quotient too small for a double; IEEE 754 gives 0.
  as $$ select case when p_count = 0 then null
    when abs(p_sum) < p_count::float8 * 5e-324 then 0 else p_sum / p_count::float8 end $$;
comment on function signalbox.mean is 'p_sum / p_count, or null if p_count is 0.';

create function signalbox.iso(p timestamptz) returns text language sql immutable
  as $$ select to_char(p at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
comment on function signalbox.iso is 'A time in ISO 8601, UTC, with milliseconds.';
