# The three rules. The host program groups the data, since Rego has no other way to sum per server than to
# search all calls for each of them: calls of clients by the server that received them, opened folders
# among them as [folder, calls], calls of sessions to players' `update` as [session, player, calls].
package plasma

# server.cpu.perc > 80 or server.cpu.perc < 60 => balance({Partition}, cpu);
default balance := false

balance if {
	data.partitions > 0
	some server in data.servers
	out_of_bounds(server.cpu)
}

out_of_bounds(cpu) if cpu > 80

out_of_bounds(cpu) if cpu < 60

# client.call(Folder(f).open).perc > 40 and File(x) in ref(f.files) => colocate(f, x);
folders contains [folder, file] if {
	some server in data.servers
	received := sum(server.received)
	some [folder, calls] in server.opens
	share := (100 * calls) / received
	share > 40
	some file in data.files[folder]
}

# Session(s).call(Player(p).update).count > 100 => colocate(s, p);
sessions contains [session, player] if {
	some [session, player, calls] in data.updates
	calls > 100
}
