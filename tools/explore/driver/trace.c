/*
 * The steps of the last run in words, one a line, for --trace.
 */
#include "trace.h"

#include <inttypes.h>

static const char *object_name(struct names *n, const struct rx_event *e)
{
    const struct rl_ref *r = &e->step.refs[0];
    const char *name;

    switch (r->class) {
    case RL_STREAM:
        return r->key == 2 ? "stdout" : r->key == 3 ? "stderr" : "a file";
    case RL_MEMORY:
        name = names_variable(n, e->addr, 0, 0);
        return name ? name : "memory";
    default:
        return names_object(n, r->id);
    }
}

void trace_print(struct server *s, struct names *n, FILE *out)
{
    const struct rx_shm *shm = server_shm(s);
    const struct rl_world *w = server_world(s);

    for (uint32_t i = 0; i < shm->result.nevents; i++) {
        const struct rx_event *e = &shm->event[i];

        fprintf(out, "%5u t%u %-16s", i, e->thread, rl_op_name(e->step.op));
        if (e->step.nrefs && e->step.refs[0].class != RL_THREAD &&
            e->step.refs[0].class != RL_SPAWN)
            fprintf(out, " %s", object_name(n, e));
        if (e->choice)
            fprintf(out, " choice %u", e->choice);
        if (e->result)
            fprintf(out, " = %d", e->result);
        fprintf(out, " value %" PRIu64 " at %s\n", e->value,
                names_where(n, e->pc));
    }
    for (unsigned t = 0; t < w->nthreads; t++)
        if (w->live & RL_BIT(t))
            fprintf(out, "      t%u stands at %s at %s\n", t,
                    rl_op_name(w->threads[t].pending.op),
                    names_where(n, shm->result.thread[t].pc));
    fprintf(out, "      end %u %s\n", shm->result.end, shm->result.what);
}
