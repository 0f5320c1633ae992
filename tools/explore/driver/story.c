/*
 * See story.h. Steps that nobody else could notice (starts of threads, looks
 * at the clock) stay in, so that a reader can count.
 */
#include "story.h"
#include "bag.h"
#include "scene.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct rx_shm *shm(const struct judge *j)
{
    return server_shm(j->server);
}

/* A plain access that was noted between two points: no decision. */
static bool is_note(const struct rx_event *e)
{
    return !e->choices;
}

static bool plain(const struct rx_event *e)
{
    return e->step.op == RL_PLAIN_READ || e->step.op == RL_PLAIN_WRITE;
}

static bool overlap(const struct rx_event *a, const struct rx_event *b)
{
    return a->addr < b->addr + b->size && b->addr < a->addr + a->size;
}

/* Where in the run the thread was created. */
static uint32_t birth(const struct rx_shm *s, unsigned thread)
{
    uint32_t i = 0;

    if (!thread)
        return 0;
    while (i < s->result.nevents &&
           (s->event[i].step.op != RL_CREATE || s->event[i].child != thread))
        i++;
    return i;
}

/* Does one of them change what the other is there to see? */
static bool meet(const struct rx_shm *s, uint32_t write, uint32_t other)
{
    const struct rx_event *w = &s->event[write], *o = &s->event[other];

    return plain(o) && w->step.op == RL_PLAIN_WRITE && w->thread != o->thread &&
           overlap(w, o) && birth(s, o->thread) <= write;
}

/* A note is worth a row when another thread meets it there: what only is
 * read, or was set up before the others were made, is not. */
static bool worth_a_row(const struct judge *j, uint32_t i)
{
    const struct rx_shm *s = shm(j);

    if (!is_note(&s->event[i]))
        return true;
    for (uint32_t k = 0; k < s->result.nevents; k++)
        if (plain(&s->event[k]) && (meet(s, i, k) || meet(s, k, i)))
            return true;
    return false;
}

/* What `thread` is about to do at event i: its next step, or where it stands
 * at the end. */
static const struct rl_step *standing_at(const struct judge *j, unsigned thread,
                                         uint32_t i)
{
    for (; i < shm(j)->result.nevents; i++)
        if (shm(j)->event[i].thread == thread && !is_note(&shm(j)->event[i]))
            return &shm(j)->event[i].step;
    return &server_world(j->server)->threads[thread].pending;
}

static json_t *why_switched(const struct judge *j, uint32_t i)
{
    const struct rx_event *e = &shm(j)->event[i];
    const struct rx_event *before = e - 1;
    const char *who;
    char wait[300];

    while (before >= shm(j)->event && is_note(before) &&
           before->thread == e->thread)
        before--;
    if (!i || before < shm(j)->event || before->thread == e->thread)
        return json_null();
    who = names_thread(j->names, before->thread);
    if (before->step.op == RL_END)
        return json_sprintf("%s has ended", who);
    if (is_note(e) || e->enabled & RL_BIT(before->thread))
        return json_sprintf("%s is held up", who);
    words_wait(j->names, standing_at(j, before->thread, i), wait, sizeof wait);
    return json_sprintf("%s %s", who, wait);
}

/* Is this one of the places that the finding names? */
static bool named(const struct finding *f, unsigned thread,
                  const struct symbols_place *p)
{
    for (size_t i = 0; f && i < f->nthreads; i++)
        if (f->threads[i].id == (int)thread && f->threads[i].line == p->line &&
            f->threads[i].line && f->threads[i].file && p->file &&
            !strcmp(f->threads[i].file, symbols_base(p->file)))
            return true;
    return false;
}

/* A thread's start and its end are no line of its own. */
static struct symbols_place place_of(struct judge *j, const struct rx_event *e)
{
    if (e->step.op == RL_END || e->step.op == RL_START)
        return (struct symbols_place){0};
    return names_place(j->names, e->pc);
}

