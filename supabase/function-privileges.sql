-- For a Supabase project that other programs share: run this before the first `supabase db push` and keep
-- what it prints; run that after the push. An early migration revokes execute on all functions in schema
-- public from public, anon and authenticated; the statements printed give it back to the others' functions.
select format('grant execute on function %s to %s;', p.oid::regprocedure,
  case a.grantee when 0 then 'public' else a.grantee::regrole::text end) as statement
from pg_proc p
cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'w')
  and a.privilege_type = 'EXECUTE'
  and (a.grantee = 0 or a.grantee::regrole::text in ('anon', 'authenticated'))
order by 1;
