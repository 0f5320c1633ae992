/*
 * The interpreter of small programs. Object ids are fixed by class and index,
 * so equal states have equal bytes.
 */
#include "vm.h"

#include <string.h>

/* Ids of the classes from RL_MUTEX to RL_ATOMIC, VM_OBJECTS each; the others
 * have no state and the id is not used. */
static unsigned id_of(unsigned class, unsigned index)
{
    return (class - RL_MUTEX) * VM_OBJECTS + index;
}

uint32_t vm_objects(void)
{
    return (RL_ATOMIC - RL_MUTEX + 1) * VM_OBJECTS;
}

/* Both halves of a product of 128 bits. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t vm_hash(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    uint64_t word[2];

    hash += size;
    for (; size >= sizeof word; size -= sizeof word) {
        memcpy(word, bytes, sizeof word);
        hash = mix(hash ^ word[0] ^ UINT64_C(0x9fb21c651e98df25),
                   word[1] ^ UINT64_C(0x9e3779b97f4a7c15));
        bytes += sizeof word;
    }
    /* The rest by words and bytes: memcpy of an unknown size is a call. */
    word[0] = word[1] = 0;
    if (size >= sizeof word[0]) {
        memcpy(word, bytes, sizeof word[0]);
        bytes += sizeof word[0];
        size -= sizeof word[0];
    }
    for (size_t i = 0; i < size; i++)
        word[1] = word[1] << 8 | bytes[i];
    return mix(hash ^ word[0] ^ UINT64_C(0x9fb21c651e98df25),
               word[1] ^ UINT64_C(0x9e3779b97f4a7c15)) *
           UINT64_C(0x9fb21c651e98df25);
}

static unsigned class_of(unsigned step)
{
    if (step >= RL_MUTEX_INIT && step <= RL_MUTEX_CONSISTENT)
        return RL_MUTEX;
    if (step >= RL_COND_INIT && step <= RL_COND_BROADCAST)
        return RL_COND;
    if (step >= RL_RW_INIT && step <= RL_RW_UNLOCK)
        return RL_RWLOCK;
    if (step >= RL_SPIN_INIT && step <= RL_SPIN_UNLOCK)
        return RL_SPIN;
    if (step >= RL_BARRIER_INIT && step <= RL_BARRIER_LEAVE)
        return RL_BARRIER;
    if (step >= RL_SEM_INIT && step <= RL_SEM_GETVALUE)
        return RL_SEM;
    if (step >= RL_ONCE_ENTER && step <= RL_ONCE_RESET)
        return RL_ONCE;
    if (step >= RL_ATOMIC_LOAD && step <= RL_ATOMIC_CAS_WEAK)
        return RL_ATOMIC;
    if (step == RL_OUTPUT || step == RL_INPUT)
        return RL_STREAM;
    if (step == RL_LIBC_READ || step == RL_LIBC_WRITE)
        return RL_HIDDEN;
    if (step == RL_PLAIN_READ || step == RL_PLAIN_WRITE)
        return RL_MEMORY;
    return RL_NO_CLASS;
}

static unsigned kind_of(const struct vm_program *p, unsigned class,
                        unsigned index)
{
    if (class == RL_MUTEX)
        return p->mutex_kind[index];
    return class == RL_RWLOCK ? p->rwlock_kind[index] : 0;
}

static void name(const struct vm *vm, struct rl_world *w, struct rl_step *s,
                 unsigned class, unsigned index)
{
    rl_ref_id(w, s, class, index, kind_of(vm->program, class, index),
              id_of(class, index));
}

static void post(const struct vm *vm, struct rl_world *w, unsigned t,
                 const struct vm_ins *ins)
{
    struct rl_step s = rl_step(ins->step);
    unsigned class = class_of(ins->step);

    s.flags = ins->flags;
    s.arg = ins->imm;
    if (class != RL_NO_CLASS)
        name(vm, w, &s, class, ins->a);
    if (ins->step == RL_COND_WAIT || ins->step == RL_COND_TIMEDWAIT)
        name(vm, w, &s, RL_MUTEX, ins->b);
    if (ins->step == RL_PARK) {
        name(vm, w, &s, (unsigned)ins->imm, ins->a);
        s.arg = rl_versions(w, &s);
    }
    rl_post(w, t, &s);
}

static void post_plain(const struct vm *vm, struct rl_world *w, unsigned t,
                       const struct vm_ins *ins)
{
    struct vm_ins step = *ins;

    step.step = ins->op == VM_LOAD ? RL_PLAIN_READ : RL_PLAIN_WRITE;
    step.flags = 0;
    post(vm, w, t, &step);
}

