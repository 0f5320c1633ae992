/*
 * The waits themselves: epoll_wait, poll, select. Each asks the kernel what
 * is ready now; where nothing is, virtual time goes on to the next timer.
 * What the kernel tells only once and the program has not got yet is kept.
 */
#include "loop.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

enum { READY = 64, PENDING = 256 };

int __real_epoll_wait(int, struct epoll_event *, int, int);
int __real_epoll_pwait(int, struct epoll_event *, int, int, const sigset_t *);
int __real_epoll_pwait2(int, struct epoll_event *, int, const struct timespec *,
                        const sigset_t *);
int __real_poll(struct pollfd *, nfds_t, int);
int __real_ppoll(struct pollfd *, nfds_t, const struct timespec *,
                 const sigset_t *);
int __real_select(int, fd_set *, fd_set *, fd_set *, struct timeval *);
int __real_pselect(int, fd_set *, fd_set *, fd_set *, const struct timespec *,
                   const sigset_t *);

struct pending {
    int set, fd;
    uint32_t events;
};

static struct pending pending[PENDING];
static int npending;

void loop_pending_drop(int set, int fd)
{
    int kept = 0;

    for (int i = 0; i < npending; i++) {
        if (pending[i].set != set || pending[i].fd != fd)
            pending[kept++] = pending[i];
    }
    npending = kept;
}

/* One wait: where its events come from, and how long it may take. */
struct wait {
    int set; /* POLLED: fds */
    struct pollfd *fds;
    nfds_t nfds;
    struct pending ready[READY];
    int nready;
    uint64_t until;
    const char *call;
};

static void gather_more(struct wait *w, int fd, uint32_t events)
{
    for (int i = 0; i < w->nready; i++) {
        if (w->ready[i].fd == fd) {
            w->ready[i].events |= events;
            return;
        }
    }
    if (w->nready < READY)
        w->ready[w->nready++] = (struct pending){w->set, fd, events};
}

static int gather_epoll(struct wait *w)
{
    struct epoll_event events[READY];
    int n;

    w->nready = 0;
    for (int i = 0; i < npending; i++) {
        if (pending[i].set == w->set)
            gather_more(w, pending[i].fd, pending[i].events);
    }
    n = __real_epoll_wait(w->set, events, READY, 0);
    for (int i = 0; i < n; i++)
        gather_more(w, (int)events[i].data.u64, events[i].events);
    return n < 0 ? -1 : w->nready;
}

static int gather_poll(struct wait *w)
{
    return __real_poll(w->fds, w->nfds, 0);
}

/* Nobody in the program can make an event; somebody outside may. */
static int block(struct wait *w)
{
    struct pollfd set = {w->set, POLLIN, 0};

    return w->set == POLLED ? __real_poll(w->fds, w->nfds, -1)
                            : __real_poll(&set, 1, -1);
}

/* How many are ready; 0: the time is over; -1: errno. */
static int wait_for(struct wait *w, bool nested)
{
    for (;;) {
        int n = w->set == POLLED ? gather_poll(w) : gather_epoll(w);
        uint64_t next = loop_next_timer();

        if (n)
            return n;
        if (w->until <= loop_now()) {
            loop_spin();
            return 0;
        }
        if (next > w->until)
            next = w->until;
        if (next == NEVER) {
            if (block(w) < 0)
                return -1;
        } else if (nested) {
            loop_sleep_until(next, w->call);
        } else {
            loop_wait_until(next);
        }
    }
}

static void take(struct wait *w, int place, struct epoll_event *event)
{
    struct pending p = w->ready[place];
    const struct loop_entry *e = loop_entry(w->set, p.fd);

    memmove(&w->ready[place], &w->ready[place + 1],
            (size_t)(--w->nready - place) * sizeof p);
    *event = (struct epoll_event){p.events, {.u64 = e ? e->data : 0}};
    loop_pending_drop(w->set, p.fd);
    loop_delivered(w->set, p.fd);
}

/* The kernel will not tell these again. */
static void keep_rest(const struct wait *w)
{
    for (int i = 0; i < w->nready; i++) {
        const struct loop_entry *e = loop_entry(w->set, w->ready[i].fd);

        if (!e || !(e->events & (EPOLLET | EPOLLONESHOT)))
            continue;
        loop_pending_drop(w->set, w->ready[i].fd);
        if (npending == PENDING)
            loop_unsupported("more than 256 events are ready at once");
        pending[npending++] = w->ready[i];
    }
}

static uint64_t after(uint64_t ns)
{
    return ns == NEVER ? NEVER : loop_now() + ns;
}

static int wait_epoll(int set, struct epoll_event *events, int max,
                      uint64_t timeout, const char *call)
{
    struct wait w = {.set = set, .until = after(timeout), .call = call};
    bool nested = loop_nested(set);
    int n, taken = 0;

    if (!nested)
        loop_waits(set);
    n = wait_for(&w, nested);
    if (n <= 0)
        return n;
    if (n > 1 && max > 1)
        loop_say("M");
    do
        take(&w, loop_choose(w.nready), &events[taken++]);
    while (loop_together() && taken < max && w.nready > 0);
    keep_rest(&w);
    return taken;
}

static uint64_t of_ms(int ms)
{
    return ms < 0 ? NEVER : (uint64_t)ms * (SECOND / 1000);
}

