/*
 * The tokens of C source, raw or preprocessed: enough to tell a word from a
 * comment, a string or a directive. Not a compiler: it takes any bytes.
 */
#ifndef RL_LEXER_H
#define RL_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_STRING, /* without its quotes and prefix, escapes untouched */
    TOKEN_CHAR,
    TOKEN_MARK, /* any other character */
};

struct token {
    enum token_kind kind;
    char text[256]; /* cut if longer */
    int line;
    bool directive; /* stands in a line that begins with # */
    bool hash;      /* is the # that begins it */
};

struct lexer {
    const char *at, *end;
    int line;
    bool fresh, directive; /* at the start of a line; in a directive */
    /* Preprocessed source says where its lines come from. The lexer follows
     * these marks and never hands them out. */
    bool marked;
    char file[1024];
};

/* The text must outlive the lexer. */
void lexer_start(struct lexer *lexer, const char *text, size_t length,
                 const char *file, bool marked);
/* False at the end. */
bool lexer_next(struct lexer *lexer, struct token *token);

#endif
