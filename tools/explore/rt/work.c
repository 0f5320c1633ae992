// Notices when a thread enters the work function of the job: with a
// breakpoint, because a function that touches no memory has no hooks. Only
// for the question whether two threads can be in it at once.
#include "rt.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#if defined(__x86_64__)

enum { BREAK = 0xcc, PUSH_RBP = 0x55 };

static const unsigned char endbr[4] = {0xf3, 0x0f, 0x1e, 0xfa};
static uint8_t *entry;
static bool starts_with_endbr;

// A thread that was seen above the frame of its call has returned.
static bool at_work(const struct rt_thread *t)
{
    return t->work_sp && t->sp <= t->work_sp;
}

static void enter(struct rt_thread *t, uintptr_t sp, uintptr_t pc)
{
    uint32_t n = 0;

    t->work_sp = t->sp = sp;
    for (unsigned i = 0; i < rt_world->nthreads; i++)
        n += at_work(&rt_threads[i]);
    if (n > rt_shm->result.at_work)
        rt_shm->result.at_work = n;
    rt_shm->result.thread[t->id].at_work = 1;
    rt_step(RL_YIELD, RL_NO_CLASS, NULL, 0, 0, 0, pc);
    rt_shm->result.thread[t->id].at_work = 0;
}

// Does what the instruction under the breakpoint would have done.
static void on_break(int sig, siginfo_t *info, void *context)
{
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;

    (void)sig, (void)info;
    if (r[REG_RIP] != (greg_t)(uintptr_t)(entry + 1))
        return;
    if (rt_on && rt_self)
        enter(rt_self, (uintptr_t)r[REG_RSP], (uintptr_t)r[REG_RIP]);
    if (starts_with_endbr) {
        r[REG_RIP] += (greg_t)sizeof endbr - 1;
        return;
    }
    r[REG_RSP] -= 8;
    *(uint64_t *)r[REG_RSP] = (uint64_t)r[REG_RBP];
}

void rt_work_begin(void)
{
    const struct rx_job *job = &rt_shm->job;
    uintptr_t page;
    struct sigaction sa;

    if (!job->work_high)
        return;
    entry = (uint8_t *)(uintptr_t)(rt_shm->load_base + job->work_low);
    starts_with_endbr = !memcmp(entry, endbr, sizeof endbr);
    if (!starts_with_endbr && *entry != PUSH_RBP)
        return;
    page = (uintptr_t)entry & ~(uintptr_t)4095;
    if (mprotect((void *)page, 8192, PROT_READ | PROT_WRITE | PROT_EXEC) &&
        mprotect((void *)page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC))
        return;
    *entry = BREAK;
    memset(&sa, 0, sizeof sa);
    sigemptyset(&sa.sa_mask);
    sa.sa_sigaction = on_break;
    sa.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGTRAP, &sa, NULL);
}

#else

void rt_work_begin(void)
{
    if (rt_shm->job.work_high)
        rt_unsupported("the work function on this processor", 0);
}

#endif
