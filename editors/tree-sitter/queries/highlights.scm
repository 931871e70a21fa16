; What each word is, for colours. The names are those of Neovim and Helix.

(line_comment) @comment
(block_comment) @comment
(doc_comment) @comment.documentation

["rule" "param" "actor" "use" "def" "require" "limit" "test" "allow" "with" "per" "each" "until" "fn" "step"] @keyword
["and" "or" "not" "in" "on" "ref" "for" "over" "where" "by" "at" "within" "no"] @keyword.operator
(expectation_mode) @keyword
[(any) (server) (client)] @variable.builtin

(number) @number
(negative_number) @number
(times) @number
(missing) @constant.builtin
(boolean) @boolean
(string) @string
(message) @string
(escaped_string) @string
(escape) @string.escape
(hole ["{" "}"] @punctuation.special)

["=>" "⇒" "->" "=" "==" "!=" "<" "<=" ">" ">=" "+" "-" "*" "/" ".."] @operator
["(" ")" "{" "}" "[" "]"] @punctuation.bracket
["," ";" ":" "." "?"] @punctuation.delimiter

(type_identifier) @type
(builtin_type) @type.builtin
(property_identifier) @property
(function_identifier) @function.method
(rule_identifier) @label
(behavior_name) @function.builtin

(actor_declaration name: (identifier) @type)
(param_declaration name: (_) @constant)
(definition name: (_) @function)
(parameter name: (_) @variable.parameter)
(setting name: (_) @constant)
(module_path (_) @module)
(limit what: (_) @keyword)
(attribute name: (_) @attribute)
(call function: (identifier) @function.call)
(aggregate function: (identifier) @function.builtin)
(member name: (property_identifier) @function.method arguments: (_))
(expectation (qualified_name) @label)
