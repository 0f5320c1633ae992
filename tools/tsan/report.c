/*
 * Linked into programs built with -fsanitize=thread: hands each report of
 * ThreadSanitizer, as one JSON line of numbers, to the descriptor that
 * rl-run opened. rl-tsan turns the numbers into findings.
 *
 * Runs inside the sanitizer with its report lock held: no allocation, no
 * stdio, nothing that the sanitizer intercepts, and so no names either.
 */
#include "report.h"

#include "../core/record.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FRAMES = 64, LINE = 1 << 16, MOPS = 8, HELD = 16 };

/* Provided by the linker: where the program begins and ends in memory. */
extern const char __executable_start[], _end[];

/* The recorder's word for the calling thread, where it is linked in. */
extern struct record_thread *rl_self(void) __attribute__((weak));

/* The locks of one access, as the text of the report gives them. */
struct held {
    int count;
    uintptr_t id[HELD];
};

static struct {
    int fd;
    uintptr_t bias; /* what the loader added to the addresses of the file */
    int accesses;   /* how many access lines the text has had so far */
    struct held held[MOPS];
    size_t used;
    bool full;
    char line[LINE];
} out = {.fd = -1};

static void put(const char *text)
{
    size_t length = strlen(text);

    if (out.used + length >= sizeof(out.line)) {
        out.full = true;
        return;
    }
    memcpy(out.line + out.used, text, length);
    out.used += length;
}

static void put_number(uintptr_t number)
{
    char digits[24];
    char *at = digits + sizeof(digits) - 1;

    *at = '\0';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    put(at);
}

static void put_field(const char *name, uintptr_t number)
{
    put("\"");
    put(name);
    put("\":");
    put_number(number);
    put(",");
}

/* A list is written with a comma after each member; this takes the last. */
static void close_with(const char *bracket)
{
    if (out.used && out.line[out.used - 1] == ',') {
        out.used--;
    }
    put(bracket);
}

/* As the program's file knows it, or 0 for what lies outside. */
static uintptr_t in_file(const void *address)
{
    uintptr_t at = (uintptr_t)address;

    if (at < (uintptr_t)__executable_start || at > (uintptr_t)_end) {
        return 0;
    }
    return at - out.bias;
}

static void put_trace(const char *name, void *const trace[FRAMES])
{
    put("\"");
    put(name);
    put("\":[");
    for (int i = 0; i < FRAMES && trace[i]; i++) {
        uintptr_t at = in_file(trace[i]);

        if (at) {
            put_number(at);
            put(",");
        }
    }
    close_with("],");
}

/* What is not whole is not sent: half a line would spoil the next one. */
static void send_line(void)
{
    size_t sent = 0;

    put("\n");
    while (!out.full && sent < out.used) {
        long n = syscall(SYS_write, out.fd, out.line + sent, out.used - sent);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            /* Closed by the program: a run that says nothing is no pass. */
            syscall(SYS_exit_group, RL_TSAN_LOST);
        }
        sent += (size_t)n;
    }
    out.used = 0;
    out.full = false;
}

/*
 * The library function that made the access, as free: with gcc the
 * sanitizer is a library outside the program's file, and rl-tsan would not
 * see its frame.
 */
static void put_caller(void *pc)
{
    Dl_info info;
    const char *name;

    if (!pc || in_file(pc) || !dladdr((char *)pc - 1, &info) ||
        !info.dli_sname) {
        return;
    }
    for (name = info.dli_sname; *name; name++) {
        if (*name < '0' || *name > 'z' || *name == '\\') {
            return;
        }
    }
    put("\"by\":\"");
    put(info.dli_sname);
    put("\",");
}

