-- The cluster as SQLite evaluates it fastest: each table lies in the order in which a rule reads it, with
-- all that the rule asks for in the key. Types and functions are numbers.
create table servers (id integer primary key, cpu real not null);
create index servers_by_cpu on servers (cpu);

create table actors (id integer primary key, type integer not null, host integer not null);
create index actors_by_type on actors (type);

create table client_calls (
  host integer, function integer, callee_type integer, callee integer, count real,
  primary key (host, function, callee_type, callee)
) without rowid;

create table actor_calls (
  function integer, caller_type integer, callee_type integer, count real, caller integer, callee integer,
  primary key (function, caller_type, callee_type, count, caller, callee)
) without rowid;

create table files (
  folder integer, file_type integer, file integer,
  primary key (folder, file_type, file)
) without rowid;
