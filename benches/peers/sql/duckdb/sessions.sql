-- Session(s).call(Player(p).update).count > 100 => colocate(s, p);
select caller as session, callee as player
from updates
where caller_type = 'Session' and callee_type = 'Player' and count > 100