static void put_accesses(void *report, int count)
{
    put("\"mops\":[");
    for (int i = 0; i < count; i++) {
        void *trace[FRAMES] = {NULL}, *address = NULL;
        int tid = 0, size = 0, write = 0, atomic = 0;

        __tsan_get_report_mop(report, (uintptr_t)i, &tid, &address, &size,
                              &write, &atomic, trace, FRAMES);
        put("{");
        put_field("tid", (uintptr_t)tid);
        put_field("size", (uintptr_t)size);
        put_field("write", (uintptr_t)write);
        put_field("atomic", (uintptr_t)atomic);
        put_field("at", in_file(address));
        put_field("address", (uintptr_t)address);
        if (count == out.accesses && i < MOPS) {
            put("\"held\":[");
            for (int k = 0; k < out.held[i].count; k++) {
                put_number(out.held[i].id[k]);
                put(",");
            }
            close_with("],");
        }
        put_caller(trace[0]);
        put_trace("trace", trace);
        close_with("},");
    }
    close_with("],");
}

static void put_locations(void *report, int count)
{
    put("\"locs\":[");
    for (int i = 0; i < count; i++) {
        void *trace[FRAMES] = {NULL}, *address = NULL;
        const char *type = NULL;
        uintptr_t start = 0, size = 0;
        int tid = 0, fd = 0, suppressable = 0;

        __tsan_get_report_loc(report, (uintptr_t)i, &type, &address, &start,
                              &size, &tid, &fd, &suppressable, trace, FRAMES);
        put("{\"type\":\"");
        put(type ? type : "unknown");
        put("\",");
        put_field("at", in_file(address));
        put_field("start", start);
        put_field("size", size);
        put_field("tid", tid < 0 ? 0 : (uintptr_t)tid);
        put_trace("trace", trace);
        close_with("},");
    }
    close_with("],");
}

static void put_mutexes(void *report, int count)
{
    put("\"mutexes\":[");
    for (int i = 0; i < count; i++) {
        void *trace[FRAMES] = {NULL}, *address = NULL;
        uintptr_t id = 0;
        int destroyed = 0;

        __tsan_get_report_mutex(report, (uintptr_t)i, &id, &address, &destroyed,
                                trace, FRAMES);
        put("{");
        put_field("id", id);
        put_field("at", in_file(address));
        put_field("address", (uintptr_t)address);
        put_field("destroyed", (uintptr_t)destroyed);
        put_trace("trace", trace);
        close_with("},");
    }
    close_with("],");
}

static void put_threads(void *report, int count)
{
    put("\"threads\":[");
    for (int i = 0; i < count; i++) {
        void *trace[FRAMES] = {NULL};
        const char *name = NULL;
        unsigned long os_id = 0;
        int tid = 0, running = 0, parent = 0;

        __tsan_get_report_thread(report, (uintptr_t)i, &tid, &os_id, &running,
                                 &name, &parent, trace, FRAMES);
        put("{");
        put_field("tid", (uintptr_t)tid);
        put_field("running", (uintptr_t)running);
        put_field("parent", parent < 0 ? 0 : (uintptr_t)parent);
        put_trace("trace", trace);
        close_with("},");
    }
    close_with("],");
}

static void put_stacks(void *report, int stacks, int tids)
{
    put("\"stacks\":[");
    for (int i = 0; i < stacks; i++) {
        void *trace[FRAMES] = {NULL};

        __tsan_get_report_stack(report, (uintptr_t)i, trace, FRAMES);
        put("{");
        put_trace("trace", trace);
        close_with("},");
    }
    close_with("],");
    put("\"tids\":[");
    for (int i = 0; i < tids; i++) {
        int tid = 0;

        __tsan_get_report_unique_tid(report, (uintptr_t)i, &tid);
        put_number((uintptr_t)tid);
        put(",");
    }
    close_with("],");
}

/* The report's functions do not say which thread misused a lock. */
static uintptr_t own_number(void)
{
    const struct record_thread *self = rl_self ? rl_self() : NULL;

    return self ? self->id : 0;
}

