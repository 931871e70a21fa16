-- server.cpu.perc > 80 or server.cpu.perc < 60 => balance({Partition}, cpu);
select
  (exists (select 1 from servers where cpu > 80) or exists (select 1 from servers where cpu < 60))
  and exists (select 1 from actors where type = 0 /* Partition */)