static void plain(struct vm_state *s, unsigned t, const struct vm_ins *ins)
{
    struct vm_thread *th = &s->threads[t];

    if (ins->op == VM_LOAD)
        th->regs[ins->dst] = s->plain[ins->a];
    else
        s->plain[ins->a] = (int16_t)(th->regs[ins->b] + ins->imm);
}

/* Runs what is no step; leaves pc at the step's instruction. */
static void advance(const struct vm *vm, struct vm_state *s, struct rl_world *w,
                    unsigned t)
{
    struct vm_thread *th = &s->threads[t];

    for (;;) {
        const struct vm_ins *ins = &vm->program->code[th->code][th->pc];
        int16_t *reg = &th->regs[ins->a % VM_REGS];
        struct rl_step end = rl_step(RL_END);

        switch (ins->op) {
        case VM_STOP:
            rl_post(w, t, &end);
            return;
        case VM_STEP:
            post(vm, w, t, ins);
            return;
        case VM_LOAD:
        case VM_STORE:
            if (vm->plain_steps) {
                post_plain(vm, w, t, ins);
                return;
            }
            if (vm->access)
                vm->access(vm->self, t, ins->a, ins->op == VM_STORE);
            plain(s, t, ins);
            break;
        case VM_SET:
            th->regs[ins->dst] = ins->imm;
            break;
        case VM_ADD:
            th->regs[ins->dst] = (int16_t)(th->regs[ins->dst] + ins->imm);
            break;
        case VM_COPY:
            th->regs[ins->dst] = *reg;
            break;
        case VM_SELF:
            th->regs[ins->dst] = (int16_t)t;
            break;
        case VM_SKIP:
            th->pc = (uint8_t)(th->pc + ins->imm);
            break;
        case VM_SKIP_EQ:
            th->pc = (uint8_t)(th->pc + (*reg == ins->imm ? ins->b : 0));
            break;
        case VM_SKIP_NE:
            th->pc = (uint8_t)(th->pc + (*reg != ins->imm ? ins->b : 0));
            break;
        case VM_LOOP:
            if (--*reg > 0) {
                th->pc = (uint8_t)(th->pc - ins->b);
                continue;
            }
            break;
        case VM_CANCEL_OFF:
            rl_cancel_off(w, t, ins->imm);
            break;
        }
        th->pc++;
    }
}

void vm_begin(const struct vm *vm, struct vm_state *s, struct rl_world *w)
{
    memset(s, 0, sizeof *s);
    advance(vm, s, w, 0);
}

/* The value of an atomic step, and whether it changes anything. */
static int16_t atomic_value(const struct vm_state *s, const struct vm_ins *ins,
                            unsigned choice, bool *success)
{
    int16_t old = s->atomics[ins->a];

    *success = true;
    switch (ins->step) {
    case RL_ATOMIC_STORE:
        return ins->imm;
    case RL_ATOMIC_RMW:
        return (int16_t)(old + ins->imm);
    case RL_ATOMIC_CAS:
    case RL_ATOMIC_CAS_WEAK:
        *success = old == ins->imm && choice != RL_WEAK_FAIL;
        return *success ? ins->b : old;
    default:
        return old;
    }
}

void vm_look(const struct vm *vm, const struct vm_state *s, struct rl_world *w,
             unsigned t, unsigned choice)
{
    const struct vm_thread *th = &s->threads[t];
    const struct vm_ins *ins = &vm->program->code[th->code][th->pc];
    unsigned op = w->threads[t].pending.op;
    bool success;

    if (op >= RL_ATOMIC_LOAD && op <= RL_ATOMIC_CAS_WEAK &&
        atomic_value(s, ins, choice, &success) == s->atomics[ins->a])
        w->threads[t].pending.flags |= RL_NO_CHANGE;
}

static int16_t memory_step(const struct vm *vm, struct vm_state *s,
                           struct rl_world *w, unsigned t, unsigned choice,
                           const struct vm_ins *ins)
{
    int16_t old = s->atomics[ins->a], new;
    bool success;

    switch (ins->step) {
    case RL_LIBC_READ:
        return s->hidden[ins->a];
    case RL_LIBC_WRITE:
        return s->hidden[ins->a]++;
    case RL_INPUT:
        return s->hidden[VM_OBJECTS - 1]++;
    default:
        break;
    }
    vm_look(vm, s, w, t, choice);
    new = atomic_value(s, ins, choice, &success);
    s->atomics[ins->a] = new;
    if (ins->step == RL_ATOMIC_CAS || ins->step == RL_ATOMIC_CAS_WEAK)
        return success;
    return old;
}

