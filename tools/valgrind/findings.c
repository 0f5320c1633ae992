/*
 * Races, lock orders and hangs in the records of Helgrind and DRD.
 *
 * Messages name places and not thread numbers, which differ from run to run.
 */
#include "findings.h"

#include "meanings.h"
#include "places.h"

#include <stdlib.h>
#include <string.h>

static bool order_swapped(const struct vg_place *a, const struct vg_place *b)
{
    int order = a->line && b->line ? strcmp(a->file, b->file) : 0;

    return b->line &&
           (!a->line || order > 0 || (order == 0 && a->line > b->line));
}

struct side {
    struct vg_place place;
    const char *op;
    int thread;
};

static const char *verb(const struct side *side)
{
    return strcmp(side->op, "read") == 0    ? "reads"
           : strcmp(side->op, "write") == 0 ? "writes"
                                            : "uses";
}

static const char *access_op(const char *text)
{
    return vg_has(text, "read of") || vg_has(text, "load by")     ? "read"
           : vg_has(text, "write of") || vg_has(text, "store by") ? "write"
                                                                  : "access";
}

static void race_message(struct finding *f, const struct side *a,
                         const struct side *b, const char *variable)
{
    char one[VG_NAME], two[VG_NAME];

    finding_message(f, "%s %s %s", vg_words(&a->place, one, sizeof(one)),
                    verb(a), variable[0] ? variable : "memory");
    if (b->place.line) {
        finding_message_add(f, " and %s %s it, and nothing orders the two.",
                            vg_words(&b->place, two, sizeof(two)), verb(b));
    } else {
        finding_message_add(f, ", another thread uses it too, and nothing "
                               "orders the two.");
    }
}

static void freed_message(struct finding *f, const struct side *gone,
                          const struct side *use)
{
    char one[VG_NAME], two[VG_NAME];

    finding_message(f,
                    "%s frees memory that %s %s, and nothing orders the "
                    "two: it can be used after it was freed.",
                    vg_words(&gone->place, one, sizeof(one)),
                    vg_words(&use->place, two, sizeof(two)), verb(use));
}

/* A race of two accesses, or of an access with free. */
static void say_race(struct vg_translator *t, const struct vg_record *r,
                     struct side a, struct side b)
{
    bool freed = strcmp(vg_called(vg_stack(r, 0)), "free") == 0;
    struct finding *f = finding_new(freed ? "use-after-free" : "data-race",
                                    "error", t->run->tool);
    char variable[VG_NAME];
    struct side other;

    vg_name_variable(t, r, variable);
    if (freed) {
        a.op = "free";
        freed_message(f, &a, &b);
    } else {
        if (order_swapped(&a.place, &b.place)) {
            other = a, a = b, b = other;
        }
        race_message(f, &a, &b, variable);
    }
    vg_add_thread(f, a.thread, a.op, &a.place);
    if (b.thread) {
        vg_add_thread(f, b.thread, b.op, &b.place);
    }
    if (variable[0]) {
        finding_set(&f->variable, variable);
    }
    t->emit(f, t->arg);
}

static void helgrind_race(struct vg_translator *t, const struct vg_record *r)
{
    const struct vg_item *this = vg_find_text(r, NULL);
    const struct vg_item *that = vg_find_text(r, "conflicts with a previous");
    struct side a = {.place = vg_place(t, vg_stack(r, 0)),
                     .op = access_op(this ? this->text : ""),
                     .thread = this ? this->threads[0] : 0};
    struct side b = {.op = "access"};

    if (that) {
        b.place = vg_place(t, vg_stack_after(r, that));
        b.op = access_op(that->text);
        b.thread = that->threads[0];
    }
    say_race(t, r, a, b);
}

/* "Conflicting load by thread 2 at 0x0010c0ec size 4" */
static void drd_race(struct vg_translator *t, const struct vg_record *r)
{
    const struct vg_item *this = vg_find_text(r, NULL);
    const char *by = this ? strstr(this->text, "by thread ") : NULL;
    struct side a = {.place = vg_place(t, vg_stack(r, 0)),
                     .op = access_op(this ? this->text : ""),
                     .thread = by ? atoi(by + 10) : r->tid};
    struct side b = {.op = "access"};

    say_race(t, r, a, b);
}

/*
 * "Thread #3: lock order "0xA before 0xB" violated": it holds B and asks for
 * A. The next two stacks are those of the thread that took A, then B.
 */
