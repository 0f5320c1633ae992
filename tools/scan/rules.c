/*
 * The rules, group by group. The first one that fits counts.
 */
#include "rules.h"

#include <string.h>

static const char silences[] = "silences a detector";
static const char tells[] = "tells a detector's build from a plain one";
static const char asm_why[] = "is assembly, which no detector can look into";
static const char speaks[] = "speaks to a detector";
static const char replaces[] =
    "is a function that the detectors have to see; do not define it anew";
static const char process[] =
    "starts another process or program, which the detectors do not watch";
static const char raw[] = "calls the kernel behind the detectors' back";
static const char loads[] = "loads code that nobody has checked";
static const char traces[] = "meddles with other processes";
static const char asks[] = "asks for a setting of the detectors";

#define WORD(w, where, group, why)                                             \
    {                                                                          \
        w, false, where, group, why                                            \
    }
#define PREFIX(w, where, group, why)                                           \
    {                                                                          \
        w, true, where, group, why                                             \
    }

static const struct rule rules[] = {
    PREFIX("no_sanitize", RULE_CODE, "silence", silences),
    PREFIX("__no_sanitize", RULE_CODE, "silence", silences),
    PREFIX("disable_sanitizer", RULE_CODE, "silence", silences),
    PREFIX("__disable_sanitizer", RULE_CODE, "silence", silences),
    WORD("asm", RULE_CODE, "silence", asm_why),
    WORD("__asm", RULE_CODE, "silence", asm_why),
    WORD("__asm__", RULE_CODE, "silence", asm_why),
    PREFIX("__tsan_", RULE_CODE | RULE_CALLS | RULE_DEFINES, "silence", speaks),
    PREFIX("__asan_", RULE_CODE | RULE_CALLS | RULE_DEFINES, "silence", speaks),
    PREFIX("__sanitizer_", RULE_CODE | RULE_CALLS | RULE_DEFINES, "silence",
           speaks),
    PREFIX("__interceptor_", RULE_CODE | RULE_CALLS | RULE_DEFINES, "silence",
           speaks),
    PREFIX("AnnotateHappens", RULE_CODE | RULE_CALLS, "silence", speaks),
    PREFIX("AnnotateIgnore", RULE_CODE | RULE_CALLS, "silence", speaks),
    PREFIX("AnnotateBenignRace", RULE_CODE | RULE_CALLS, "silence", speaks),
    PREFIX("AnnotateRWLock", RULE_CODE | RULE_CALLS, "silence", speaks),
    PREFIX("AnnotateNewMemory", RULE_CODE | RULE_CALLS, "silence", speaks),
    PREFIX("AnnotateEnableRace", RULE_CODE | RULE_CALLS, "silence", speaks),
    PREFIX("AnnotateExpectRace", RULE_CODE | RULE_CALLS, "silence", speaks),
    PREFIX("AnnotatePublish", RULE_CODE | RULE_CALLS, "silence", speaks),
    PREFIX("AnnotateUnpublish", RULE_CODE | RULE_CALLS, "silence", speaks),
    PREFIX("ANNOTATE_HAPPENS_", RULE_RAW, "silence", speaks),
    PREFIX("ANNOTATE_IGNORE_", RULE_RAW, "silence", speaks),
    PREFIX("ANNOTATE_BENIGN_RACE", RULE_RAW, "silence", speaks),
    PREFIX("ANNOTATE_RWLOCK_", RULE_RAW, "silence", speaks),
    PREFIX("ANNOTATE_ENABLE_RACE", RULE_RAW, "silence", speaks),
    PREFIX("VALGRIND_", RULE_RAW, "silence", speaks),
    PREFIX("RUNNING_ON_VALGRIND", RULE_RAW, "silence", tells),
    PREFIX("DRD_", RULE_RAW, "silence", speaks),
    WORD("NVALGRIND", RULE_RAW, "silence", tells),
    PREFIX("valgrind/", RULE_INCLUDES, "silence", speaks),
    PREFIX("sanitizer/", RULE_INCLUDES, "silence", speaks),
    PREFIX("__SANITIZE_", RULE_RAW, "silence", tells),
    WORD("__has_feature", RULE_RAW, "silence", tells),
    WORD("__has_extension", RULE_RAW, "silence", tells),
    WORD("__OPTIMIZE__", RULE_RAW, "silence", tells),
    PREFIX("__wrap_", RULE_CODE | RULE_CALLS | RULE_DEFINES, "silence",
           replaces),
    PREFIX("__real_", RULE_CODE | RULE_CALLS | RULE_DEFINES, "silence",
           replaces),
    PREFIX("pthread_", RULE_DEFINES, "silence", replaces),
    PREFIX("sem_", RULE_DEFINES, "silence", replaces),
    PREFIX("mtx_", RULE_DEFINES, "silence", replaces),
    PREFIX("cnd_", RULE_DEFINES, "silence", replaces),
    PREFIX("thrd_", RULE_DEFINES, "silence", replaces),
    PREFIX("TSAN_", RULE_NAMES, "silence", asks),
    PREFIX("RL_", RULE_NAMES, "silence", asks),
    PREFIX("LD_", RULE_NAMES, "silence", asks),
    PREFIX("VALGRIND_", RULE_NAMES, "silence", asks),
    WORD("fork", RULE_CALLS, "process", process),
    WORD("vfork", RULE_CALLS, "process", process),
    WORD("_Fork", RULE_CALLS, "process", process),
    WORD("daemon", RULE_CALLS, "process", process),
    PREFIX("exec", RULE_CALLS, "exec", process),
    WORD("fexecve", RULE_CALLS, "exec", process),
    PREFIX("posix_spawn", RULE_CALLS, "exec", process),
    WORD("system", RULE_CALLS, "exec", process),
    WORD("popen", RULE_CALLS, "exec", process),
    WORD("clone", RULE_CALLS, "raw", raw),
    WORD("__clone", RULE_CALLS, "raw", raw),
    WORD("clone3", RULE_CALLS, "raw", raw),
    WORD("syscall", RULE_CALLS, "raw", raw),
    WORD("unshare", RULE_CALLS, "raw", raw),
    WORD("setns", RULE_CALLS, "raw", raw),
    WORD("dlopen", RULE_CALLS, "load", loads),
    WORD("dlmopen", RULE_CALLS, "load", loads),
    WORD("dlsym", RULE_CALLS, "load", loads),
    WORD("dlvsym", RULE_CALLS, "load", loads),
    WORD("ptrace", RULE_CALLS, "trace", traces),
    PREFIX("process_vm_", RULE_CALLS, "trace", traces),
    WORD("kill", RULE_CALLS, "kill", traces),
    WORD("killpg", RULE_CALLS, "kill", traces),
    WORD("tgkill", RULE_CALLS, "kill", traces),
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

const struct rule *rule_for(const char *word, enum rule_where where)
{
    for (size_t i = 0; i < RULES; i++) {
        size_t length = strlen(rules[i].word);

        if ((rules[i].where & where) &&
            strncmp(word, rules[i].word, length) == 0 &&
            (rules[i].prefix || !word[length])) {
            return &rules[i];
        }
    }
    return NULL;
}

bool rule_group(const char *name)
{
    if (strcmp(name, "line") == 0 || strcmp(name, "outside") == 0) {
        return true;
    }
    for (size_t i = 0; i < RULES; i++) {
        if (strcmp(name, rules[i].group) == 0) {
            return true;
        }
    }
    return false;
}
