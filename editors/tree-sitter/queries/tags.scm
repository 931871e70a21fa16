; What a file declares, for jumps and outlines.

(actor_declaration name: (_) @name) @definition.class
(definition name: (_) @name) @definition.function
(param_declaration name: (_) @name) @definition.constant
(rule (rule_head name: (_) @name)) @definition.method
(test name: (_) @name) @definition.test
