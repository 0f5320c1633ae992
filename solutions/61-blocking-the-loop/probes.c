/*
 * A weather mast: its probes have to be heated for some milliseconds before
 * they can be read. One thread looks after all of them: an event loop, with a
 * timer for each probe.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PROBES = 32, MAX_MS = 1000, TOO_COLD = -99 };

struct probe {
    int timer;
    int number;
    long heated_at; /* ms; 0: it is cold */
    int degrees;
};

struct mast {
    int loop, count, warm_up;
    int measured;
    struct probe probes[MAX_PROBES];
};

static void check(int result, const char *what)
{
    if (result < 0) {
        fprintf(stderr, "probes: %s: %s\n", what, strerror(errno));
        exit(EXIT_FAILURE);
    }
}

static long now_ms(void)
{
    struct timespec t;

    check(clock_gettime(CLOCK_MONOTONIC, &t), "clock");
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct timespec of_ms(long ms)
{
    return (struct timespec){ms / 1000, ms % 1000 * 1000000};
}

static void set_timer(struct probe *probe, long ms)
{
    struct itimerspec once = {.it_value = of_ms(ms)};

    check(timerfd_settime(probe->timer, 0, &once, NULL), "timer");
}

static void heat(struct probe *probe)
{
    probe->heated_at = now_ms();
}

static void measure(struct mast *mast, struct probe *probe)
{
    int warm = now_ms() - probe->heated_at >= mast->warm_up;

    probe->degrees = warm ? 10 + probe->number * 7 % 15 : TOO_COLD;
    mast->measured++;
    fprintf(stderr, "probe %d: %d degrees\n", probe->number, probe->degrees);
}

static void on_timer(struct mast *mast, struct probe *probe)
{
    uint64_t times;

    check((int)read(probe->timer, &times, sizeof times), "read");
    if (!probe->heated_at) {
        heat(probe);
        set_timer(probe, mast->warm_up);
        return;
    }
    measure(mast, probe);
}

static void add_probe(struct mast *mast, int number)
{
    struct probe *probe = &mast->probes[number];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = probe};

    probe->number = number;
    probe->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    check(probe->timer, "timer");
    check(epoll_ctl(mast->loop, EPOLL_CTL_ADD, probe->timer, &event), "add");
    set_timer(probe, 1);
}

static void run(struct mast *mast)
{
    struct epoll_event events[MAX_PROBES];

    while (mast->measured < mast->count) {
        int n = epoll_wait(mast->loop, events, MAX_PROBES, -1);

        check(n, "wait");
        for (int i = 0; i < n; i++) {
            on_timer(mast, events[i].data.ptr);
        }
    }
}

int main(int argc, char **argv)
{
    static struct mast mast;

    mast.count = argc > 1 ? atoi(argv[1]) : 3;
    mast.warm_up = argc > 2 ? atoi(argv[2]) : 20;
    if (mast.count < 1 || mast.count > MAX_PROBES || mast.warm_up < 1 ||
        mast.warm_up > MAX_MS) {
        fprintf(stderr, "usage: probes [PROBES [MS]]\n");
        return 2;
    }
    mast.loop = epoll_create1(EPOLL_CLOEXEC);
    check(mast.loop, "epoll");
    for (int i = 0; i < mast.count; i++) {
        add_probe(&mast, i);
    }
    run(&mast);
    for (int i = 0; i < mast.count; i++) {
        printf("probe %d: %d degrees\n", i, mast.probes[i].degrees);
    }
    return 0;
}
