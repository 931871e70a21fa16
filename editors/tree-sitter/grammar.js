/// <reference types="tree-sitter-cli/dsl" />
// The grammar of Plasma for editors: what can be told from the text alone. Which words are keywords where, the
// scanner (src/scanner.c) decides as the compiler's second look at the tokens does; all other rules are those of
// the language's own grammar, in the same order of precedence.

const PREC = { or: 1, and: 2, not: 3, sustained: 4, comparison: 5, sum: 6, product: 7, unary: 8, windowed: 9, postfix: 10 };

/** One or more, with commas between them. */
const listed = (rule) => seq(rule, repeat(seq(',', rule)));

module.exports = grammar({
  name: 'plasma',

  // Words that are names elsewhere: the scanner looks at what follows them.
  externals: ($) => [
    $._rule, $._param, $._actor, $._use, $._def, $._require, $._limit, $._test, $._allow,
    $._by, $._fn, $._expectation, $._at, $._no, $._missing, $._alert, $.behavior_name, $._bare_behavior,
  ],

  extras: ($) => [/[ \t\r\n\f]/, $.line_comment, $.block_comment, $.doc_comment],

  word: ($) => $._lower,

  supertypes: ($) => [$._item, $._expression, $._statement],

  rules: {
    source_file: ($) => repeat($._item),

    _item: ($) => choice(
      $.actor_declaration, $.param_declaration, $.use_declaration, $.definition, $.requirement,
      $.limit, $.rule, $.test, $.allow_declaration,
    ),

    // Declarations

    actor_declaration: ($) => seq(
      alias($._actor, 'actor'), field('name', $._type_or_name),
      '{', repeat(choice($.function_declaration, $.property_declaration)), '}',
    ),
    function_declaration: ($) => seq(alias($._fn, 'fn'), field('name', $.function_identifier), ';'),
    property_declaration: ($) => seq(field('name', $.property_identifier), ':', field('type', $.type), ';'),
    type: ($) => choice(
      $._type_name,
      seq($._type_name, '?'),
      seq('[', $._type_name, ']'),
    ),
    _type_name: ($) => choice($.type_identifier, alias($._lower, $.builtin_type)),

    param_declaration: ($) => seq(alias($._param, 'param'), field('name', $._name), '=', field('value', $._operand), ';'),

    use_declaration: ($) => seq(
      alias($._use, 'use'), field('path', $.module_path),
      optional(seq('with', '{', optional(seq(listed($.setting), optional(','))), '}')), ';',
    ),
    module_path: ($) => seq($._name, repeat(seq('.', $._name))),
    setting: ($) => seq(field('name', $._name), '=', field('value', $._operand)),

    definition: ($) => seq(
      alias($._def, 'def'), field('name', $._name),
      '(', optional(listed($.parameter)), ')', '=', field('body', $._expression), ';',
    ),
    parameter: ($) => seq(field('name', $._name), ':', field('type', $._head)),

    limit: ($) => seq(
      alias($._limit, 'limit'), field('what', $._name),
      choice(
        seq(field('count', $._setting_value), 'per', field('window', $._setting_value),
          optional(seq('each', $._type_ref))),
        seq(field('least', $._setting_value), '..', field('most', $._setting_value)),
      ), ';',
    ),

    allow_declaration: ($) => seq($._allowed, ';'),
    _allowed: ($) => seq(
      alias($._allow, 'allow'), field('lint', $.string), optional(field('reason', $.string)),
      optional(seq('until', field('until', $.string))),
    ),

    // Rules

    rule: ($) => seq(
      optional($.rule_head), field('condition', $._expression), choice('=>', '⇒'),
      field('behaviors', $.behaviors),
    ),
    rule_head: ($) => seq(
      alias($._rule, 'rule'), field('name', $.rule_identifier), optional($.attributes), ':',
    ),
    rule_identifier: ($) => seq($._name, repeat(seq('-', $._name))),
    attributes: ($) => seq('[', listed($.attribute), ']'),
    attribute: ($) => choice(
      seq(field('name', $._name), field('value', choice($._setting_value, $.negative_number))),
      $._allowed,
    ),
    negative_number: ($) => seq('-', $.number),
    behaviors: ($) => repeat1(seq($.behavior, ';')),
    behavior: ($) => choice(
      seq(field('name', $.behavior_name), field('arguments', $.arguments)),
      seq(field('name', alias($._alert, $.behavior_name)), '(', field('message', $.message), ')'),
    ),

    requirement: ($) => seq(
      alias($._require, 'require'), $.behavior,
      optional(seq('where', field('condition', $._expression))), ';',
    ),

    // Expressions

    _expression: ($) => choice($.or, $.and, $.not, $.sustained, $._comparison),

    or: ($) => prec.left(PREC.or, seq($._expression, 'or', $._expression)),
    and: ($) => prec.left(PREC.and, seq($._expression, 'and', $._expression)),
    not: ($) => prec(PREC.not, seq('not', $._expression)),
    sustained: ($) => prec(PREC.sustained, seq(
      field('condition', $._comparison), 'for', field('window', $._setting_value),
    )),

    _comparison: ($) => choice($.comparison, $.in_ref, $.on, $._sum),
    comparison: ($) => prec.left(PREC.comparison, seq(
      field('left', $._comparison), field('operator', choice('<', '<=', '>', '>=', '==', '!=')), field('right', $._sum),
    )),
    in_ref: ($) => prec.left(PREC.comparison, seq(
      field('member', $._comparison), optional('not'), 'in', 'ref', field('owner', $.arguments),
    )),
    on: ($) => prec.left(PREC.comparison, seq(
      field('actor', $._comparison), optional('not'), 'on', field('host', $._sum),
    )),

    _sum: ($) => choice($.sum, $.product, $.minus, $.windowed, $._operand),
    sum: ($) => prec.left(PREC.sum, seq($._sum, choice('+', '-'), $._sum)),
    product: ($) => prec.left(PREC.product, seq($._sum, choice('*', '/'), $._sum)),
    minus: ($) => prec(PREC.unary, seq('-', $._sum)),
    windowed: ($) => prec(PREC.windowed, seq(field('of', $._postfix), 'over', field('window', $._setting_value))),

    _operand: ($) => choice($._postfix, $.number, $.string, $.escaped_string, $.boolean),
    _postfix: ($) => choice($._head, $.call, $.aggregate, $.parenthesized, $.member),
    call: ($) => prec(PREC.postfix, seq(field('function', $._head), field('arguments', $.arguments))),
    aggregate: ($) => prec(PREC.postfix, seq(
      field('function', $._head), '(', field('of', $._sum),
      choice(
        seq('for', listed(field('range', $._postfix)),
          optional(seq('where', field('filter', $._expression)))),
        seq('where', field('filter', $._expression)),
      ), ')',
    )),
    parenthesized: ($) => seq('(', $._expression, ')'),
    member: ($) => prec.left(PREC.postfix, seq(
      field('of', $._postfix), '.', field('name', $.property_identifier), optional(field('arguments', $.arguments)),
    )),

    arguments: ($) => seq('(', optional(listed($._argument)), ')'),
    _argument: ($) => choice($._sum, $.types, $.by),
    types: ($) => seq('{', listed($._type_ref), '}'),
    by: ($) => seq(alias($._by, 'by'), $._sum),
    _type_ref: ($) => choice($.type_identifier, $.any, $.identifier),

    _head: ($) => choice($.identifier, $.type_identifier, $.any, $.server, $.client),
    any: (_) => 'any',
    server: (_) => 'server',
    client: (_) => 'client',

    _setting_value: ($) => choice($.number, $.identifier),

    // Tests

    test: ($) => seq(
      alias($._test, 'test'), field('name', $.string), optional($.attributes),
      '{', repeat($._test_statement), '}',
    ),
    _test_statement: ($) => choice($._statement, $.at, $.expectation),
    at: ($) => seq(alias($._at, 'at'), field('time', $._setting_value), '{', repeat($._statement), '}'),
    expectation: ($) => seq(
      field('mode', alias($._expectation, $.expectation_mode)), $._wanted,
      optional(seq('at', field('at', $._setting_value))),
      optional(seq('within', field('within', $._setting_value))), ';',
    ),
    _wanted: ($) => choice(
      $.no_actions,
      seq(optional('not'), $.expected_behavior, optional(seq('by', field('by', $.qualified_name)))),
      $._expression,
    ),
    no_actions: ($) => seq(alias($._no, 'no'), $._name),
    expected_behavior: ($) => choice(
      seq(field('name', choice($.behavior_name, alias($._alert, $.behavior_name))), field('arguments', $.arguments)),
      field('name', alias($._bare_behavior, $.behavior_name)),
    ),
    qualified_name: ($) => seq($._name, repeat(seq('.', $._name))),

    _statement: ($) => choice($.server_statement, $.actor_statement, $.calls_statement),
    server_statement: ($) => seq('server', field('name', $._name), optional($.fields)),
    actor_statement: ($) => seq(
      field('type', $.type_identifier), field('name', $._name),
      optional(seq('on', field('host', $._name))), optional($.fields),
    ),
    calls_statement: ($) => seq(
      field('caller', choice($.caller, $.client)), '->', field('callee', $._name), '.',
      field('function', $.function_identifier), ':', listed($.number),
    ),
    caller: ($) => $._lower,
    fields: ($) => seq('{', optional(seq(listed($.field), optional(','))), '}'),
    field: ($) => seq(field('name', $.property_identifier), ':', field('value', $._field_value)),
    _field_value: ($) => choice(
      $.number, $.negative_number, $.boolean, $.string, $.identifier, alias($._missing, $.missing),
      $.names, $.series, $.labels,
    ),
    names: ($) => seq('[', optional(listed($._name)), ']'),
    series: ($) => seq('[', listed($.sample), ']'),
    sample: ($) => choice(
      seq(choice($.number, $.negative_number, alias($._missing, $.missing)), optional($.times)),
      seq(choice($.number, $.negative_number), '..', choice($.number, $.negative_number), 'step',
        choice($.number, $.negative_number)),
    ),
    times: (_) => /x[0-9]+/,
    labels: ($) => seq('{', optional(listed($.label)), '}'),
    label: ($) => seq(field('name', $._name), ':', field('value', choice($.string, $._name))),

    // Words and literals

    _type_or_name: ($) => choice($.type_identifier, $.identifier),
    // Where only a name can stand, any word is one.
    _name: ($) => choice($.identifier, $.type_identifier),
    function_identifier: ($) => $._any_word,
    property_identifier: ($) => $._any_word,
    _any_word: ($) => choice($._lower, $._upper),
    identifier: ($) => $._lower,
    type_identifier: ($) => $._upper,
    _lower: (_) => /[a-z_][A-Za-z0-9_]*/,
    _upper: (_) => /[A-Z][A-Za-z0-9_]*/,
    boolean: (_) => choice('true', 'false'),
    number: (_) => token(seq(/[0-9]+(\.[0-9]+)?/, optional(choice('%', /[A-Za-z_][A-Za-z0-9_]*/)), optional(/\/s[A-Za-z0-9_]*/))),
    string: ($) => seq('"', repeat(choice($.string_content, $.escape)), token.immediate('"')),
    string_content: (_) => token.immediate(prec(1, /[^"\\\n]+/)),
    // A text within the text of an alert.
    escaped_string: (_) => token(seq('\\"', /[^"\\\n]*/, '\\"')),
    // The text of an alert, with what is put into it.
    message: ($) => seq('"', repeat(choice(alias($.message_content, $.string_content), $.escape, $.hole)), token.immediate('"')),
    message_content: (_) => token.immediate(prec(2, /([^"\\{}\n]|\{\{|\}\})+/)),
    escape: (_) => token.immediate(/\\./),
    hole: ($) => seq(token.immediate('{'), $._expression, '}'),

    line_comment: (_) => token(seq('//', /([^\/\n][^\n]*)?/)),
    doc_comment: (_) => token(seq('///', /[^\n]*/)),
    block_comment: (_) => token(seq('/*', /[^*]*\*+([^/*][^*]*\*+)*/, '/')),
  },
});
