/*
 * One run, judged: its end, its exit code, its last words, its output. Why
 * threads waited is what diagnose.c has found already.
 */
#include "judge.h"

#include "finding.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 120, KEPT = 4000 };

/* A line of a text; bytes NULL: there is none. */
struct line {
    const char *bytes;
    size_t length;
};

bool judge_among(const char *kinds, const char *kind)
{
    size_t length = strlen(kind);

    for (const char *at = kinds; (at = strstr(at, kind)); at += length) {
        if ((at == kinds || at[-1] == ' ') &&
            (at[length] == ' ' || !at[length]))
            return true;
    }
    return false;
}

const char *judge_kind(const json_t *finding)
{
    const char *kind = json_string_value(json_object_get(finding, "kind"));

    return kind ? kind : "";
}

json_t *judge_cut(const char *bytes, size_t length, size_t characters)
{
    json_t *whole = finding_string(bytes, length);
    const char *text = json_string_value(whole);
    size_t size = json_string_length(whole);
    size_t end = 0;
    json_t *cut;

    while (end < size && characters > 0) {
        end++;
        while (end < size && ((unsigned char)text[end] & 0xc0) == 0x80)
            end++;
        characters--;
    }
    if (end == size)
        return whole;
    cut = json_stringn(text, end);
    json_decref(whole);
    return cut;
}

/* The line at *at, which moves on; a last line may have no newline. */
static struct line next_line(const struct text *t, size_t *at)
{
    struct line line = {NULL, 0};
    const char *end;

    if (*at >= t->length || (t->length == 1 && t->bytes[0] == '\n'))
        return line;
    line.bytes = t->bytes + *at;
    end = memchr(line.bytes, '\n', t->length - *at);
    line.length = end ? (size_t)(end - line.bytes) : t->length - *at;
    *at += line.length + 1;
    return line;
}

static bool same(struct line a, struct line b)
{
    return !a.bytes == !b.bytes && a.length == b.length &&
           (!a.bytes || memcmp(a.bytes, b.bytes, a.length) == 0);
}

/* The line in quotes, shortened; the caller frees it. */
static char *shown(struct line line)
{
    json_t *cut;
    json_t *more;
    char *text;

    if (!line.bytes)
        return strdup("the end of the output");
    cut = judge_cut(line.bytes, line.length, SHOWN);
    more = judge_cut(line.bytes, line.length, SHOWN + 1);
    if (json_string_length(cut) < json_string_length(more)) {
        json_decref(more);
        more = json_sprintf("%s...", json_string_value(cut));
    }
    text = json_dumps(more, JSON_ENCODE_ANY);
    json_decref(cut);
    json_decref(more);
    return text;
}

/* The last line that says something. */
static struct line last_words(const struct text *err)
{
    struct line last = {NULL, 0};
    struct line line;
    size_t at = 0;

    while ((line = next_line(err, &at)).bytes) {
        if (line.length > 0)
            last = line;
    }
    return last;
}

static void add_last_words(struct finding *f, const struct text *err)
{
    struct line last = last_words(err);
    char *text;

    if (!last.bytes)
        return;
    text = shown(last);
    finding_message_add(f, "; its last words: %s", text);
    free(text);
}

/* Takes the finding. */
static void add(json_t *findings, struct finding *f)
{
    json_array_append_new(findings, finding_json(f));
    finding_free(f);
}

static void add_plain(json_t *findings, const char *kind, const char *detector,
                      const char *message)
{
    struct finding *f = finding_new(kind, "error", detector);

    finding_message(f, "%s", message);
    add(findings, f);
}

static void keep_line(char **field, struct line line)
{
    json_t *cut = judge_cut(line.bytes ? line.bytes : "", line.length, KEPT);

    finding_set(field, json_string_value(cut));
    json_decref(cut);
}

/* The first line in which out differs from what is expected. */
static void judge_output(const struct judging *j, const struct text *out,
                         json_t *findings)
{
    struct line got, right;
    size_t got_at = 0, right_at = 0;
    int number = 0;
    struct finding *f;
    char *is, *should;

    if (out->length == j->expected->length &&
        memcmp(out->bytes, j->expected->bytes, out->length) == 0)
        return;
    do {
        got = next_line(out, &got_at);
        right = next_line(j->expected, &right_at);
        number++;
    } while (same(got, right) && got.bytes);
    if (!got.bytes && !right.bytes) {
        add_plain(findings, "wrong-output", j->detector,
                  "The output is right but for the newline at its end.");
        return;
    }
    f = finding_new("wrong-output", "error", j->detector);
    is = shown(got);
    should = shown(right);
    finding_message(f, "Line %d of the output is %s, expected %s.", number, is,
                    should);
    keep_line(&f->expected, right);
    keep_line(&f->got, got);
    add(findings, f);
    free(is);
    free(should);
}

static char *part(const char *text, regmatch_t m)
{
    return strndup(text + m.rm_so, (size_t)(m.rm_eo - m.rm_so));
}

/* "bank.c", 12, "main", "x" of an assertion that failed. */
static void add_assertion(const struct judging *j, const char *text,
                          const regmatch_t *m, json_t *findings)
{
    struct finding *f = finding_new("assert", "error", j->detector);
    struct finding_thread *t = finding_add_thread(f, 0, NULL, "assert");
    char *file = part(text, m[2]);
    char *line = part(text, m[3]);
    char *function = part(text, m[4]);
    char *claim = part(text, m[5]);
    char *end = function;
    char *name = function;

    /* A C++ compiler gives the whole signature. */
    while (*end && !(*end == '(' && end > function &&
                     (isalnum((unsigned char)end[-1]) || end[-1] == '_')))
        end++;
    if (*end) {
        for (name = end; name > function &&
                         (isalnum((unsigned char)name[-1]) || name[-1] == '_');)
            name--;
        *end = '\0';
    }
    finding_place(t, file, atoi(line), name);
    finding_message(f, "The assertion %s failed at %s:%s in %s.", claim,
                    t->file, line, name);
    add(findings, f);
    free(file);
    free(line);
    free(function);
    free(claim);
}