/* Streams have no order between them. */
static void output(struct vm_state *s, unsigned stream, int value)
{
    if (s->noutput[stream] == VM_OUTPUT)
        s->broken = 1;
    else
        s->output[stream][s->noutput[stream]++] = (uint8_t)value;
}

/* The call is over: the result goes to dst. */
static void returned(const struct vm_ins *ins, struct vm_thread *th,
                     const struct rl_effect *e, int16_t value)
{
    switch (ins->step) {
    case RL_SEM_GETVALUE:
    case RL_CLOCK_READ:
    case RL_ONCE_ENTER:
        th->regs[ins->dst] = (int16_t)e->value;
        break;
    case RL_ATOMIC_LOAD:
    case RL_ATOMIC_RMW:
    case RL_ATOMIC_CAS:
    case RL_ATOMIC_CAS_WEAK:
    case RL_LIBC_READ:
    case RL_LIBC_WRITE:
    case RL_INPUT:
        th->regs[ins->dst] = value;
        break;
    case RL_OUTPUT:
    case RL_ATOMIC_STORE:
    case RL_PARK:
        break;
    default:
        th->regs[ins->dst] = (int16_t)e->result;
    }
}

void vm_apply(const struct vm *vm, struct vm_state *s, struct rl_world *w,
              unsigned t, unsigned choice, struct rl_effect *e)
{
    struct vm_thread *th = &s->threads[t];
    unsigned op = w->threads[t].pending.op;
    const struct vm_ins *ins = &vm->program->code[th->code][th->pc];
    int16_t value = 0;

    if (op >= RL_ATOMIC_LOAD && op <= RL_ATOMIC_CAS_WEAK)
        value = memory_step(vm, s, w, t, choice, ins);
    else if ((op == RL_LIBC_READ || op == RL_LIBC_WRITE || op == RL_INPUT) &&
             choice != RL_CANCELLED)
        value = memory_step(vm, s, w, t, choice, ins);
    else if (op == RL_PLAIN_READ || op == RL_PLAIN_WRITE)
        plain(s, t, ins);
    rl_apply(w, t, choice, e);
    if (!e->done || op == RL_END || w->over)
        return;
    if (op == RL_START) {
        advance(vm, s, w, t);
        return;
    }
    if (e->cancelled) {
        struct rl_step end = rl_step(RL_END);

        rl_post(w, t, &end);
        return;
    }
    if (op == RL_OUTPUT)
        output(s, ins->a % VM_STREAMS, th->regs[ins->b % VM_REGS]);
    if (op == RL_CREATE && e->child != RL_NOBODY) {
        if (e->child >= VM_THREADS)
            s->broken = 1;
        else
            s->threads[e->child].code = (uint8_t)ins->imm;
    }
    if (ins->op == VM_STEP)
        returned(ins, th, e, value);
    th->pc++;
    advance(vm, s, w, t);
}

static uint64_t hash_memory(uint64_t h, const struct vm_state *s)
{
    h = vm_hash(h, s->atomics, sizeof s->atomics);
    h = vm_hash(h, s->plain, sizeof s->plain);
    h = vm_hash(h, s->hidden, sizeof s->hidden);
    return vm_hash(h, s->threads, sizeof s->threads);
}

uint64_t vm_outcome(const struct vm_program *p, const struct vm_state *s,
                    const struct rl_world *w)
{
    uint64_t h = vm_hash(w->over, &w->exit_code, sizeof w->exit_code);
    uint64_t sum = 0;

    for (unsigned i = 0; i < VM_STREAMS; i++) {
        h = vm_hash(h, &i, sizeof i);
        for (unsigned j = 0; j < s->noutput[i]; j++) {
            const uint8_t *c = &s->output[i][j];

            if (p->budget.unordered_output)
                sum += vm_hash(i, c, 1);
            else
                h = vm_hash(h, c, 1);
        }
    }
    h = vm_hash(h, &sum, sizeof sum);
    if (w->over)
        return h;
    h = vm_hash(h, &w->live, sizeof w->live);
    return hash_memory(h, s);
}

uint64_t vm_finding(const struct rl_world *w, const struct rl_finding *f)
{
    uint64_t h = f->kind;

    if (f->kind == RL_LOST_SIGNAL || f->kind == RL_OWNER_DIED)
        return 0;
    h = vm_hash(h, &f->thread, 1);
    if (f->object != RL_NO_ID)
        h = vm_hash(h, &w->objects[f->object].key, sizeof(uint64_t));
    return h;
}
