-- client.call(Folder(f).open).perc > 40 and File(x) in ref(f.files) => colocate(f, x);
with received as (select host, sum(count) as total from client_calls group by host)
select c.callee, r.file
from received
cross join client_calls c on c.host = received.host
  and c.function = 0 /* open */ and c.callee_type = 1 /* Folder */ and 100 * c.count / total > 40
cross join files r on r.folder = c.callee and r.file_type = 2 /* File */
