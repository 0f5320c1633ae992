/*
 * Names and holders from the record and the symbols; no judgement.
 */
#include "reading.h"

#include <string.h>

uint32_t reading_threads(const struct reading *v)
{
    uint32_t n = atomic_load(&v->r->slots);

    return n < RECORD_THREADS ? n : RECORD_THREADS;
}

uint32_t reading_held(const struct record_thread *t)
{
    uint32_t n = t->nheld;

    return n < RECORD_HELD ? n : RECORD_HELD;
}

const struct record_thread *reading_slot(const struct reading *v, uint32_t slot)
{
    return slot < RECORD_THREADS ? &v->r->threads[slot] : NULL;
}

const struct record_object *reading_object(const struct reading *v,
                                           uint64_t address)
{
    for (uint32_t i = 0; address && i < RECORD_OBJECTS; i++) {
        if (atomic_load(&v->r->objects[i].address) == address)
            return &v->r->objects[i];
    }
    return NULL;
}

bool reading_alive(const struct record_thread *t)
{
    uint32_t state = atomic_load(&t->state);

    return state == RECORD_RUNNING || state == RECORD_CREATED;
}

bool reading_holds(const struct reading *v, const struct record_thread *t,
                   const struct record_held *h)
{
    const struct record_object *o;

    if (h->shared || t->pid != v->r->pid)
        return true;
    o = reading_object(v, h->object);
    return !o || atomic_load(&o->owner) == (uint32_t)(t - v->r->threads) + 1;
}

void reading_place(const struct reading *v, uint64_t pc,
                   struct symbols_place *p)
{
    memset(p, 0, sizeof *p);
    if (pc > v->r->base)
        symbols_place(v->s, pc - 1 - v->r->base, p);
}

/* Where the function that pc is in was called, in the program's own files. */
static bool called_at(const struct reading *v, uint64_t pc, uint64_t via,
                      struct symbols_place *p)
{
    if (pc > v->r->base && symbols_inlined_at(v->s, pc - 1 - v->r->base, p))
        return p->file && p->line;
    reading_place(v, via, p);
    return p->file && p->line && !strstr(p->file, "tools/core/");
}

char *reading_at(const struct reading *v, uint64_t pc, uint64_t via,
                 char text[NAME_SIZE])
{
    struct symbols_place p;
    struct symbols_place from;
    int n;

    reading_place(v, pc, &p);
    if (!p.file || !p.line) {
        snprintf(text, NAME_SIZE, "%s", "an unknown place");
        return text;
    }
    n = snprintf(text, NAME_SIZE, "%s:%d", symbols_base(p.file), p.line);
    if (n >= NAME_SIZE || !called_at(v, pc, via, &from))
        return text;
    if (strcmp(symbols_base(p.file), symbols_base(from.file)) == 0)
        snprintf(text + n, NAME_SIZE - n, ", called from line %d", from.line);
    else
        snprintf(text + n, NAME_SIZE - n, ", called from %s:%d",
                 symbols_base(from.file), from.line);
    return text;
}

char *reading_name(const struct reading *v, uint64_t object,
                   char text[NAME_SIZE])
{
    static const char *const kinds[] = {
        [RECORD_UNKNOWN] = "object",      [RECORD_MUTEX] = "mutex",
        [RECORD_RWLOCK] = "rwlock",       [RECORD_SPINLOCK] = "spin lock",
        [RECORD_CONDITION] = "condition", [RECORD_SEMAPHORE] = "semaphore",
        [RECORD_BARRIERS] = "barrier",    [RECORD_ONCES] = "once",
    };
    const struct record_object *o;

    if (object >= v->r->base &&
        symbols_object(v->s, object - v->r->base, text, NAME_SIZE))
        return text;
    o = reading_object(v, object);
    if (o)
        snprintf(text, NAME_SIZE, "%s #%u",
                 o->kind <= RECORD_ONCES ? kinds[o->kind] : "object",
                 o->number);
    else
        snprintf(text, NAME_SIZE, "%s", "an unnamed lock");
    return text;
}

const char *reading_role(const struct reading *v, const struct record_thread *t)
{
    struct symbols_place p;

    if (t->is_main)
        return "main";
    if (t->start <= v->r->base)
        return NULL;
    symbols_place(v->s, t->start - v->r->base, &p);
    return p.function;
}

char *reading_who(const struct reading *v, const struct record_thread *t,
                  char text[NAME_SIZE])
{
    const char *role = reading_role(v, t);

    if (t->is_main)
        snprintf(text, NAME_SIZE, "%s", "main");
    else if (role)
        snprintf(text, NAME_SIZE, "thread %u (%s)", t->id, role);
    else
        snprintf(text, NAME_SIZE, "thread %u", t->id);
    return text;
}

char *reading_first(const struct reading *v, const struct record_thread *t,
                    char text[NAME_SIZE])
{
    reading_who(v, t, text);
    if (!t->is_main)
        text[0] = 'T';
    return text;
}

struct finding_thread *reading_add(const struct reading *v, struct finding *f,
                                   const struct record_thread *t,
                                   const char *op, uint64_t pc, uint64_t object)
{
    struct finding_thread *thread =
        finding_add_thread(f, (int)t->id, reading_role(v, t), op);
    struct symbols_place p;
    char name[NAME_SIZE];

    reading_place(v, pc, &p);
    finding_place(thread, p.file, p.line, p.function);
    if (object)
        finding_set(&thread->object, reading_name(v, object, name));
    for (uint32_t i = 0; i < reading_held(t); i++) {
        if (reading_holds(v, t, &t->held[i]))
            finding_add_lock(thread, reading_name(v, t->held[i].object, name));
    }
    return thread;
}

static bool same_line(const struct finding_thread *a,
                      const struct finding_thread *b)
{
    return a->line && a->line == b->line && a->file && b->file &&
           strcmp(a->file, b->file) == 0;
}

void reading_step_out(const struct reading *v, struct finding *f, uint32_t n,
                      const struct reading_call *calls)
{
    struct symbols_place p;
    bool same = false;

    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < i; k++)
            same = same || same_line(&f->threads[i], &f->threads[k]);
    }
    for (uint32_t i = 0; same && i < n; i++) {
        if (called_at(v, calls[i].pc, calls[i].via, &p))
            finding_place(&f->threads[i], p.file, p.line, p.function);
    }
}

void reading_report(json_t *findings, struct finding *f)
{
    json_t *object = finding_json(f);

    if (object)
        json_array_append_new(findings, object);
    finding_free(f);
}
