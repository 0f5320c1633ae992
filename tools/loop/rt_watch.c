/*
 * What the program waits for, and who keeps it waiting: a call that takes
 * time in a handler, while an event is ready that nobody can take.
 */
#include "loop.h"

#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ENTRIES = 1024, BATCH = 64, MARKS = 4 };

/* More than this between two waits is worth a note. */
#define MUCH_CPU (SECOND / 10)

static struct loop_entry entries[ENTRIES];
static int used;
static bool begun;
static int loop_set = POLLED;
static const void *waits_at;

/* What the last wait delivered, and how many calls of its handler were told.
 * current is the one that is being handled. */
static struct {
    int fd, marks;
} batch[BATCH];
static int nbatch, current = -1;
static uint64_t cpu_from;
static bool cpu_told;

int __real_clock_gettime(clockid_t, struct timespec *);

static uint64_t cpu(void)
{
    struct timespec t;

    __real_clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return loop_ns(&t);
}

struct loop_entry *loop_entry(int set, int fd)
{
    for (int i = 0; i < used; i++) {
        if (entries[i].set == set && entries[i].fd == fd)
            return &entries[i];
    }
    return NULL;
}

static void add(struct loop_entry entry)
{
    if (used == ENTRIES)
        loop_unsupported("it waits for more than 1,024 descriptors");
    entries[used++] = entry;
}

static void remove_if(int set, int fd)
{
    int kept = 0;

    for (int i = 0; i < used; i++) {
        if (!(entries[i].set == set && (fd < 0 || entries[i].fd == fd)))
            entries[kept++] = entries[i];
    }
    used = kept;
}

void loop_forget(int fd)
{
    for (int i = used; i-- > 0;) {
        if (entries[i].fd == fd && entries[i].set != POLLED) {
            loop_pending_drop(entries[i].set, fd);
            remove_if(entries[i].set, fd);
        }
    }
    remove_if(POLLED, fd);
    remove_if(fd, -1);
    if (loop_set == fd)
        loop_set = POLLED;
}

int __real_epoll_ctl(int, int, int, struct epoll_event *);

int __wrap_epoll_ctl(int set, int op, int fd, struct epoll_event *event)
{
    struct epoll_event ours;
    struct loop_entry *e;
    int result;

    if (!loop_on)
        return __real_epoll_ctl(set, op, fd, event);
    loop_handles(fd);
    if (event)
        ours = (struct epoll_event){event->events, {.u64 = (uint32_t)fd}};
    result = __real_epoll_ctl(set, op, fd, event ? &ours : NULL);
    if (result)
        return result;
    e = loop_entry(set, fd);
    if (op == EPOLL_CTL_DEL) {
        loop_pending_drop(set, fd);
        remove_if(set, fd);
    } else if (e) {
        e->events = event->events;
        e->data = event->data.u64;
        e->off = false;
    } else {
        add((struct loop_entry){set, fd, event->events, event->data.u64, PC,
                                false});
    }
    return 0;
}

void loop_poll_set(const struct pollfd *fds, nfds_t n, uintptr_t pc)
{
    remove_if(POLLED, -1);
    for (nfds_t i = 0; i < n; i++) {
        if (fds[i].fd >= 0)
            add((struct loop_entry){POLLED, fds[i].fd, (uint32_t)fds[i].events,
                                    0, pc, false});
    }
}

bool loop_nested(int set)
{
    return begun && set != loop_set && current >= 0;
}

static void note_cpu(void)
{
    if (cpu_told || !nbatch || cpu() - cpu_from <= MUCH_CPU)
        return;
    cpu_told = true;
    loop_say("P");
}

/* "t3": descriptors of timers have names that do not depend on what else is
 * open. */
static const char *name(int fd)
{
    static char text[16];
    int timer = loop_timer_number(fd);

    snprintf(text, sizeof text, "%c%d", timer ? 't' : 'f', timer ? timer : fd);
    return text;
}

void loop_handled(void)
{
    uintptr_t handler = loop_handler();

    if (nbatch == 1 && handler)
        loop_say("G %s %lx", name(batch[0].fd),
                 (unsigned long)loop_relative(handler));
    nbatch = 0;
}

void loop_waits(int set)
{
    const void *frame = __builtin_frame_address(0);

    note_cpu();
    loop_handled();
    loop_set = set;
    current = -1;
    begun = true;
    if (waits_at != frame) {
        waits_at = frame;
        loop_say_stack("W");
    }
}

static void say_event(const char *letter, uint64_t time,
                      const struct loop_entry *e)
{
    loop_say("%s %lu %s %lx %lx", letter, (unsigned long)time, name(e->fd),
             (unsigned long)loop_relative(e->pc),
             (unsigned long)loop_relative(e->data));
}

void loop_delivered(int set, int fd)
{
    struct loop_entry *e = loop_entry(set, fd);

    loop_spins_end();
    if (!e)
        return;
    if (e->events & EPOLLONESHOT)
        e->off = true;
    say_event("D", loop_now(), e);
    if (nbatch < BATCH) {
        batch[nbatch].fd = fd;
        batch[nbatch++].marks = 0;
    }
    current = fd;
    cpu_from = cpu();
}

/* Its first calls may be the loop's own: a few are told. */
void loop_handles(int fd)
{
    loop_called();
    for (int i = 0; i < nbatch; i++) {
        if (batch[i].fd != fd && !(nbatch == 1 && fd < 0))
            continue;
        current = batch[i].fd;
        if (batch[i].marks++ < MARKS)
            loop_say_stack("H %s", name(current));
        return;
    }
}

static bool ready(const struct loop_entry *e)
{
    struct pollfd p = {e->fd, (short)(e->events & (POLLIN | POLLOUT | POLLPRI)),
                       0};
    struct timespec none = {0, 0};

    return syscall(SYS_ppoll, &p, 1, &none, NULL, 0) == 1 && p.revents > 0;
}

/* How long e has been kept waiting by what began then; NEVER: it is not. */
static uint64_t waiting_since(const struct loop_entry *e, uint64_t from)
{
    bool timer = loop_timer_number(e->fd) > 0;
    uint64_t since = timer ? loop_ready_since(e->fd) : from;

    /* Of an edge we cannot see whether it has been taken. */
    if (e->fd == current || e->off || (e->events & EPOLLET && !timer) ||
        !ready(e))
        return NEVER;
    return since < from ? from : since;
}

void loop_kept(uint64_t from, uint64_t to, const char *call)
{
    if (!begun || used == 0 || to == from)
        return;
    loop_handles(-1);
    loop_say_stack("S %lu %lu %s", (unsigned long)from, (unsigned long)to,
                   call);
    for (int i = 0; i < used; i++) {
        uint64_t since = waiting_since(&entries[i], from);

        if (since < to)
            say_event("L", since, &entries[i]);
    }
}
