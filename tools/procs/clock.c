/*
 * Vector clocks and the objects that carry them.
 */
#include "rt.h"

#include <string.h>

void procs_acquire(const struct procs_clock *from)
{
    struct procs_clock *mine = &procs_self()->clock;

    for (int i = 0; i < procs->count; i++) {
        if (from->at[i] > mine->at[i])
            mine->at[i] = from->at[i];
    }
}

void procs_release(struct procs_clock *to)
{
    struct procs_clock *mine = &procs_self()->clock;

    for (int i = 0; i < procs->count; i++) {
        if (mine->at[i] > to->at[i])
            to->at[i] = mine->at[i];
    }
    mine->at[procs_me]++;
}

struct procs_object *procs_object(uint64_t key, enum procs_kind kind)
{
    struct procs_object *o = procs->objects;

    for (int i = 0; i < procs->nobjects; i++, o++) {
        if (o->key == key && o->kind == kind)
            return o;
    }
    if (procs->nobjects == OBJECTS)
        procs_refuse("more than 512 locks and pipes");
    procs->nobjects++;
    memset(o, 0, sizeof *o);
    o->key = key;
    o->kind = kind;
    o->owner = o->first = -1;
    return o;
}

/* Private memory is another object in each process. */
struct procs_object *procs_object_at(const void *address, enum procs_kind kind)
{
    uint64_t id, offset;
    uintptr_t born = 0;
    struct procs_object *o;

    if (procs_find((uintptr_t)address, &id, &offset, &born)) {
        o = procs_object(id << 40 | offset, kind);
        o->shared = true;
    } else {
        o = procs_object((uint64_t)(procs_me + 1) << 56 | (uintptr_t)address,
                         kind);
    }
    o->born = born;
    return o;
}

struct procs_step procs_step(const char *op, struct procs_object *o,
                             uintptr_t pc)
{
    return (struct procs_step){
        .op = op,
        .pc = pc,
        .number = o ? (int)(o - procs->objects) : -1,
        .target = -1,
    };
}

void procs_note(struct procs_note note)
{
    for (int i = 0; i < procs->nnotes; i++) {
        const struct procs_note *old = &procs->notes[i];

        if (strcmp(old->kind, note.kind) == 0 &&
            ((old->a_pc == note.a_pc && old->b_pc == note.b_pc) ||
             (old->a_pc == note.b_pc && old->b_pc == note.a_pc)))
            return;
    }
    if (procs->nnotes < NOTES)
        procs->notes[procs->nnotes++] = note;
}
