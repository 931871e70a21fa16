// Which words are keywords where: most of them are names everywhere else. As the compiler does, one looks at what
// follows: two operands never stand side by side, so a `rule` or an `actor` with a word after it begins an item.

#include "tree_sitter/parser.h"

#include <string.h>

enum TokenType {
  RULE, PARAM, ACTOR, USE, DEF, REQUIRE, LIMIT, TEST, ALLOW,
  BY, FN, EXPECTATION, AT, NO, MISSING, ALERT, BEHAVIOR_NAME, BARE_BEHAVIOR,
};

// Longer words are names.
enum { WORD_MAX = 16 };

static const char *const BEHAVIORS[] = {
  "alert", "balance", "checkpoint", "colocate", "drain", "migrate", "passivate",
  "pin", "reserve", "scale_in", "scale_out", "separate", "spread",
};

void *tree_sitter_plasma_external_scanner_create(void) { return NULL; }
void tree_sitter_plasma_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_plasma_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_plasma_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

static bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }
static bool is_lower(int32_t c) { return (c >= 'a' && c <= 'z') || c == '_'; }
static bool is_upper(int32_t c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static bool is_word(int32_t c) { return is_lower(c) || is_upper(c) || is_digit(c); }

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

/// Reads a word, and keeps it as far as it is no longer than any that matters.
static void read_word(TSLexer *lexer, char *word) {
  unsigned length = 0;
  while (is_word(lexer->lookahead)) {
    if (length < WORD_MAX) word[length] = (char)lexer->lookahead;
    length++;
    advance(lexer);
  }
  word[length < WORD_MAX ? length : 0] = 0;
}

/// Goes behind blanks and comments; whether a `/` was read that begins none.
static bool skip_to_token(TSLexer *lexer) {
  for (;;) {
    while (is_blank(lexer->lookahead)) advance(lexer);
    if (lexer->lookahead != '/') return false;
    advance(lexer);
    if (lexer->lookahead == '/') {
      while (lexer->lookahead != '\n' && !lexer->eof(lexer)) advance(lexer);
    } else if (lexer->lookahead == '*') {
      advance(lexer);
      int32_t before = 0;
      while (!lexer->eof(lexer) && !(before == '*' && lexer->lookahead == '/')) {
        before = lexer->lookahead;
        advance(lexer);
      }
      advance(lexer);
    } else {
      return true;
    }
  }
}

static bool is_one_of(const char *word, const char *const *words, unsigned count) {
  for (unsigned at = 0; at < count; at++) {
    if (strcmp(word, words[at]) == 0) return true;
  }
  return false;
}

/// Whether a word can be a name or begin an operand.
static bool is_operand_word(const char *word) {
  static const char *const others[] = {"and", "or", "not", "in", "true", "false"};
  return !is_one_of(word, others, 6);
}

static bool is_behavior(const char *word) {
  return is_one_of(word, BEHAVIORS, sizeof BEHAVIORS / sizeof *BEHAVIORS);
}

/// The word that begins an item and needs a name behind it; -1 for any other.
static int item_of(const char *word) {
  static const char *const words[] = {"rule", "param", "actor", "use", "def", "require", "limit"};
  for (int at = 0; at < 7; at++) {
    if (strcmp(word, words[at]) == 0) return at;
  }
  return -1;
}

static bool give(TSLexer *lexer, const bool *valid, enum TokenType token) {
  if (!valid[token]) return false;
  lexer->result_symbol = token;
  return true;
}

bool tree_sitter_plasma_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
  if (!is_lower(lexer->lookahead)) return false;
  char word[WORD_MAX], next[WORD_MAX];
  read_word(lexer, word);
  if (word[0] == 0) return false;
  lexer->mark_end(lexer);
  // A division follows: the word is a name.
  if (skip_to_token(lexer)) return false;
  int32_t first = lexer->lookahead;
  int item = item_of(word);

  if (first == '(') {
    if (!is_behavior(word)) return false;
    if (strcmp(word, "alert") == 0) {
      advance(lexer);
      if (!skip_to_token(lexer) && lexer->lookahead == '"' && valid[ALERT] && !valid[BARE_BEHAVIOR]) {
        return give(lexer, valid, ALERT);
      }
    }
    return give(lexer, valid, BEHAVIOR_NAME);
  }
  if (first == '"') {
    if (strcmp(word, "test") == 0) return give(lexer, valid, TEST);
    if (strcmp(word, "allow") == 0) return give(lexer, valid, ALLOW);
    if (strcmp(word, "by") == 0) return give(lexer, valid, BY);
    return false;
  }
  if (strcmp(word, "_") == 0) {
    bool ends = first == ',' || first == ']' || first == '}' || is_lower(first);
    return ends && give(lexer, valid, MISSING);
  }
  if (first == '{') {
    if (strcmp(word, "actor") == 0) return give(lexer, valid, ACTOR);
    if (strcmp(word, "at") == 0) return give(lexer, valid, AT);
    return false;
  }
  if (is_digit(first) && strcmp(word, "at") == 0) return give(lexer, valid, AT);

  bool is_named = false;
  next[0] = 0;
  if (is_lower(first) || is_upper(first)) {
    read_word(lexer, next);
    is_named = next[0] == 0 || is_operand_word(next);
  }
  if (valid[EXPECTATION] && (strcmp(word, "expect") == 0 || strcmp(word, "eventually") == 0 ||
                             strcmp(word, "never") == 0 || strcmp(word, "always") == 0)) {
    bool is_minus = first == '-';
    if (is_minus) {
      advance(lexer);
      if (lexer->lookahead == '>') return false;
    }
    if (strchr(":.,)]", first) == NULL || first == 0) return give(lexer, valid, EXPECTATION);
    return false;
  }
  if (valid[BARE_BEHAVIOR] && is_behavior(word)) {
    bool ends = first == ';' || first == '}' || strcmp(next, "by") == 0 || strcmp(next, "at") == 0 ||
                strcmp(next, "within") == 0;
    if (ends) return give(lexer, valid, BARE_BEHAVIOR);
  }
  if (!is_named) return false;
  if (strcmp(word, "by") == 0) return give(lexer, valid, BY);
  if (strcmp(word, "fn") == 0) return give(lexer, valid, FN);
  if (strcmp(word, "no") == 0) return give(lexer, valid, NO);
  if (strcmp(word, "at") == 0 && is_lower(first)) {
    skip_to_token(lexer);
    return lexer->lookahead == '{' && give(lexer, valid, AT);
  }
  if (item < 0) return false;
  if (item == REQUIRE) {
    if (skip_to_token(lexer) || lexer->lookahead != '(') return false;
  }
  return give(lexer, valid, (enum TokenType)item);
}
