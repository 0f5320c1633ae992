/*
 * What stands at each step of a story: who holds which lock, and who waits
 * for whom. Read from the steps as they were taken, so that it can be told
 * for every moment and not only for the end.
 */
#ifndef RX_SCENE_H
#define RX_SCENE_H

#include "judge.h"

struct scene;

/* At the beginning of the last run. NULL: no memory. */
struct scene *scene_new(struct judge *j);
void scene_free(struct scene *s);

/* Carries out event i, as far as locks are concerned. Every event once, in
 * order. */
void scene_step(struct scene *s, uint32_t i);

/* Locks held after event i: [{object, thread, line, shared}]. */
json_t *scene_locks(const struct scene *s);

/* Who cannot go on after event i: [{thread, object, file, line, holder}], one
 * for each holder, without holder where nobody in particular could end it;
 * join: the object is the thread itself. */
json_t *scene_waits(const struct scene *s, uint32_t i);

/* Adds to step o of event i what a page shows: the variable and its value,
 * the thread that it creates. */
void scene_extend(struct judge *j, uint32_t i, json_t *o);

#endif
