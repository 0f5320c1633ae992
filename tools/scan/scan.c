/*
 * Applies the rules to tokens.
 */
#include "scan.h"

#include "lexer.h"
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory)
{
    if (!memory) {
        fputs("rl-scan: out of memory\n", stderr);
        exit(70);
    }
    return memory;
}

static const struct scan_word *first_place(const struct scan *scan,
                                           const char *word)
{
    for (size_t i = 0; i < scan->nwords; i++) {
        if (strcmp(scan->words[i].word, word) == 0) {
            return &scan->words[i];
        }
    }
    return NULL;
}

static const char *plain_name(const char *file)
{
    return strncmp(file, "./", 2) == 0 ? file + 2 : file;
}

static bool same_find(const struct scan_find *find, const char *file, int line,
                      const char *word)
{
    return find->line == line && strcmp(find->word, word) == 0 &&
           strcmp(find->file, file) == 0;
}

void scan_add(struct scan *scan, const char *group, const char *file, int line,
              const char *word, const char *why)
{
    const struct scan_word *place = file ? NULL : first_place(scan, word);

    for (size_t i = 0; i < scan->nallowed; i++) {
        if (strcmp(scan->allowed[i], group) == 0) {
            return;
        }
    }
    if (!file) {
        file = place ? place->file : "";
        line = place ? place->line : 0;
    }
    file = plain_name(file);
    for (size_t i = 0; i < scan->nfinds; i++) {
        if (same_find(&scan->finds[i], file, line, word)) {
            return;
        }
    }
    scan->finds =
        must(reallocarray(scan->finds, scan->nfinds + 1, sizeof(*scan->finds)));
    scan->finds[scan->nfinds++] = (struct scan_find){
        .file = must(strdup(file)),
        .word = must(strdup(word)),
        .why = must(strdup(why)),
        .line = line,
    };
}

static void apply(struct scan *scan, const char *word, enum rule_where where,
                  const char *file, int line)
{
    const struct rule *rule = rule_for(word, where);

    if (rule) {
        scan_add(scan, rule->group, file, line, word, rule->why);
    }
}

/* The tokens of one directive, at most so many. */
struct line_of_tokens {
    struct token tokens[4];
    size_t count;
};

static bool is_word(const struct line_of_tokens *l, size_t n, const char *word)
{
    return l->count > n && l->tokens[n].kind == TOKEN_WORD &&
           strcmp(l->tokens[n].text, word) == 0;
}

/* tokens[0] is the #. */
static void check_directive(struct scan *scan, const struct line_of_tokens *l,
                            const char *file)
{
    int line = l->tokens[0].line;

    if (is_word(l, 1, "pragma") && is_word(l, 2, "clang") &&
        is_word(l, 3, "attribute")) {
        scan_add(scan, "silence", file, line, "#pragma clang attribute",
                 "can silence a detector");
    }
    if (is_word(l, 1, "pragma") &&
        (is_word(l, 2, "redefine_extname") || is_word(l, 3, "system_header"))) {
        scan_add(scan, "silence", file, line, "#pragma",
                 "hides what the program calls");
    }
    if (is_word(l, 1, "line") ||
        (l->count > 1 && l->tokens[1].kind == TOKEN_NUMBER)) {
        scan_add(scan, "line", file, line, "#line",
                 "makes the detectors name lines that do not exist");
    }
}

static void keep_for_directive(struct scan *scan, struct line_of_tokens *l,
                               const struct token *token, const char *file)
{
    if (token->hash) {
        l->count = 0;
    }
    if (token->directive && l->count < 4) {
        l->tokens[l->count++] = *token;
        if (l->count == 2 || l->count == 4) {
            check_directive(scan, l, file);
        }
    }
}

