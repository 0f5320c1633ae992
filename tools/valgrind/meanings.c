/*
 * What the texts of Helgrind and DRD mean that are not about a race or the
 * order of locks. They are known by words that have stood in them for ten
 * years and more; a text not known here is passed on as it is, with the
 * student's line.
 */
#include "meanings.h"

#include "places.h"

#include <string.h>

/* What a text means. The first line whose words all stand in it counts. */
struct meaning {
    const char *words, *more; /* NULL: no more words */
    const char *kind, *severity, *op;
    const char *say; /* %s: the lock; NULL: the tool's own words */
};

static const struct meaning meanings[] = {
    {"still holds", NULL, "lock-leak", "error", "end",
     "ends and still holds a lock."},
    {"still locked at thread exit", NULL, "lock-leak", "error", "end",
     "joins a thread that ended and still held %s."},
    {"unlocked a not-locked", NULL, "bad-unlock", "error", "unlock",
     "unlocks %s, which nobody had locked."},
    {"currently held by", NULL, "bad-unlock", "error", "unlock",
     "unlocks %s, which another thread holds."},
    {"unlocked an invalid lock", NULL, "bad-unlock", "error", "unlock",
     "unlocks %s, which nobody has ever locked."},
    {"not locked by calling thread", "rwlock", "bad-unlock", "error", "unlock",
     "unlocks %s, which this thread does not hold."},
    {"not locked by calling thread", "mutex", "bad-unlock", "error", "unlock",
     "unlocks %s, which this thread does not hold."},
    {"Mutex not locked", NULL, "bad-unlock", "error", "unlock",
     "unlocks %s, which nobody had locked."},
    {"is not a mutex", NULL, "api-misuse", "error", "call",
     "uses as a lock what was never locked or initialised."},
    {"destroy of a locked", NULL, "bad-destroy", "error", "destroy",
     "destroys a lock that is still locked."},
    {"Destroying locked", NULL, "bad-destroy", "error", "destroy",
     "destroys %s, which is still locked."},
    {"destr", "waited upon", "bad-destroy", "error", "destroy",
     "destroys a condition that a thread waits on."},
    {"destr", "threads still waiting", "bad-destroy", "error", "destroy",
     "destroys a barrier that a thread waits at."},
    {"pthread_mutex_destroy failed", NULL, "bad-destroy", "error", "destroy",
     "destroys a lock that is still locked."},
    {"re-lock a non-recursive", NULL, "self-deadlock", "error", "lock",
     "locks %s, which it already holds."},
    {"Recursive locking not allowed", NULL, "self-deadlock", "error", "lock",
     "locks %s, which it already holds."},
    {"dubious", NULL, "api-misuse", "note", "signal",
     "signals a condition without holding its lock."},
    /* The same where another thread has the lock by then: POSIX allows both
     * (pthread_cond_signal, Description). */
    {"associated lock is not held by calling", NULL, "api-misuse", "note",
     "signal", "signals a condition without holding its lock."},
    {"not locked by the signalling", NULL, "api-misuse", "note", "signal",
     "signals a condition without holding its lock."},
    {"wait vg_called with un-held", NULL, "api-misuse", "error", "wait",
     "waits on a condition without holding the lock."},
    {"wait vg_called with mutex held by a different", NULL, "api-misuse",
     "error", "wait",
     "waits on a condition with a lock that another thread holds."},
    {"associated with a different mutex", NULL, "api-misuse", "error", "wait",
     "waits on a condition with another lock than before."},
    {"Bug in libpthread", NULL, "api-misuse", "note", "call", NULL},
    {"held for", NULL, "api-misuse", "note", "unlock", NULL},
};

static const struct meaning *meaning_of(const char *text)
{
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        const struct meaning *m = &meanings[i];

        if (vg_has(text, m->words) && (!m->more || vg_has(text, m->more))) {
            return m;
        }
    }
    return NULL;
}

/* "Thread #1: pthread_cond_wait vg_called ..." without its subject. */
static const char *without_subject(const char *text)
{
    const char *colon = strstr(text, ": ");

    return strncmp(text, "Thread #", 8) == 0 && colon ? colon + 2 : text;
}

static void say_other(struct finding *f, const struct vg_record *r,
                      const struct vg_place *p, const char *text)
{
    const struct vg_item *code = vg_find_text(r, "with error code");
    char words[VG_NAME];

    finding_message(f, "%s: %s: %s%s%s", vg_words(p, words, sizeof(words)),
                    f->detector, without_subject(text), code ? " " : "",
                    code ? code->text : "");
    if (f->message[strlen(f->message) - 1] != '.') {
        finding_message_add(f, ".");
    }
}

/* A lock left behind by a thread that the end of the process ended is no
 * forgotten unlock: it was between its lock and its unlock. */
static bool ended_by_process(const struct meaning *m, const struct vg_place *p)
{
    return m && strcmp(m->words, "still holds") == 0 && p->line;
}

void vg_note_stuck(struct vg_translator *t, int number,
                   const struct vg_place *p, const char *lock)
{
    struct finding_thread *thread;

    if (!t->stuck) {
        t->stuck = finding_new("hang", "error", t->run->tool);
    }
    thread = vg_add_thread(t->stuck, number, "wait", p);
    if (lock) {
        finding_add_lock(thread, lock);
    }
}

static const char *severity(const struct meaning *m, const struct vg_place *p)
{
    if (!m) {
        return "error";
    }
    return ended_by_process(m, p) ? "note" : m->severity;
}

/* Who did it: the place, or where its thread was created. */
static void add_subject(struct finding *f, const struct vg_translator *t,
                        const struct vg_place *p, int number)
{
    char words[VG_NAME];

    if (p->line) {
        finding_message(f, "%s ", vg_words(p, words, sizeof(words)));
        return;
    }
    finding_message(f, number == 1 ? "main's thread " : "A thread ");
    for (size_t i = 0; number != 1 && i < t->ncreated; i++) {
        if (t->created[i].number == number) {
            finding_message(f, "The thread created in %s ",
                            t->created[i].words);
        }
    }
}

void vg_say_meaning(struct vg_translator *t, const struct vg_record *r,
                    const char *text, int number)
{
    const struct meaning *m = meaning_of(text);
    struct vg_place p = vg_place(t, vg_stack(r, 0));
    struct finding *f;
    char lock[VG_NAME];

    if (ended_by_process(m, &p) && t->hang) {
        vg_note_stuck(t, number, &p, "a lock");
        return;
    }
    f = finding_new(m ? m->kind : "api-misuse", severity(m, &p), t->run->tool);
    if (m && m->say) {
        vg_name_lock(t, r, vg_address(text, 0), 0, lock);
        add_subject(f, t, &p, number);
        finding_message_add(f, m->say, lock);
        if (strstr(m->say, "%s")) {
            finding_set(&f->variable, lock);
        }
    } else {
        say_other(f, r, &p, text);
    }
    vg_add_thread(f, number, m ? m->op : "call", &p);
    t->emit(f, t->arg);
}
