// Findings as the runtime sees them, in a form without words: places,
// threads, objects. The driver gives them names and sentences.
#include "rt.h"

#include <string.h>

// The same finding twice in one run is one.
static bool known(const struct rx_finding *f)
{
    const struct rx_result *r = &rt_shm->result;

    for (uint32_t i = 0; i + 1 < r->nfindings; i++) {
        const struct rx_finding *g = &r->finding[i];

        if (g != f && g->kind == f->kind && g->detail == f->detail &&
            g->object == f->object && g->party[0].pc == f->party[0].pc &&
            g->party[1].pc == f->party[1].pc)
            return true;
    }
    return false;
}

struct rx_finding *rt_finding(enum rx_kind kind, unsigned detail,
                              uint32_t object)
{
    struct rx_result *r = &rt_shm->result;
    struct rx_finding *f;

    if (r->nfindings && known(&r->finding[r->nfindings - 1]))
        r->nfindings--;
    if (r->nfindings == RX_MAX_FINDINGS)
        return NULL;
    f = &r->finding[r->nfindings++];
    memset(f, 0, sizeof *f);
    f->kind = (uint8_t)kind;
    f->detail = (uint8_t)detail;
    f->object = object;
    f->step = r->nevents;
    return f;
}

struct rx_party *rt_party(struct rx_finding *f, unsigned thread,
                          enum rx_act act, uint32_t object, uintptr_t pc)
{
    const struct rl_thread *m = &rt_world->threads[thread];
    struct rx_party *p;

    if (!f || f->nparties == RX_PARTIES)
        return NULL;
    p = &f->party[f->nparties++];
    *p = (struct rx_party){.thread = (uint8_t)thread,
                           .act = (uint8_t)act,
                           .object = object,
                           .pc = pc};
    for (unsigned i = 0; i < m->nheld && i < RX_MAX_LOCKS; i++)
        p->locks[p->nlocks++] = m->held[i].id;
    return p;
}

static enum rx_kind kind_of(enum rl_finding_kind kind)
{
    switch (kind) {
    case RL_BAD_UNLOCK_OTHER:
    case RL_BAD_UNLOCK_FREE:
        return RX_BAD_UNLOCK;
    case RL_BAD_DESTROY_LOCKED:
    case RL_BAD_DESTROY_WAITED:
    case RL_USE_DESTROYED:
    case RL_INIT_IN_USE:
        return RX_BAD_DESTROY;
    case RL_LOCK_LEAK:
        return RX_LOCK_LEAK;
    case RL_SELF_LOCK:
    case RL_SELF_JOIN:
        return RX_SELF_DEADLOCK;
    case RL_LOST_SIGNAL:
        return RX_LOST_WAKEUP;
    default:
        return RX_API_MISUSE;
    }
}

static enum rx_act act_of(unsigned kind)
{
    switch (kind) {
    case RX_BAD_UNLOCK:
        return RX_UNLOCKS;
    case RX_BAD_DESTROY:
        return RX_DESTROYS;
    case RX_LOCK_LEAK:
        return RX_ENDS;
    case RX_LOST_WAKEUP:
        return RX_SIGNALS;
    default:
        return RX_CALLS;
    }
}

static uintptr_t where_held(unsigned thread, uint32_t object)
{
    const struct rx_thread *info = &rt_shm->result.thread[thread];

    for (unsigned i = 0; i < info->nholds; i++)
        if (info->hold[i].object == object)
            return info->hold[i].pc;
    return 0;
}

// Mutexes that check say EDEADLK or EPERM and do nothing: it is the program's
// right to ask for that. A note where the caller may look at the result; an
// error where it surely does not, and goes on as if it had the lock.
static bool asked(const struct rl_effect *e, const struct rl_finding *m,
                  uintptr_t pc)
{
    switch (m->kind) {
    case RL_SELF_LOCK:
    case RL_BAD_UNLOCK_FREE:
    case RL_BAD_UNLOCK_OTHER:
        return e->result && rt_world->objects[m->object].class == RL_MUTEX &&
               !rt_ignored(pc);
    default:
        return false;
    }
}

void rt_model_findings(const struct rl_effect *e, uintptr_t pc)
{
    for (unsigned i = 0; i < e->nfindings; i++) {
        const struct rl_finding *m = &e->findings[i];
        struct rx_finding *f;
        uintptr_t held;
        bool handled;

        if (m->kind == RL_OWNER_DIED)
            continue; // what robust mutexes are for
        if (m->kind == RL_TOO_MANY)
            rt_unsupported("too many threads, objects or locks held", pc);
        handled = asked(e, m, pc);
        f = rt_finding(handled ? RX_API_MISUSE : kind_of(m->kind), m->kind,
                       m->object);
        if (!f)
            return;
        // A signal that nobody heard is a bug only when somebody missed it:
        // the driver looks at that when the run stands still.
        f->note = handled || m->kind == RL_LOST_SIGNAL;
        rt_party(f, m->thread, act_of(f->kind), m->object, pc);
        if (m->other != RL_NOBODY && m->other != m->thread) {
            held = where_held(m->other, m->object);
            rt_party(f, m->other, RX_HOLDS, m->object, held);
        } else if (m->kind == RL_LOCK_LEAK) {
            held = where_held(m->thread, m->object);
            rt_party(f, m->thread, RX_LOCKS, m->object, held);
        }
        if (!f->note)
            rt_debug_found(pc);
    }
}