/* #include <valgrind/helgrind.h> comes as marks and words: join them. */
static void check_include(struct scan *scan, struct lexer *lexer,
                          const char *file)
{
    char name[256] = "";
    struct token token;
    struct lexer saved = *lexer;
    bool open = false;

    while (lexer_next(lexer, &token) && token.directive && !token.hash) {
        if (token.kind == TOKEN_STRING) {
            snprintf(name, sizeof(name), "%s", token.text);
            break;
        }
        if (open && token.text[0] == '>') {
            break;
        }
        if (open && strlen(name) + strlen(token.text) < sizeof(name)) {
            strcat(name, token.text);
        }
        open |= strcmp(token.text, "<") == 0;
    }
    apply(scan, name, RULE_INCLUDES, file, saved.line);
    *lexer = saved;
}

void scan_raw(struct scan *scan, const char *text, size_t length,
              const char *file)
{
    struct line_of_tokens directive = {.count = 0};
    struct lexer lexer;
    struct token token;

    lexer_start(&lexer, text, length, file, false);
    while (lexer_next(&lexer, &token)) {
        keep_for_directive(scan, &directive, &token, file);
        if (token.kind != TOKEN_WORD) {
            continue;
        }
        facts_note(&scan->facts, token.text);
        apply(scan, token.text, RULE_RAW, file, token.line);
        if (directive.count == 2 && token.directive &&
            strncmp(token.text, "include", 7) == 0) {
            check_include(scan, &lexer, file);
        }
    }
}

static void keep_word(struct scan *scan, const char *word, const char *file,
                      int line)
{
    if (first_place(scan, word)) {
        return;
    }
    scan->words =
        must(reallocarray(scan->words, scan->nwords + 1, sizeof(*scan->words)));
    scan->words[scan->nwords++] =
        (struct scan_word){must(strdup(word)), must(strdup(file)), line};
}

static bool is_system(const char *file)
{
    return file[0] == '<' || strncmp(file, "/usr/", 5) == 0;
}

static bool asks_environment(const char *word)
{
    return strcmp(word, "getenv") == 0 || strcmp(word, "secure_getenv") == 0 ||
           strcmp(word, "setenv") == 0 || strcmp(word, "putenv") == 0 ||
           strcmp(word, "unsetenv") == 0;
}

static bool opens(const char *word)
{
    return strcmp(word, "open") == 0 || strcmp(word, "fopen") == 0 ||
           strcmp(word, "openat") == 0 || strcmp(word, "opendir") == 0 ||
           strcmp(word, "readlink") == 0;
}

/* A string in the arguments of a call of word. */
static void check_string(struct scan *scan, const char *call,
                         const struct token *token, const char *file)
{
    if (asks_environment(call)) {
        apply(scan, token->text, RULE_NAMES, file, token->line);
    }
    if (opens(call) && strncmp(token->text, "/proc", 5) == 0) {
        scan_add(scan, "trace", file, token->line, call,
                 "looks at what runs beside the program");
    }
}

void scan_code(struct scan *scan, const char *text, size_t length,
               const char *file)
{
    struct line_of_tokens directive = {.count = 0};
    char call[256] = "";
    struct lexer lexer;
    struct token token;

    lexer_start(&lexer, text, length, file, true);
    while (lexer_next(&lexer, &token)) {
        if (is_system(lexer.file)) {
            continue;
        }
        if (lexer.file[0] == '/') {
            scan_add(scan, "outside", file, 0, strrchr(lexer.file, '/') + 1,
                     "is included from outside the submission");
            continue;
        }
        keep_for_directive(scan, &directive, &token, lexer.file);
        if (token.kind == TOKEN_STRING) {
            check_string(scan, call, &token, lexer.file);
        } else if (token.kind == TOKEN_WORD) {
            facts_note(&scan->facts, token.text);
            apply(scan, token.text, RULE_CODE, lexer.file, token.line);
            keep_word(scan, token.text, lexer.file, token.line);
            snprintf(call, sizeof(call), "%s", token.text);
        } else if (token.text[0] == ';') {
            call[0] = '\0';
        }
    }
}

void scan_free(struct scan *scan)
{
    for (size_t i = 0; i < scan->nfinds; i++) {
        free(scan->finds[i].file);
        free(scan->finds[i].word);
        free(scan->finds[i].why);
    }
    for (size_t i = 0; i < scan->nwords; i++) {
        free(scan->words[i].word);
        free(scan->words[i].file);
    }
    free(scan->finds);
    free(scan->words);
}
