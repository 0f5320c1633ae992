/* See scene.h. */
#include "scene.h"
#include "../../core/finding.h"
#include "words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct hold {
    uint32_t object;
    uint8_t thread;
    bool shared;
    uint32_t depth;
    uint64_t pc;
};

struct scene {
    struct judge *j;
    struct hold *holds; /* in order of taking */
    size_t nholds, room;
    uint64_t live;
};

static const struct rx_shm *shm(const struct judge *j)
{
    return server_shm(j->server);
}

struct scene *scene_new(struct judge *j)
{
    struct scene *s = calloc(1, sizeof *s);

    if (s) {
        s->j = j;
        s->live = RL_BIT(0);
    }
    return s;
}

void scene_free(struct scene *s)
{
    if (s)
        free(s->holds);
    free(s);
}

static struct hold *find(const struct scene *s, unsigned thread,
                         uint32_t object)
{
    for (size_t i = s->nholds; i-- > 0;)
        if (s->holds[i].object == object && s->holds[i].thread == thread)
            return &s->holds[i];
    return NULL;
}

static void take(struct scene *s, const struct rx_event *e, bool shared)
{
    const uint32_t object = e->step.refs[0].id;
    struct hold *again = find(s, e->thread, object);

    if (again) {
        again->depth++;
        return;
    }
    if (s->nholds == s->room) {
        s->room = s->room ? 2 * s->room : 16;
        s->holds = reallocarray(s->holds, s->room, sizeof *s->holds);
        if (!s->holds)
            exit(70);
    }
    s->holds[s->nholds++] = (struct hold){object, e->thread, shared, 1, e->pc};
}

static void drop(struct scene *s, struct hold *h)
{
    const size_t at = (size_t)(h - s->holds);

    s->nholds--;
    for (size_t i = at; i < s->nholds; i++)
        s->holds[i] = s->holds[i + 1];
}

static void release(struct scene *s, unsigned thread, uint32_t object)
{
    struct hold *h = find(s, thread, object);

    if (h && --h->depth == 0)
        drop(s, h);
}

static void destroyed(struct scene *s, uint32_t object)
{
    for (size_t i = s->nholds; i-- > 0;)
        if (s->holds[i].object == object)
            drop(s, &s->holds[i]);
}

/* EOWNERDEAD: a robust mutex that was taken all the same. */
static bool got_it(const struct rx_event *e)
{
    return !e->result || e->result == EOWNERDEAD;
}

void scene_step(struct scene *s, uint32_t i)
{
    const struct rx_event *e = &shm(s->j)->event[i];

    switch (e->step.op) {
    case RL_CREATE:
        if (!e->result)
            s->live |= RL_BIT(e->child);
        break;
    case RL_END:
        s->live &= ~RL_BIT(e->thread);
        break;
    case RL_COND_RELOCK: /* its result is that of the wait */
        take(s, e, false);
        break;
    case RL_MUTEX_LOCK:
    case RL_MUTEX_TRYLOCK:
    case RL_MUTEX_TIMEDLOCK:
    case RL_RW_WRLOCK:
    case RL_RW_TRYWRLOCK:
    case RL_RW_TIMEDWRLOCK:
    case RL_SPIN_LOCK:
    case RL_SPIN_TRYLOCK:
        if (got_it(e))
            take(s, e, false);
        break;
    case RL_RW_RDLOCK:
    case RL_RW_TRYRDLOCK:
    case RL_RW_TIMEDRDLOCK:
        if (got_it(e))
            take(s, e, true);
        break;
    case RL_MUTEX_UNLOCK:
    case RL_RW_UNLOCK:
    case RL_SPIN_UNLOCK:
        release(s, e->thread, e->step.refs[0].id);
        break;
    case RL_COND_WAIT:
    case RL_COND_TIMEDWAIT:
        release(s, e->thread, e->step.refs[1].id);
        break;
    case RL_MUTEX_DESTROY:
    case RL_RW_DESTROY:
    case RL_SPIN_DESTROY:
        destroyed(s, e->step.refs[0].id);
        break;
    default:
        break;
    }
}

json_t *scene_locks(const struct scene *s)
{
    json_t *list = json_array();

    for (size_t i = 0; i < s->nholds; i++) {
        const struct hold *h = &s->holds[i];
        json_t *o = json_pack("{s:s, s:i, s:i}", "object",
                              names_object(s->j->names, h->object), "thread",
                              (int)h->thread, "line",
                              names_place(s->j->names, h->pc).line);

        if (h->shared)
            json_object_set_new(o, "shared", json_true());
        json_array_append_new(list, o);
    }
    return list;
}

