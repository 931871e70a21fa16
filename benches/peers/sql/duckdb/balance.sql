-- server.cpu.perc > 80 or server.cpu.perc < 60 => balance({Partition}, cpu);
select
  exists (from servers where cpu > 80 or cpu < 60)
  and exists (from actors where type = 'Partition') as fires
