/*
 * Mutexes, spin locks and read-write locks between processes. The lock itself
 * is never touched: who holds it is known here. One in private memory is
 * another lock in each process.
 */
#include "rt.h"

#include <errno.h>
#include <pthread.h>

int __real_pthread_mutex_init(pthread_mutex_t *, const pthread_mutexattr_t *);

static void hold(struct procs_object *o)
{
    struct procs_process *p = procs_self();

    o->owner = procs_me;
    o->depth = 1;
    procs_acquire(&o->clock);
    if (p->nheld < HELD)
        p->held[p->nheld++] = (int)(o - procs->objects);
}

static void drop(struct procs_object *o)
{
    struct procs_process *p = procs_self();
    int number = (int)(o - procs->objects);

    for (int i = 0; i < p->nheld; i++) {
        if (p->held[i] == number) {
            p->held[i] = p->held[--p->nheld];
            break;
        }
    }
    procs_release(&o->clock);
    o->owner = -1;
}

/* An object in shared memory that is made for one process and used by two. */
void procs_use(struct procs_object *o, const char *op, uintptr_t pc)
{
    if (o->first < 0) {
        o->first = procs_me;
        o->first_pc = pc;
    }
    if (o->shared && !o->is_pshared && o->first != procs_me && !o->told) {
        o->told = true;
        procs_note((struct procs_note){
            .kind = "not-shared",
            .a = procs_me,
            .b = o->first,
            .a_op = op,
            .b_op = op,
            .a_pc = pc,
            .b_pc = o->first_pc,
            .born = o->born,
            .offset = (uint64_t)o->kind,
        });
    }
    o->users |= 1u << procs_me;
}

static struct procs_object *mutex_of(pthread_mutex_t *m)
{
    struct procs_object *o = procs_object_at(m, PROCS_MUTEX);

    if (!o->made) {
        o->made = true;
        o->type = m->__data.__kind & 3;
    }
    return o;
}

/* The first step of an operation on a lock; private ones are no points. */
static void begin(struct procs_object *o, const char *op, uintptr_t pc)
{
    procs_use(o, op, pc);
    if (o->shared)
        procs_point(procs_step(op, o, pc));
    else
        procs_self()->now = procs_step(op, o, pc);
}

static int locked(struct procs_object *o, bool timed, uintptr_t pc)
{
    int err = 0;

    begin(o, "lock", pc);
    while (o->owner >= 0) {
        if (o->owner == procs_me && o->type == PTHREAD_MUTEX_RECURSIVE) {
            o->depth++;
            return 0;
        }
        if (o->owner == procs_me && o->type == PTHREAD_MUTEX_ERRORCHECK)
            return EDEADLK;
        procs_self()->timed = timed;
        if (procs_self()->expired) {
            procs_went();
            return ETIMEDOUT;
        }
        procs_block();
    }
    if (o->owner_died)
        err = EOWNERDEAD;
    hold(o);
    procs_went();
    return err;
}

int __wrap_pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *a)
{
    int shared = PTHREAD_PROCESS_PRIVATE, robust = PTHREAD_MUTEX_STALLED;
    struct procs_object *o;

    if (procs) {
        o = procs_object_at(m, PROCS_MUTEX);
        o->made = true;
        o->owner = o->first = -1;
        o->type = PTHREAD_MUTEX_NORMAL;
        if (a) {
            pthread_mutexattr_getpshared(a, &shared);
            pthread_mutexattr_getrobust(a, &robust);
            pthread_mutexattr_gettype(a, &o->type);
        }
        o->is_pshared = shared == PTHREAD_PROCESS_SHARED;
        o->robust = robust == PTHREAD_MUTEX_ROBUST;
    }
    return __real_pthread_mutex_init(m, a);
}

int __wrap_pthread_mutex_destroy(pthread_mutex_t *m)
{
    (void)m;
    return 0;
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *m)
{
    return locked(mutex_of(m), false, PROCS_PC);
}

int __wrap_pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *t)
{
    (void)t;
    return locked(mutex_of(m), true, PROCS_PC);
}

static int tried(struct procs_object *o, uintptr_t pc)
{
    begin(o, "trylock", pc);
    if (o->owner == procs_me && o->type == PTHREAD_MUTEX_RECURSIVE) {
        o->depth++;
        return 0;
    }
    if (o->owner >= 0)
        return EBUSY;
    hold(o);
    procs_went();
    return o->owner_died ? EOWNERDEAD : 0;
}

int __wrap_pthread_mutex_trylock(pthread_mutex_t *m)
{
    return tried(mutex_of(m), PROCS_PC);
}

