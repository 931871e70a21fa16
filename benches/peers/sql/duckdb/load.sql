-- The cluster as DuckDB evaluates it fast without a long load: calls stand in tables by who calls and by function, with
-- types and hosts beside them where a rule asks for those. `raw_…` are the arrays that were handed over.
create table servers as select id, cpu from raw_servers;

create table actors as
select id, enum_range(null::actor_type)[type + 1] as type, host from raw_actors;

create table client_calls as
select callee, a.type as callee_type, a.host, enum_range(null::function)[function + 1] as function, count
from raw_calls join actors a on a.id = callee
where caller = 4294967295;

create table updates as
select caller, s.type as caller_type, callee, p.type as callee_type, count
from raw_calls join actors s on s.id = caller join actors p on p.id = callee
where caller <> 4294967295 and function = 2;

create table other_calls as
select caller, callee, enum_range(null::function)[function + 1] as function, count
from raw_calls
where caller <> 4294967295 and function <> 2;

create table files as
select owner as folder, member as file, a.type as file_type
from raw_files join actors a on a.id = member;
