/* metadata.c - the people in Gradescope's submission_metadata.yml.
 *
 * Not a YAML parser: it knows the lines that Gradescope writes and skips all
 * others.
 *
 *   submission_123456:
 *     :submitters:
 *     - :name: Ann Lee
 *       :sid: '123'
 *     :created_at: ...
 */
#include "intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A scalar in place, without its quotes: 'it''s', "a \"b\"" or plain. */
static char *scalar(char *text)
{
    char quote, *from, *to;

    text += strspn(text, " ");
    quote = *text;
    if (quote != '\'' && quote != '"') {
        text[strcspn(text, "\r")] = '\0';
        return text;
    }
    for (from = to = ++text; *from; from++) {
        if (*from == quote && !(quote == '\'' && from[1] == quote))
            break;
        if ((quote == '\'' && *from == quote) ||
            (quote == '"' && *from == '\\' && from[1]))
            from++;
        *to++ = *from;
    }
    *to = '\0';
    return text;
}

static struct student *by_key(struct intake *in, const char *key)
{
    for (size_t i = 0; i < in->student_count; i++)
        if (strcmp(in->students[i]->key, key) == 0)
            return in->students[i];
    return NULL;
}

/* The members of a group share a submission. */
static void add_name(struct student *s, const char *name)
{
    char *clean = printable(name), *both;

    if (strcmp(s->name, s->key) == 0) {
        free(s->name);
        s->name = clean;
        return;
    }
    if (strlen(s->name) < 400) {
        if (asprintf(&both, "%s, %s", s->name, clean) < 0)
            fatal("no memory", NULL);
        free(s->name);
        s->name = both;
    }
    free(clean);
}

void names_from_metadata(struct intake *in, char *text)
{
    struct student *s = NULL;
    char *line, *rest = text;

    while ((line = strsep(&rest, "\n"))) {
        const size_t length = strcspn(line, ":");
        char *value;

        if (*line && *line != ' ' && *line != '-') {
            line[length] = '\0';
            s = by_key(in, line);
            continue;
        }
        line += strspn(line, " -");
        if (!s || strncmp(line, ":name:", 6) != 0)
            continue;
        value = scalar(line + 6);
        if (*value && strlen(value) <= LIMIT_NAME)
            add_name(s, value);
    }
}
