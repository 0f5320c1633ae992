/*
 * What a submission may not hold: words and symbols that silence a detector,
 * tell it apart, or leave what it can watch. Each belongs to a group; a lab
 * can allow a group ("silence" never).
 */
#ifndef RL_SCAN_RULES_H
#define RL_SCAN_RULES_H

#include <stdbool.h>
#include <stddef.h>

enum rule_where {
    RULE_RAW = 1,       /* the source as it was written */
    RULE_CODE = 2,      /* the student's own lines after preprocessing */
    RULE_CALLS = 4,     /* symbols that the object needs */
    RULE_DEFINES = 8,   /* symbols that the object defines */
    RULE_INCLUDES = 16, /* names of included files */
    RULE_NAMES = 32,    /* environment variables asked for by name */
};

struct rule {
    const char *word;
    bool prefix; /* anything that begins with word */
    unsigned where;
    const char *group;
    const char *why; /* goes on after "LINE: WORD " */
};

/* The rule for a word at WHERE, or NULL. */
const struct rule *rule_for(const char *word, enum rule_where where);

/* Whether there is such a group. */
bool rule_group(const char *name);

#endif
