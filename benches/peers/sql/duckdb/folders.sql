-- client.call(Folder(f).open).perc > 40 and File(x) in ref(f.files) => colocate(f, x);
with received as (select host, sum(count) as total from client_calls group by host)
select c.callee as folder, f.file
from client_calls c join received using (host) join files f on f.folder = c.callee
where c.function = 'open' and c.callee_type = 'Folder' and 100 * c.count / total > 40
  and f.file_type = 'File'
