[
  (actor_declaration)
  (use_declaration)
  (rule)
  (definition)
  (test)
  (at)
  (block_comment)
] @fold
