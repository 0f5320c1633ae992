/*
 * Memory of the path: nodes grow by doubling, worlds are remade when a run
 * has more objects than any before.
 */
#include "path.h"

#include <stdlib.h>
#include <string.h>

static struct rl_world *new_world(uint32_t objects)
{
    struct rl_world *w = malloc(rl_world_bytes(objects));

    if (!w)
        abort();
    return rl_world_init(w, objects, (struct rl_budget){0});
}

static void grow_world(struct rl_world **w, uint32_t objects)
{
    struct rl_world *bigger;

    if (!*w)
        return;
    bigger = new_world(objects);
    rl_world_copy(bigger, *w);
    free(*w);
    *w = bigger;
}

void rl_path_init(struct rl_path *p)
{
    memset(p, 0, sizeof *p);
    p->objects = 64;
    p->scratch = new_world(p->objects);
}

void rl_path_free(struct rl_path *p)
{
    for (size_t i = 0; i < p->allocated; i++) {
        free(p->nodes[i].world);
        free(p->nodes[i].again);
    }
    free(p->nodes);
    free(p->scratch);
}

void rl_path_reserve(struct rl_path *p, size_t n, uint32_t objects)
{
    size_t room = p->allocated ? p->allocated : 64;

    if (objects > p->objects) {
        while (p->objects < objects)
            p->objects *= 2;
        for (size_t i = 0; i < p->allocated; i++)
            grow_world(&p->nodes[i].world, p->objects);
        grow_world(&p->scratch, p->objects);
    }
    while (room < n)
        room *= 2;
    if (room == p->allocated)
        return;
    p->nodes = realloc(p->nodes, room * sizeof *p->nodes);
    if (!p->nodes)
        abort();
    for (size_t i = p->allocated; i < room; i++) {
        memset(&p->nodes[i], 0, sizeof p->nodes[i]);
        p->nodes[i].world = new_world(p->objects);
    }
    p->allocated = room;
}
