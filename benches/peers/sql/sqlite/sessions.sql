-- Session(s).call(Player(p).update).count > 100 => colocate(s, p);
select caller, callee
from actor_calls
where function = 2 /* update */ and caller_type = 4 /* Session */ and callee_type = 3 /* Player */
  and count > 100
