/*
 * Takes C source apart. Lines joined by a backslash are joined here too.
 */
#include "lexer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void lexer_start(struct lexer *lexer, const char *text, size_t length,
                 const char *file, bool marked)
{
    memset(lexer, 0, sizeof(*lexer));
    lexer->at = text;
    lexer->end = text + length;
    lexer->line = 1;
    lexer->fresh = true;
    lexer->marked = marked;
    snprintf(lexer->file, sizeof(lexer->file), "%s", file);
}

/* The length of a backslash and a line's end at p, or 0. */
static size_t joint(const struct lexer *l, const char *p)
{
    if (p + 1 < l->end && p[0] == '\\' && p[1] == '\n') {
        return 2;
    }
    if (p + 2 < l->end && p[0] == '\\' && p[1] == '\r' && p[2] == '\n') {
        return 3;
    }
    return 0;
}

/* The character ahead, past joints; -1 at the end. */
static int peek(struct lexer *l)
{
    for (size_t n; (n = joint(l, l->at)) != 0;) {
        l->at += n;
        l->line++;
    }
    return l->at < l->end ? (unsigned char)*l->at : -1;
}

static int take(struct lexer *l)
{
    int c = peek(l);

    if (c >= 0) {
        l->at++;
    }
    if (c == '\n') {
        l->line++;
        l->fresh = true;
        l->directive = false;
    }
    return c;
}

/* KIND, the comment's second character, is still ahead. */
static void skip_comment(struct lexer *l, int kind)
{
    int c, last = 0;

    take(l);
    if (kind == '/') {
        while ((c = peek(l)) >= 0 && c != '\n') {
            take(l);
        }
        return;
    }
    /* A comment may run over lines inside a directive. */
    bool directive = l->directive, fresh = l->fresh;

    while ((c = take(l)) >= 0 && !(last == '*' && c == '/')) {
        last = c;
    }
    l->directive = directive;
    l->fresh = fresh;
}

/* To the next character that is neither white space nor comment. */
static int skip_space(struct lexer *l)
{
    for (;;) {
        int c = peek(l);

        if (c >= 0 && isspace(c)) {
            take(l);
            continue;
        }
        if (c == '/' && l->at + 1 < l->end &&
            (l->at[1] == '/' || l->at[1] == '*')) {
            take(l);
            skip_comment(l, *l->at);
            continue;
        }
        return c;
    }
}

static void add(struct token *token, size_t *used, int c)
{
    if (*used + 1 < sizeof(token->text)) {
        token->text[(*used)++] = (char)c;
        token->text[*used] = '\0';
    }
}

static bool in_word(int c)
{
    return c >= 0 && (isalnum(c) || c == '_' || c == '$' || c >= 0x80);
}

/* A literal ends at its quote or, if that is missing, with its line. */
static void take_quoted(struct lexer *l, struct token *token, int quote)
{
    size_t used = 0;
    int c;

    token->text[0] = '\0';
    token->kind = quote == '"' ? TOKEN_STRING : TOKEN_CHAR;
    while ((c = peek(l)) >= 0 && c != '\n') {
        take(l);
        if (c == quote) {
            return;
        }
        add(token, &used, c);
        if (c == '\\' && peek(l) >= 0 && peek(l) != '\n') {
            add(token, &used, take(l));
        }
    }
}

static bool is_prefix(const char *word)
{
    return strcmp(word, "L") == 0 || strcmp(word, "u") == 0 ||
           strcmp(word, "U") == 0 || strcmp(word, "u8") == 0;
}

static void take_token(struct lexer *l, struct token *token, int c)
{
    size_t used = 0;

    if (isdigit(c)) {
        token->kind = TOKEN_NUMBER;
        while (in_word(peek(l)) || peek(l) == '.') {
            add(token, &used, take(l));
        }
    } else if (in_word(c)) {
        token->kind = TOKEN_WORD;
        while (in_word(peek(l))) {
            add(token, &used, take(l));
        }
        if (is_prefix(token->text) && (peek(l) == '"' || peek(l) == '\'')) {
            take_quoted(l, token, take(l));
        }
    } else if (c == '"' || c == '\'') {
        take(l);
        take_quoted(l, token, c);
    } else {
        token->kind = TOKEN_MARK;
        add(token, &used, take(l));
    }
}

static bool raw_next(struct lexer *l, struct token *token)
{
    int c = skip_space(l);
    bool first = l->fresh;

    memset(token, 0, sizeof(*token));
    token->line = l->line;
    if (c < 0) {
        return false;
    }
    l->fresh = false;
    if (first &&
        (c == '#' || (c == '%' && l->at + 1 < l->end && l->at[1] == ':'))) {
        l->directive = true;
        token->hash = true;
        if (c == '%') {
            take(l);
        }
    }
    token->directive = l->directive;
    take_token(l, token, c);
    return true;
}

/* After "# 12": takes the file's name and the rest of the mark. */
static void follow_mark(struct lexer *l, int line)
{
    struct token name;

    if (raw_next(l, &name) && name.directive && name.kind == TOKEN_STRING) {
        snprintf(l->file, sizeof(l->file), "%s", name.text);
    }
    while (peek(l) >= 0 && peek(l) != '\n') {
        take(l);
    }
    take(l);
    l->line = line;
}

bool lexer_next(struct lexer *l, struct token *token)
{
    while (raw_next(l, token)) {
        if (!l->marked || !token->hash) {
            return true;
        }
        struct lexer saved = *l;
        struct token number;

        if (!raw_next(l, &number) || number.kind != TOKEN_NUMBER ||
            !number.directive) {
            *l = saved;
            return true;
        }
        follow_mark(l, atoi(number.text));
    }
    return false;
}