RL_SEEN void __tsan_on_report(void *report)
{
    const char *what = NULL;
    int error = errno, count = 0, stacks = 0, mops = 0, locs = 0;
    int mutexes = 0, threads = 0, tids = 0;
    void *sleep[1] = {NULL};

    if (out.fd >= 0) {
        __tsan_get_report_data(report, &what, &count, &stacks, &mops, &locs,
                               &mutexes, &threads, &tids, sleep, 1);
        put("{\"type\":\"tsan-report\",\"what\":\"");
        put(what ? what : "unknown");
        put("\",");
        put_field("self", own_number());
        put_accesses(report, mops);
        put_locations(report, locs);
        put_mutexes(report, mutexes);
        put_threads(report, threads);
        put_stacks(report, stacks, tids);
        close_with("}");
        send_line();
    }
    out.accesses = 0;
    errno = error;
}

/* Takes the locks out of TEXT, written " write M1" or " read M0". */
static void note_locks(struct held *held, const char *text)
{
    for (; *text; text++) {
        const char *at = NULL;
        uintptr_t id = 0;

        if (strncmp(text, " write M", 8) == 0) {
            at = text + 8;
        } else if (strncmp(text, " read M", 7) == 0) {
            at = text + 7;
        }
        if (!at || *at < '0' || *at > '9' || held->count == HELD) {
            continue;
        }
        for (; *at >= '0' && *at <= '9'; at++) {
            id = id * 10 + (uintptr_t)(*at - '0');
        }
        held->id[held->count++] = id;
    }
}

/*
 * The sanitizer's text, piece by piece, before __tsan_on_report. It is read
 * for one thing that the report's functions lack: the locks of each access,
 * in lines such as "  Write of size 4 at 0x.. by thread T1 (mutexes: write
 * M0, read M1):". Where the wording differs the locks are left out.
 */
RL_SEEN void __sanitizer_on_print(const char *text)
{
    if (!text) {
        return;
    }
    if (strstr(text, "WARNING: ThreadSanitizer")) {
        out.accesses = 0;
    }
    if (strstr(text, " of size ") && strstr(text, " at 0x") &&
        !strstr(text, "Location is")) {
        if (out.accesses < MOPS) {
            out.held[out.accesses].count = 0;
        }
        out.accesses++;
    }
    if (out.accesses >= 1 && out.accesses <= MOPS) {
        note_locks(&out.held[out.accesses - 1], text);
    }
}

static uintptr_t load_bias(void)
{
    const ElfW(Ehdr) *file = (const void *)__executable_start;
    const ElfW(Phdr) *part = (const void *)(__executable_start + file->e_phoff);

    for (int i = 0; i < file->e_phnum; i++) {
        if (part[i].p_type == PT_LOAD && part[i].p_offset == 0) {
            return (uintptr_t)__executable_start - part[i].p_vaddr;
        }
    }
    return 0;
}

/* getenv has nothing to look at yet. */
static const char *among(char **env, const char *name)
{
    size_t length = strlen(name);

    for (; *env; env++) {
        if (strncmp(*env, name, length) == 0 && (*env)[length] == '=') {
            return *env + length + 1;
        }
    }
    return "";
}

/* The sanitizer's own; a second call does nothing. */
extern void __tsan_init(void);

/*
 * When the sanitizer stands, and before all constructors: a run without this
 * line was not ended by the program.
 */
static void begin(int argc, char **argv, char **env)
{
    const char *number = among(env, "RL_FINDINGS_FD");

    (void)argc;
    (void)argv;
    __tsan_init();
    if (!*number) {
        return;
    }
    out.fd = atoi(number);
    out.bias = load_bias();
    put("{\"type\":\"tsan-start\"}");
    send_line();
}

static void (*const begin_first)(int, char **, char **)
    __attribute__((section(".preinit_array"), used)) = begin;

/*
 * A run that lacks this line ended in some other way than by exit(). Threads
 * that were never joined are reported after it.
 */
static __attribute__((destructor)) void end(void)
{
    if (out.fd >= 0) {
        put("{\"type\":\"tsan-end\"}");
        send_line();
    }
}
