/*
 * Which function handled an event that made no call that we see: the program
 * is compiled with -finstrument-functions. Of those that the loop itself calls
 * between two waits the one that calls most is the handler, else the last.
 */
#include "loop.h"

/* low: the least depth since the last wait, which is the loop's. */
static int depth, low;
static struct {
    uintptr_t function;
    int calls;
} now, best;
static uintptr_t before; /* the best in a function that has returned */

void __cyg_profile_func_enter(void *function, void *site);
void __cyg_profile_func_exit(void *function, void *site);

static void weigh(void)
{
    if (now.function && now.calls >= best.calls)
        best = now;
    now.function = 0;
}

void __cyg_profile_func_enter(void *function, void *site)
{
    (void)site;
    if (++depth == low + 1) {
        weigh();
        now.function = (uintptr_t)function;
        now.calls = 0;
    } else {
        now.calls++;
    }
}

void __cyg_profile_func_exit(void *function, void *site)
{
    (void)function;
    (void)site;
    /* The loop waits in a function of its own, which is no handler, or it is
     * over. */
    if (--depth < low) {
        low = depth;
        before = loop_handler();
    }
}

void loop_called(void)
{
    if (depth > low)
        now.calls++;
}

uintptr_t loop_handler(void)
{
    uintptr_t handler;

    weigh();
    handler = best.function ? best.function : before;
    before = 0;
    best.function = 0;
    best.calls = 0;
    low = depth;
    return handler;
}