static json_t *step_json(struct judge *j, uint32_t i, uint32_t number,
                         const struct finding *f)
{
    const struct rx_event *e = &shm(j)->event[i];
    struct symbols_place p = place_of(j, e);
    char text[400];
    json_t *o;

    words_step(j->names, e, text, sizeof text);
    o = json_pack("{s:i, s:i, s:s, s:s, s:o}", "n", (int)number, "thread",
                  (int)e->thread, "op", rl_op_name(e->step.op), "text", text,
                  "switch", why_switched(j, i));
    if (p.file) {
        json_object_set_new(o, "file", json_string(symbols_base(p.file)));
        json_object_set_new(o, "line", json_integer(p.line));
        json_object_set_new(o, "source",
                            names_source(j->names, p.file, p.line));
    }
    if (named(f, e->thread, &p))
        json_object_set_new(o, "finding", json_true());
    return o;
}

static json_t *threads_json(struct judge *j)
{
    const struct rl_world *w = server_world(j->server);
    json_t *list = json_array();

    for (unsigned t = 0; t < w->nthreads; t++) {
        const char *role = names_role(j->names, t);

        json_array_append_new(list, json_pack("{s:i, s:s}", "id", (int)t,
                                              "name", role ? role : "thread"));
    }
    return list;
}

static json_t *waits_json(struct judge *j)
{
    const struct rl_world *w = server_world(j->server);
    json_t *list = json_array();

    if (shm(j)->result.end != RX_END_STANDSTILL)
        return list;
    for (unsigned t = 0; t < w->nthreads; t++) {
        const struct rl_step *s = &w->threads[t].pending;
        uint64_t who = rl_waits_for(w, t);
        json_t *o;

        if (!(w->live & RL_BIT(t)))
            continue;
        o = json_pack("{s:i, s:s, s:i}", "thread", (int)t, "object",
                      words_object(j->names, s), "line",
                      names_place(j->names, shm(j)->result.thread[t].pc).line);
        if (who)
            json_object_set_new(o, "holder",
                                json_integer(__builtin_ctzll(who)));
        if (s->op == RL_JOIN)
            json_object_set_new(o, "join", json_true());
        json_array_append_new(list, o);
    }
    return list;
}

/* The whole of each file that a step is in, for a page that shows it. */
static json_t *sources_json(struct judge *j, const json_t *steps)
{
    json_t *sources = json_object();
    size_t i;
    const json_t *step;

    json_array_foreach (steps, i, step) {
        const char *file = json_string_value(json_object_get(step, "file"));

        if (file && !json_object_get(sources, file))
            json_object_set_new(sources, file, names_lines(j->names, file));
    }
    return sources;
}

/* Rows of the steps, each with what holds after it. */
static json_t *steps_json(struct judge *j)
{
    const struct rx_shm *s = shm(j);
    const struct finding *f = bag_first(j->bag);
    struct scene *scene = scene_new(j);
    json_t *steps = json_array();
    uint32_t number = 0;

    if (!scene)
        exit(70);
    for (uint32_t i = 0; i < s->result.nevents; i++) {
        json_t *o;

        scene_step(scene, i);
        if (!worth_a_row(j, i))
            continue;
        o = step_json(j, i, ++number, f);
        scene_extend(j, i, o);
        json_object_set_new(o, "locks", scene_locks(scene));
        json_object_set_new(o, "waits", scene_waits(scene, i));
        json_array_append_new(steps, o);
    }
    scene_free(scene);
    return steps;
}

bool story_tell(struct judge *j, FILE *out)
{
    struct rx_shm *s = server_shm(j->server);
    uint32_t n = s->result.nevents;
    const struct finding *f = bag_first(j->bag);
    json_t *root, *steps;

    for (uint32_t i = 0; i < n; i++)
        s->prefix[i] = (struct rx_pick){s->event[i].thread, s->event[i].choice};
    s->job.nprefix = n;
    s->job.story = 1;
    if (!server_run(j->server))
        return false;
    steps = steps_json(j);
    root = json_pack("{s:s, s:o, s:o, s:o, s:{s:s, s:o}}", "title",
                     f ? f->kind : "interleaving", "threads", threads_json(j),
                     "sources", sources_json(j, steps), "steps", steps, "end",
                     "message", f ? f->message : words_end(&s->result), "waits",
                     waits_json(j));
    json_dumpf(root, out, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    putc('\n', out);
    json_decref(root);
    return true;
}