/* assert(3) of glibc: "prog: file.c:12: function: Assertion `x' failed." */
static bool judge_assertion(const struct judging *j, const struct text *err,
                            json_t *findings)
{
    static const char pattern[] = "^([^:]*: )?([^:]+):([0-9]+): (.+): "
                                  "Assertion `(.*)' failed\\.$";
    struct line line;
    regmatch_t m[6];
    size_t at = 0;
    bool found = false;
    regex_t re;

    if (regcomp(&re, pattern, REG_EXTENDED))
        return false;
    while (!found && (line = next_line(err, &at)).bytes) {
        char *text = strndup(line.bytes, line.length);

        found = text && regexec(&re, text, 6, m, 0) == 0;
        if (found)
            add_assertion(j, text, m, findings);
        free(text);
    }
    regfree(&re);
    return found;
}

static const char *signal_words(const char *name)
{
    static const char *const words[][2] = {
        {"SIGSEGV", " (it used an address that is not its own)"},
        {"SIGBUS", " (it used an address that is not there)"},
        {"SIGFPE", " (it divided by zero)"},
        {"SIGILL", " (it ran an illegal instruction)"},
        {"SIGABRT", " (it gave up: abort was called)"},
        {"SIGKILL", " (something killed it)"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i][0], name) == 0)
            return words[i][1];
    }
    return "";
}

static void judge_signal(const struct judging *j,
                         const struct run_result *result,
                         const struct text *err, json_t *findings)
{
    char name[32];
    bool aborted;
    struct finding *f;

    run_signal_name(result->signal, name, sizeof name);
    aborted = strcmp(name, "SIGABRT") == 0;
    if (aborted && judge_assertion(j, err, findings))
        return;
    f = finding_new("crash", "error", j->detector);
    finding_message(f, "The program was ended by %s%s", name,
                    signal_words(name));
    if (aborted)
        add_last_words(f, err);
    finding_message_add(f, ".");
    add(findings, f);
}

static void judge_exit(const struct judging *j, const struct run_result *result,
                       const struct text *out, const struct text *err,
                       json_t *findings)
{
    if (result->code != 0) {
        struct finding *f = finding_new("exit-code", "error", j->detector);

        finding_message(f, "The program ended with exit code %d, not 0",
                        result->code);
        add_last_words(f, err);
        finding_message_add(f, ".");
        add(findings, f);
    }
    if (j->expected)
        judge_output(j, out, findings);
}

static void take_known(json_t *findings, const json_t *known, const char *kinds)
{
    size_t i;
    json_t *f;

    json_array_foreach (known, i, f) {
        if (judge_among(kinds, judge_kind(f)))
            json_array_append(findings, f);
    }
}

static void judge_limit(const struct judging *j, const char *before,
                        const char *limit, const char *after,
                        const struct run_result *result, json_t *findings)
{
    struct finding *f = finding_new("timeout", "error", j->detector);

    take_known(findings, result->findings, "deadlock self-deadlock");
    finding_message(f, "%s%s%s", before, limit, after);
    add(findings, f);
}

static void judge_end_of(const struct judging *j,
                         const struct run_result *result,
                         const struct text *out, const struct text *err,
                         json_t *findings)
{
    switch (result->end) {
    case RUN_EXIT:
        take_known(findings, result->findings,
                   "lock-leak thread-leak api-misuse");
        judge_exit(j, result, out, err, findings);
        break;
    case RUN_SIGNAL:
        judge_signal(j, result, err, findings);
        break;
    case RUN_STANDSTILL:
        take_known(findings, result->findings,
                   "deadlock self-deadlock hang lost-wakeup lock-leak");
        if (json_array_size(findings) == 0)
            add_plain(findings, "hang", j->detector,
                      "Nothing can go on: every thread waits, and nothing is "
                      "left that could wake one.");
        break;
    case RUN_TIMEOUT:
        judge_limit(j, "The program did not end within ", j->wall, " seconds.",
                    result, findings);
        break;
    case RUN_CPU:
        judge_limit(j, "The program was still busy after ", j->cpu,
                    " seconds of CPU time.", result, findings);
        break;
    case RUN_MEMORY:
        add_plain(findings, "crash", j->detector,
                  "The program took more memory than it may.");
        break;
    case RUN_OUTPUT:
        add_plain(findings, "wrong-output", j->detector,
                  "The program printed without end.");
        break;
    case RUN_TASKS:
        add_plain(findings, "crash", j->detector,
                  "The program started more threads and processes than it "
                  "may.");
        break;
    case RUN_NOSTART:
        break;
    }
}

json_t *judge_run(const struct judging *j, const struct run_result *result,
                  const struct text *out, const struct text *err)
{
    json_t *all = json_array();
    json_t *kept = json_array();
    size_t i;
    json_t *f;

    judge_end_of(j, result, out, err, all);
    json_array_foreach (all, i, f) {
        json_object_set_new(f, "detector", finding_cstring(j->detector));
        if (!j->kinds || judge_among(j->kinds, judge_kind(f)))
            json_array_append(kept, f);
    }
    json_decref(all);
    return kept;
}

const char *judge_end(const struct run_result *result, char *words, size_t size)
{
    if (result->end == RUN_EXIT)
        snprintf(words, size, "exit %d", result->code);
    else if (result->end == RUN_SIGNAL)
        run_signal_name(result->signal, words, size);
    else
        snprintf(words, size, "%s", run_end_name(result->end));
    return words;
}
