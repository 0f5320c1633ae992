/*
 * What a run showed, told as tell.h says.
 */
#include "server.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUTS = 64, KEPT = 1 << 15 };

static uint64_t seen[OUTPUTS];
static int nseen;

static size_t content(int fd, unsigned char *bytes, size_t size)
{
    ssize_t n = pread(fd, bytes, size, 0);

    return n > 0 ? (size_t)n : 0;
}

static void hex(const unsigned char *bytes, size_t n)
{
    procs_tell("\"");
    for (size_t i = 0; i < n; i++)
        procs_tell("%02x", bytes[i]);
    procs_tell("\"");
}

static unsigned long at(uintptr_t pc)
{
    return pc ? pc - procs_base : 0;
}

/* The number of this output; it is told when it is new. */
static int output(int fd)
{
    static unsigned char bytes[KEPT];
    size_t n = content(fd, bytes, sizeof bytes);
    uint64_t hash = 0xcbf29ce484222325u;
    int i = 0;

    for (size_t k = 0; k < n; k++)
        hash = (hash ^ bytes[k]) * 0x100000001b3u;
    while (i < nseen && seen[i] != hash)
        i++;
    if (i == nseen && nseen < OUTPUTS) {
        seen[nseen++] = hash;
        procs_tell("{\"type\":\"output\",\"number\":%d,\"text\":", i);
        hex(bytes, n);
        procs_tell("}\n");
    }
    return i < OUTPUTS ? i : OUTPUTS - 1;
}

static const char *yes(bool b)
{
    return b ? "true" : "false";
}

static void tell_process(const struct procs_process *p, bool first)
{
    int s = p->status;

    procs_tell("%s{\"parent\":%d,\"born\":%lu,\"end\":\"%s\",\"code\":%d,"
               "\"waited\":%s,\"looked\":%s,\"asked\":%s}",
               first ? "" : ",", p->parent, at(p->born),
               p->state != PROCS_DEAD ? "left"
               : WIFSIGNALED(s)       ? "signal"
                                      : "exit",
               WIFSIGNALED(s) ? WTERMSIG(s) : WEXITSTATUS(s), yes(p->waited),
               yes(p->looked), yes(p->asked_to_end));
}

static bool has_end(const struct procs_process *p, uint64_t pipe, bool writes)
{
    for (int i = 0; i < p->nends; i++) {
        if (p->ends[i].pipe == pipe &&
            (writes ? p->ends[i].writes : p->ends[i].reads))
            return true;
    }
    return false;
}

/* Could process j let process i go on? */
static bool waits_on(int i, int j, const struct procs_object *o)
{
    const struct procs_process *p = &procs->processes[i];
    const struct procs_process *q = &procs->processes[j];

    if (q->state == PROCS_DEAD)
        return false;
    if (strcmp(p->now.op, "wait for a process") == 0)
        return p->now.target >= 0 ? p->now.target == j : q->parent == i;
    if (o && o->kind == PROCS_PIPE)
        return has_end(q, o->key, strcmp(p->now.op, "read") == 0);
    return o && o->kind == PROCS_MUTEX && o->owner == j;
}

static void tell_waiting(int i, bool first)
{
    static const char *const names[] = {
        "lock", "semaphore", "condition", "barrier", "word", "pipe", "file"};
    const struct procs_process *p = &procs->processes[i];
    const struct procs_object *o =
        p->now.number >= 0 ? &procs->objects[p->now.number] : NULL;
    const char *comma = "";
    int gone = -1;

    procs_tell("%s{\"process\":%d,\"op\":\"%s\",\"what\":\"%s\",\"born\":%lu,"
               "\"pc\":%lu,\"on\":[",
               first ? "" : ",", i, p->now.op, o ? names[o->kind] : "",
               o ? at(o->born) : 0, at(p->now.pc));
    for (int j = 0; j < procs->count; j++) {
        if (waits_on(i, j, o)) {
            procs_tell("%s%d", comma, j);
            comma = ",";
        }
    }
    if (o && o->kind == PROCS_MUTEX && o->owner >= 0 &&
        procs->processes[o->owner].state == PROCS_DEAD)
        gone = o->owner;
    procs_tell("],\"gone\":%d}", gone);
}

static void tell_note(const struct procs_note *n, bool first)
{
    procs_tell("%s{\"kind\":\"%s\",\"a\":%d,\"b\":%d,\"a_op\":\"%s\","
               "\"b_op\":\"%s\",\"a_pc\":%lu,\"b_pc\":%lu,\"born\":%lu,"
               "\"offset\":%lu,\"own_lock\":%s}",
               first ? "" : ",", n->kind, n->a, n->b, n->a_op, n->b_op,
               at(n->a_pc), at(n->b_pc), at(n->born), (unsigned long)n->offset,
               yes(n->own_lock));
}

void answer_run(const struct procs_schedule *s, struct procs_ending e, int out,
                int err)
{
    static const char *const orders[] = {"first", "last", "turns"};
    static unsigned char words[2048];
    int number = output(out), told = 0;
    bool fine = !e.still && WIFEXITED(e.status) && !WEXITSTATUS(e.status);

    procs->processes[0].status = e.status;
    procs_tell("{\"type\":\"run\",\"order\":\"%s\",\"hold\":",
               orders[s->order]);
    if (s->process < 0)
        procs_tell("null");
    else
        procs_tell("{\"process\":%d,\"op\":\"%s\",\"pc\":%lu}", s->process,
                   procs->held.op ? procs->held.op : "", at(procs->held.pc));
    procs_tell(",\"end\":\"%s\",\"code\":%d,\"output\":%d,\"error\":",
               e.still                 ? "standstill"
               : WIFSIGNALED(e.status) ? "signal"
                                       : "exit",
               WIFSIGNALED(e.status) ? WTERMSIG(e.status)
                                     : WEXITSTATUS(e.status),
               number);
    if (fine)
        procs_tell("null");
    else
        hex(words, content(err, words, sizeof words));
    procs_tell(",\"alive\":%d,\"processes\":[", procs->most_alive);
    for (int i = 0; i < procs->count; i++)
        tell_process(&procs->processes[i], i == 0);
    procs_tell("],\"waiting\":[");
    for (int i = 0; e.still && i < procs->count; i++) {
        if (procs->processes[i].state == PROCS_WAITS)
            tell_waiting(i, told++ == 0);
    }
    procs_tell("],\"notes\":[");
    for (int i = 0; i < procs->nnotes; i++)
        tell_note(&procs->notes[i], i == 0);
    procs_tell("]}\n");
    procs_tell_end();
}

void answer_end(int done, int of)
{
    procs_tell(
        "{\"type\":\"end\",\"schedules\":%d,\"of\":%d,\"refused\":", done, of);
    if (procs->refused[0])
        procs_tell("\"%.60s\"}\n", procs->refused);
    else
        procs_tell("null}\n");
    procs_tell_end();
}