static void lock_order(struct vg_translator *t, const struct vg_record *r)
{
    const struct vg_item *text = vg_find_text(r, "lock order");
    struct finding *f = finding_new("lock-order", "error", t->run->tool);
    char a[VG_NAME], b[VG_NAME], one[VG_NAME], two[VG_NAME];
    struct vg_place asks = vg_place(t, vg_stack(r, 0));
    struct vg_place first = vg_place(t, vg_stack(r, 1));
    struct vg_place then = vg_place(t, vg_stack(r, 2));
    struct finding_thread *thread;
    int number = text ? text->threads[0] : 0;

    vg_name_lock(t, r, text ? vg_address(text->text, 0) : 0, 0, a);
    vg_name_lock(t, r, text ? vg_address(text->text, 1) : 0, 1, b);
    if (strcmp(a, b) == 0) {
        snprintf(a, sizeof(a), "one lock");
        snprintf(b, sizeof(b), "another lock");
    }
    thread = vg_add_thread(f, number, "lock", &asks);
    finding_set(&thread->object, a);
    finding_add_lock(thread, b);
    finding_message(f,
                    "Locks are taken in opposite orders: %s takes %s while "
                    "it holds %s",
                    vg_words(&asks, one, sizeof(one)), a, b);
    if (first.line && then.line) {
        finding_message_add(f, ", but %s:%d takes %s and then %s takes %s",
                            first.file, first.line, a,
                            vg_words(&then, two, sizeof(two)), b);
        /* Which thread that was, Helgrind does not say. */
        thread = vg_add_thread(f, 0, "hold", &first);
        finding_set(&thread->role, first.root);
        finding_set(&thread->object, a);
        thread = vg_add_thread(f, 0, "lock", &then);
        finding_set(&thread->role, then.root);
        finding_set(&thread->object, b);
        finding_add_lock(thread, a);
    }
    finding_message_add(f, ". At a bad moment each waits for the other.");
    t->emit(f, t->arg);
}

static void say_error(struct vg_translator *t, const struct vg_record *r)
{
    const struct vg_item *text = vg_find_text(r, NULL);
    const char *kind = r->kind ? r->kind : "";

    if (strcmp(kind, "Race") == 0) {
        helgrind_race(t, r);
    } else if (strcmp(kind, "ConflictingAccess") == 0) {
        drd_race(t, r);
    } else if (strcmp(kind, "LockOrder") == 0) {
        lock_order(t, r);
    } else {
        vg_say_meaning(t, r, text && text->text[0] ? text->text : kind,
                       text && text->nthreads ? text->threads[0] : r->tid);
    }
}

static void note_created(struct vg_translator *t, const struct vg_record *r)
{
    struct vg_place p = vg_place(t, vg_stack(r, 0));
    struct vg_created *all;
    char words[VG_NAME];

    all = reallocarray(t->created, t->ncreated + 1, sizeof(*all));
    if (!all || !p.line) {
        t->created = all ? all : t->created;
        return;
    }
    t->created = all;
    all[t->ncreated].number = r->thread;
    all[t->ncreated].words = strdup(vg_words(&p, words, sizeof(words)));
    t->ncreated += all[t->ncreated].words != NULL;
}

void vg_translate(const struct vg_record *r, void *arg)
{
    struct vg_translator *t = arg;
    struct vg_place p;

    if (strcmp(r->type, "error") == 0) {
        say_error(t, r);
    } else if (strcmp(r->type, "announcethread") == 0) {
        note_created(t, r);
    } else if (strcmp(r->type, "fatal_signal") == 0 && t->hang) {
        p = vg_place(t, vg_stack(r, 0));
        vg_note_stuck(t, r->tid, &p, NULL);
    }
}

void vg_translate_end(struct vg_translator *t)
{
    char words[VG_NAME];

    for (size_t i = 0; i < t->ncreated; i++) {
        free(t->created[i].words);
    }
    free(t->created);
    if (!t->hang) {
        return;
    }
    if (!t->stuck) {
        t->stuck = finding_new("hang", "error", t->run->tool);
    }
    finding_message(t->stuck, "The run stands still: every thread waits.");
    for (size_t i = 0; i < t->stuck->nthreads; i++) {
        const struct finding_thread *thread = &t->stuck->threads[i];
        struct vg_place p = {.file = thread->file,
                             .function = thread->function,
                             .line = thread->line};

        if (p.line) {
            finding_message_add(t->stuck, " %s waits%s.",
                                vg_words(&p, words, sizeof(words)),
                                thread->nlocks ? " and holds a lock" : "");
        }
    }
    t->emit(t->stuck, t->arg);
    t->stuck = NULL;
}
