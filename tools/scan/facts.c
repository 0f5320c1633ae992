/*
 * Facts from words.
 */
#include "facts.h"

#include <string.h>

static bool begins(const char *word, const char *with)
{
    return strncmp(word, with, strlen(with)) == 0;
}

static bool is_any(const char *word, const char *const *names)
{
    for (; *names; names++) {
        if (strcmp(word, *names) == 0) {
            return true;
        }
    }
    return false;
}

static const char *const weak[] = {"memory_order_relaxed",
                                   "memory_order_consume",
                                   "memory_order_acquire",
                                   "memory_order_release",
                                   "memory_order_acq_rel",
                                   "__ATOMIC_RELAXED",
                                   "__ATOMIC_CONSUME",
                                   "__ATOMIC_ACQUIRE",
                                   "__ATOMIC_RELEASE",
                                   "__ATOMIC_ACQ_REL",
                                   NULL};
static const char *const fences[] = {
    "atomic_thread_fence", "__atomic_thread_fence", "__c11_atomic_thread_fence",
    "__sync_synchronize", NULL};
static const char *const once[] = {"pthread_once", "call_once", NULL};
static const char *const pipes[] = {"pipe",    "pipe2",  "socketpair",
                                    "eventfd", "mkfifo", NULL};
static const char *const tries[] = {"pthread_mutex_trylock",
                                    "pthread_mutex_timedlock",
                                    "pthread_rwlock_tryrdlock",
                                    "pthread_rwlock_trywrlock",
                                    "pthread_spin_trylock",
                                    "mtx_trylock",
                                    "mtx_timedlock",
                                    "pthread_mutex_clocklock",
                                    "pthread_rwlock_timedwrlock",
                                    NULL};
static const char *const reentrant[] = {"localtime_r", "gmtime_r", "ctime_r",
                                        "asctime_r",   "strtok_r", "strerror_r",
                                        "getpwnam_r",  NULL};
static const char *const signals[] = {"sigaction", "signal", "pthread_kill",
                                      "sigwait",   "raise",  NULL};
static const char *const processes[] = {"fork",   "vfork", "posix_spawn",
                                        "system", "popen", NULL};

void facts_note(struct facts *f, const char *word)
{
    f->atomics |= begins(word, "atomic_") || begins(word, "__atomic_") ||
                  begins(word, "__c11_atomic_") || begins(word, "__sync_") ||
                  strcmp(word, "_Atomic") == 0;
    f->flags |= begins(word, "atomic_flag") || begins(word, "ATOMIC_FLAG");
    f->weak |= is_any(word, weak);
    f->fences |= is_any(word, fences);
    f->once |= is_any(word, once);
    f->pipes |= is_any(word, pipes);
    f->trylock |= is_any(word, tries);
    f->c11 |=
        begins(word, "thrd_") || begins(word, "mtx_") || begins(word, "cnd_");
    f->reentrant |= is_any(word, reentrant);
    f->signals |= is_any(word, signals);
    f->processes |= is_any(word, processes);
}

json_t *facts_json(const struct facts *f)
{
    const struct {
        const char *name;
        bool value;
    } all[] = {
        {"atomics", f->atomics},     {"weak", f->weak},
        {"fences", f->fences},       {"flags", f->flags},
        {"once", f->once},           {"pipes", f->pipes},
        {"trylock", f->trylock},     {"c11", f->c11},
        {"reentrant", f->reentrant}, {"signals", f->signals},
        {"processes", f->processes},
    };
    json_t *object = json_object();

    json_object_set_new(object, "type", json_string("facts"));
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        json_object_set_new(object, all[i].name, json_boolean(all[i].value));
    }
    return object;
}
