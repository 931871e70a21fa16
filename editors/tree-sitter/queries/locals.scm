; A variable is that of its rule, its definition or its test.

[(rule) (definition) (requirement) (test)] @local.scope

(call function: (type_identifier) arguments: (arguments . (identifier) @local.definition))
(call function: (any) arguments: (arguments . (identifier) @local.definition))
(call function: (server) arguments: (arguments . (identifier) @local.definition))
(parameter name: (identifier) @local.definition)
(actor_statement name: (identifier) @local.definition)
(server_statement name: (identifier) @local.definition)

(identifier) @local.reference