static uint64_t of_time(const struct timespec *t)
{
    return t ? loop_ns(t) : NEVER;
}

int __wrap_epoll_wait(int set, struct epoll_event *events, int max, int ms)
{
    if (!loop_on || max <= 0)
        return __real_epoll_wait(set, events, max, ms);
    return wait_epoll(set, events, max, of_ms(ms), "epoll_wait");
}

int __wrap_epoll_pwait(int set, struct epoll_event *events, int max, int ms,
                       const sigset_t *mask)
{
    if (!loop_on || max <= 0)
        return __real_epoll_pwait(set, events, max, ms, mask);
    return wait_epoll(set, events, max, of_ms(ms), "epoll_pwait");
}

int __wrap_epoll_pwait2(int set, struct epoll_event *events, int max,
                        const struct timespec *t, const sigset_t *mask)
{
    if (!loop_on || max <= 0)
        return __real_epoll_pwait2(set, events, max, t, mask);
    return wait_epoll(set, events, max, of_time(t), "epoll_pwait2");
}

/* Of n that are ready one is left. */
static void leave_one(struct wait *w, int n)
{
    int place = loop_choose(n);

    for (nfds_t i = 0; i < w->nfds; i++) {
        if (!w->fds[i].revents)
            continue;
        if (place-- == 0)
            loop_delivered(POLLED, w->fds[i].fd);
        else
            w->fds[i].revents = 0;
    }
}

static int wait_poll(struct pollfd *fds, nfds_t nfds, uint64_t timeout,
                     uintptr_t pc, const char *call)
{
    struct wait w = {.set = POLLED,
                     .fds = fds,
                     .nfds = nfds,
                     .until = after(timeout),
                     .call = call};
    bool nested = loop_nested(POLLED);
    int n;

    if (nfds == 0 && timeout != NEVER) {
        loop_sleep_until(w.until, call);
        return 0;
    }
    if (!nested) {
        loop_waits(POLLED);
        loop_poll_set(fds, nfds, pc);
    }
    n = wait_for(&w, nested);
    if (n <= 0 || nested)
        return n;
    if (n > 1)
        loop_say("M");
    if (!loop_together()) {
        leave_one(&w, n);
        return 1;
    }
    for (nfds_t i = 0; i < nfds; i++) {
        if (fds[i].revents)
            loop_delivered(POLLED, fds[i].fd);
    }
    return n;
}

int __wrap_poll(struct pollfd *fds, nfds_t n, int ms)
{
    if (!loop_on)
        return __real_poll(fds, n, ms);
    return wait_poll(fds, n, of_ms(ms), PC, "poll");
}

int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *t,
                 const sigset_t *mask)
{
    if (!loop_on)
        return __real_ppoll(fds, n, t, mask);
    return wait_poll(fds, n, of_time(t), PC, "ppoll");
}

static bool in(int fd, const fd_set *set)
{
    return set && FD_ISSET(fd, set);
}

static nfds_t to_poll(struct pollfd *fds, int n, const fd_set *r,
                      const fd_set *w, const fd_set *e)
{
    nfds_t count = 0;

    for (int fd = 0; fd < n && fd < FD_SETSIZE; fd++) {
        short events =
            (short)((in(fd, r) ? POLLIN : 0) | (in(fd, w) ? POLLOUT : 0) |
                    (in(fd, e) ? POLLPRI : 0));

        if (events)
            fds[count++] = (struct pollfd){fd, events, 0};
    }
    return count;
}

/* What is left in the set of those that were asked for; how many. */
static int from_poll(const struct pollfd *fds, nfds_t n, fd_set *set,
                     short asked, short told)
{
    int count = 0;

    if (!set)
        return 0;
    for (nfds_t i = 0; i < n; i++) {
        if (!(fds[i].events & asked))
            continue;
        if (fds[i].revents & told)
            count++;
        else
            FD_CLR(fds[i].fd, set);
    }
    return count;
}

static int wait_select(int n, fd_set *r, fd_set *w, fd_set *e, uint64_t timeout,
                       uintptr_t pc, const char *call)
{
    struct pollfd fds[FD_SETSIZE];
    nfds_t count = to_poll(fds, n, r, w, e);
    int ready = wait_poll(fds, count, timeout, pc, call);

    for (nfds_t i = 0; i < count; i++) {
        if (fds[i].revents & POLLNVAL) {
            errno = EBADF;
            return -1;
        }
    }
    if (ready < 0)
        return ready;
    return from_poll(fds, count, r, POLLIN, POLLIN | POLLHUP | POLLERR) +
           from_poll(fds, count, w, POLLOUT, POLLOUT | POLLERR) +
           from_poll(fds, count, e, POLLPRI, POLLPRI);
}

int __wrap_select(int n, fd_set *r, fd_set *w, fd_set *e, struct timeval *t)
{
    if (!loop_on)
        return __real_select(n, r, w, e, t);
    return wait_select(
        n, r, w, e,
        t ? (uint64_t)t->tv_sec * SECOND + (uint64_t)t->tv_usec * 1000 : NEVER,
        PC, "select");
}

int __wrap_pselect(int n, fd_set *r, fd_set *w, fd_set *e,
                   const struct timespec *t, const sigset_t *mask)
{
    if (!loop_on)
        return __real_pselect(n, r, w, e, t, mask);
    return wait_select(n, r, w, e, of_time(t), PC, "pselect");
}