static int unlocked(struct procs_object *o, uintptr_t pc)
{
    begin(o, "unlock", pc);
    if (o->owner != procs_me) {
        procs_note((struct procs_note){.kind = "not-owner",
                                       .a = procs_me,
                                       .b = o->owner,
                                       .a_op = "unlock",
                                       .b_op = "hold",
                                       .a_pc = pc,
                                       .born = o->born});
        if (o->type == PTHREAD_MUTEX_ERRORCHECK || o->robust)
            return EPERM;
    }
    if (--o->depth <= 0)
        drop(o);
    procs_went();
    return 0;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *m)
{
    return unlocked(mutex_of(m), PROCS_PC);
}

int __wrap_pthread_mutex_consistent(pthread_mutex_t *m)
{
    mutex_of(m)->owner_died = false;
    return 0;
}

/* For a condition: without a point of its own. */
struct procs_object *procs_mutex_leave(pthread_mutex_t *m)
{
    struct procs_object *o = mutex_of(m);

    if (o->owner == procs_me)
        drop(o);
    return o;
}

bool procs_mutex_enter(struct procs_object *o)
{
    if (o->owner >= 0)
        return false;
    hold(o);
    return true;
}

int __wrap_pthread_spin_init(pthread_spinlock_t *s, int shared)
{
    struct procs_object *o = procs_object_at((const void *)s, PROCS_MUTEX);

    o->owner = o->first = -1;
    o->is_pshared = shared == PTHREAD_PROCESS_SHARED;
    return 0;
}

int __wrap_pthread_spin_destroy(pthread_spinlock_t *s)
{
    (void)s;
    return 0;
}

int __wrap_pthread_spin_lock(pthread_spinlock_t *s)
{
    return locked(procs_object_at((const void *)s, PROCS_MUTEX), false,
                  PROCS_PC);
}

int __wrap_pthread_spin_trylock(pthread_spinlock_t *s)
{
    return tried(procs_object_at((const void *)s, PROCS_MUTEX), PROCS_PC);
}

int __wrap_pthread_spin_unlock(pthread_spinlock_t *s)
{
    return unlocked(procs_object_at((const void *)s, PROCS_MUTEX), PROCS_PC);
}

int __wrap_pthread_rwlock_init(pthread_rwlock_t *l,
                               const pthread_rwlockattr_t *a)
{
    struct procs_object *o = procs_object_at(l, PROCS_MUTEX);
    int shared = PTHREAD_PROCESS_PRIVATE;

    if (a)
        pthread_rwlockattr_getpshared(a, &shared);
    o->owner = o->first = -1;
    o->value = 0;
    o->is_pshared = shared == PTHREAD_PROCESS_SHARED;
    return 0;
}

int __wrap_pthread_rwlock_destroy(pthread_rwlock_t *l)
{
    (void)l;
    return 0;
}

int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
    struct procs_object *o = procs_object_at(l, PROCS_MUTEX);

    begin(o, "lock", PROCS_PC);
    while (o->owner >= 0)
        procs_block();
    o->value++;
    procs_acquire(&o->clock);
    procs_went();
    return 0;
}

int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
    struct procs_object *o = procs_object_at(l, PROCS_MUTEX);

    begin(o, "lock", PROCS_PC);
    while (o->owner >= 0 || o->value > 0)
        procs_block();
    hold(o);
    procs_went();
    return 0;
}

int __wrap_pthread_rwlock_unlock(pthread_rwlock_t *l)
{
    struct procs_object *o = procs_object_at(l, PROCS_MUTEX);

    begin(o, "unlock", PROCS_PC);
    if (o->owner == procs_me) {
        drop(o);
    } else if (o->value > 0) {
        o->value--;
        procs_release(&o->clock);
    }
    procs_went();
    return 0;
}

/* A child has the parent's private memory, and in it the locks as they are. */
void procs_objects_fork(int parent, int child)
{
    uint64_t mine = (uint64_t)(parent + 1), its = (uint64_t)(child + 1);

    for (int i = procs->nobjects - 1; i >= 0; i--) {
        struct procs_object *o = &procs->objects[i], *copy;

        if (o->key >> 56 != mine)
            continue;
        copy =
            procs_object((o->key & 0xffffffffffffffull) | its << 56, o->kind);
        o = &procs->objects[i];
        copy->made = o->made;
        copy->type = o->type;
        copy->value = o->value;
        copy->depth = o->depth;
        copy->owner = o->owner == parent ? child : -1;
    }
}

void procs_objects_death(int process)
{
    for (int i = 0; i < procs->nobjects; i++) {
        struct procs_object *o = &procs->objects[i];

        if (o->kind == PROCS_MUTEX && o->owner == process && o->robust) {
            o->owner = -1;
            o->owner_died = true;
        }
    }
}
