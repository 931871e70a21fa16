[(actor_declaration) (test) (at) (fields) (labels) (arguments) (attributes)] @indent.begin
(rule condition: (_) @indent.begin)
["}" ")" "]"] @indent.end @indent.branch
