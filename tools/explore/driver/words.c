/* See words.h. */
#include "words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *words_object(struct names *n, const struct rl_step *s)
{
    if (s->op == RL_JOIN || s->op == RL_TRYJOIN || s->op == RL_DETACH ||
        s->op == RL_CANCEL)
        return names_thread(n, (unsigned)s->arg);
    if (!s->nrefs)
        return "something";
    if (s->refs[0].class == RL_CLOCK)
        return "the clock";
    if (s->refs[0].class == RL_STREAM)
        return s->refs[0].key == 3 ? "stderr" : "stdout";
    return names_object(n, s->refs[0].id);
}

/* %s is the object. Steps that are not here have words of their own, or are
 * called as the model calls them. */
static const char *const phrases[RL_OPS] = {
    [RL_START] = "starts",
    [RL_END] = "ends",
    [RL_EXIT] = "ends the process",
    [RL_JOIN] = "sees that %s has ended",
    [RL_DETACH] = "detaches %s",
    [RL_CANCEL] = "cancels %s",
    [RL_YIELD] = "lets others go first",
    [RL_MUTEX_LOCK] = "locks %s",
    [RL_MUTEX_UNLOCK] = "unlocks %s",
    [RL_MUTEX_DESTROY] = "destroys %s",
    [RL_COND_WAIT] = "waits on %s and lets go of the mutex",
    [RL_COND_TIMEDWAIT] = "waits on %s for a time, and lets go of the mutex",
    [RL_COND_WAKE] = "wakes up from %s",
    [RL_COND_RELOCK] = "locks %s again",
    [RL_RW_RDLOCK] = "locks %s to read",
    [RL_RW_WRLOCK] = "locks %s to write",
    [RL_RW_UNLOCK] = "unlocks %s",
    [RL_SPIN_LOCK] = "locks %s",
    [RL_SPIN_UNLOCK] = "unlocks %s",
    [RL_BARRIER_ARRIVE] = "arrives at %s",
    [RL_BARRIER_LEAVE] = "leaves %s",
    [RL_SEM_WAIT] = "takes one from %s",
    [RL_SEM_POST] = "adds one to %s",
    [RL_ONCE_ENTER] = "comes to %s",
    [RL_ONCE_DONE] = "is done with %s",
    [RL_OUTPUT] = "writes to %s",
    [RL_INPUT] = "reads input",
    [RL_SLEEP] = "goes to sleep",
    [RL_SLEEP_WAKE] = "wakes up",
    [RL_PARK] = "sees that %s has changed",
};

void words_value(const struct rx_event *e, char *text, size_t size)
{
    if (e->size > 8)
        text[0] = 0;
    else if (e->size == 8) /* a negative number, sooner than one of 2^63 */
        snprintf(text, size, "%" PRId64, (int64_t)e->value);
    else if (e->value < 1u << 31)
        snprintf(text, size, "%" PRIu64, e->value);
    else
        snprintf(text, size, "%" PRId32, (int32_t)e->value);
}

static void access_words(struct names *n, const struct rx_event *e,
                         const char *verb, char *text, size_t size)
{
    const char *name;
    char value[32];

    if (e->step.refs[0].class == RL_MEMORY) {
        name = names_variable(n, e->addr, e->alloc_pc, e->alloc_offset);
        if (!name)
            name = "memory";
    } else {
        name = words_object(n, &e->step);
    }
    words_value(e, value, sizeof value);
    snprintf(text, size, value[0] ? "%s %s = %s" : "%s %s", verb, name, value);
}

static void signal_words(struct names *n, const struct rx_event *e, char *text,
                         size_t size)
{
    const char *what = words_object(n, &e->step);

    if (!e->woke)
        snprintf(text, size, "signals %s: nobody waits", what);
    else if (e->woke & (e->woke - 1))
        snprintf(text, size, "signals %s: wakes %d threads", what,
                 __builtin_popcountll(e->woke));
    else
        snprintf(text, size, "signals %s: wakes %s", what,
                 names_thread(n, (unsigned)__builtin_ctzll(e->woke)));
}

void words_step(struct names *n, const struct rx_event *e, char *text,
                size_t size)
{
    const char *phrase = e->step.op < RL_OPS ? phrases[e->step.op] : NULL;
    size_t used;

    switch (e->step.op) {
    case RL_PLAIN_READ:
    case RL_ATOMIC_LOAD:
        access_words(n, e, "reads", text, size);
        break;
    case RL_PLAIN_WRITE:
    case RL_ATOMIC_STORE:
        access_words(n, e, "writes", text, size);
        break;
    case RL_ATOMIC_RMW:
        access_words(n, e, "updates", text, size);
        break;
    case RL_ATOMIC_CAS:
    case RL_ATOMIC_CAS_WEAK:
        access_words(n, e,
                     e->step.flags & RL_NO_CHANGE ? "compares, and leaves"
                                                  : "compares and sets",
                     text, size);
        break;
    case RL_CREATE:
        snprintf(text, size, "creates %s", names_thread(n, e->child));
        break;
    case RL_COND_SIGNAL:
    case RL_COND_BROADCAST:
        signal_words(n, e, text, size);
        break;
    default:
        if (phrase && strstr(phrase, "%s")) {
            used = strcspn(phrase, "%");
            snprintf(text, size, "%.*s%s%s", (int)used, phrase,
                     words_object(n, &e->step), phrase + used + 2);
        } else if (phrase) {
            snprintf(text, size, "%s", phrase);
        } else {
            snprintf(text, size, "%s %s%s", rl_op_name(e->step.op),
                     words_object(n, &e->step),
                     e->result ? ": does not get it" : "");
        }
    }
}

void words_wait(struct names *n, const struct rl_step *s, char *text,
                size_t size)
{
    if (s->op == RL_JOIN)
        snprintf(text, size, "waits for the end of %s", words_object(n, s));
    else if (s->op == RL_SLEEP_WAKE)
        snprintf(text, size, "sleeps");
    else
        snprintf(text, size, "waits for %s", words_object(n, s));
}

const char *words_end(const struct rx_result *r)
{
    switch (r->end) {
    case RX_END_EXIT:
        return "The process ends.";
    case RX_END_STANDSTILL:
        return "Nobody can go on.";
    default:
        return "The run ends here.";
    }
}