/* The next point of thread after event i, or NULL: its last in the run. */
static const struct rx_event *next_point(const struct judge *j, unsigned thread,
                                         uint32_t i)
{
    while (++i < shm(j)->result.nevents)
        if (shm(j)->event[i].thread == thread && shm(j)->event[i].choices)
            return &shm(j)->event[i];
    return NULL;
}

/* Threads that could go on after event i. At the end of a run that stands
 * still nobody; at any other end it does not matter any more. */
static uint64_t enabled_after(const struct judge *j, uint32_t i)
{
    while (++i < shm(j)->result.nevents)
        if (shm(j)->event[i].choices)
            return shm(j)->event[i].enabled;
    return shm(j)->result.end == RX_END_STANDSTILL ? 0 : UINT64_MAX;
}

static bool takes_lock(unsigned class)
{
    return class == RL_MUTEX || class == RL_RWLOCK || class == RL_SPIN;
}

/* Whom the thread at step p waits for, as a set. */
static uint64_t holders(const struct scene *s, unsigned thread,
                        const struct rl_step *p)
{
    uint64_t who = 0;

    if (p->op == RL_JOIN)
        return RL_BIT(p->arg);
    if (!p->nrefs || !takes_lock(p->refs[0].class))
        return 0;
    for (size_t i = 0; i < s->nholds; i++)
        if (s->holds[i].object == p->refs[0].id &&
            (s->holds[i].thread != thread || !s->holds[i].shared))
            who |= RL_BIT(s->holds[i].thread);
    return who;
}

static json_t *wait_json(const struct scene *s, unsigned thread,
                         const struct rl_step *p, uint64_t pc)
{
    const struct symbols_place place = names_place(s->j->names, pc);
    json_t *o = json_pack("{s:i, s:s, s:i}", "thread", (int)thread, "object",
                          words_object(s->j->names, p), "line", place.line);

    if (place.file)
        json_object_set_new(o, "file",
                            finding_cstring(symbols_base(place.file)));
    if (p->op == RL_JOIN)
        json_object_set_new(o, "join", json_true());
    return o;
}

json_t *scene_waits(const struct scene *s, uint32_t i)
{
    const uint64_t stuck = s->live & ~enabled_after(s->j, i);
    const struct rl_world *w = server_world(s->j->server);
    json_t *list = json_array();

    for (unsigned t = 0; t < w->nthreads; t++) {
        const struct rx_event *next = next_point(s->j, t, i);
        const struct rl_step *p = next ? &next->step : &w->threads[t].pending;
        const uint64_t pc = next ? next->pc : shm(s->j)->result.thread[t].pc;
        uint64_t who;

        if (!(stuck & RL_BIT(t)) || p->op == RL_START)
            continue;
        who = holders(s, t, p);
        do {
            json_t *o = wait_json(s, t, p, pc);

            if (who)
                json_object_set_new(o, "holder",
                                    json_integer(__builtin_ctzll(who)));
            json_array_append_new(list, o);
            who &= who - 1;
        } while (who);
    }
    return list;
}

static bool has_value(const struct rx_event *e)
{
    switch (e->step.op) {
    case RL_PLAIN_READ:
    case RL_PLAIN_WRITE:
    case RL_ATOMIC_LOAD:
    case RL_ATOMIC_STORE:
    case RL_ATOMIC_RMW:
    case RL_ATOMIC_CAS:
    case RL_ATOMIC_CAS_WEAK:
        return e->size <= 8;
    default:
        return false;
    }
}

void scene_extend(struct judge *j, uint32_t i, json_t *o)
{
    const struct rx_event *e = &shm(j)->event[i];
    const char *name;
    char value[32];

    if (e->step.op == RL_CREATE && !e->result)
        json_object_set_new(o, "child", json_integer(e->child));
    if (!has_value(e))
        return;
    if (e->step.nrefs && e->step.refs[0].class != RL_MEMORY)
        name = words_object(j->names, &e->step);
    else
        name = names_variable(j->names, e->addr, e->alloc_pc, e->alloc_offset);
    words_value(e, value, sizeof value);
    json_object_set_new(o, "variable", finding_cstring(name ? name : "memory"));
    json_object_set_new(o, "value", json_string(value));
}
