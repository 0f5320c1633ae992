/*
 * When threads were blocked, and in which call: only where times are wanted.
 * What was shorter than a drawing can show is not kept.
 */
#include "recorder.h"

#include <time.h>

bool rl_timed;

uint64_t rl_now(void)
{
    struct timespec now;

    if (!rl_timed || clock_gettime(CLOCK_MONOTONIC, &now))
        return 0;
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void rl_span_begin(struct record_thread *t, enum record_op op,
                   const void *object)
{
    if (!t || !rl_timed || op == RECORD_ONCE ||
        atomic_load(&t->now_op) != RECORD_NONE)
        return;
    t->now_object = (uint64_t)(uintptr_t)object;
    t->now_since = rl_now();
    atomic_store(&t->now_op, op);
}

void rl_span_end(struct record_thread *t, enum record_op op)
{
    uint64_t now;
    uint32_t at;
    struct record_span *s;

    if (!t || !rl_timed || op == RECORD_NONE || atomic_load(&t->now_op) != op)
        return;
    now = rl_now();
    atomic_store(&t->now_op, RECORD_NONE);
    if (now - t->now_since < RECORD_SPAN_LEAST ||
        atomic_load(&rl_record->spans_used) > RECORD_SPANS)
        return;
    at = atomic_fetch_add(&rl_record->spans_used, 1);
    if (at >= RECORD_SPANS)
        return;
    s = &rl_record->spans[at];
    s->slot = rl_slot(t);
    s->id = t->id;
    s->op = op;
    s->object = t->now_object;
    s->begin = t->now_since;
    s->end = now;
    atomic_store(&s->ready, 1);
}
