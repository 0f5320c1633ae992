/*
 * Small programs over every primitive, run in this process by the model: for
 * testing the search without a program, threads or forks. A thread is a list
 * of instructions; what is not a step of the model (arithmetic, jumps, plain
 * variables) runs at once after the step before it.
 */
#ifndef RL_EXPLORE_SEARCH_VM_H
#define RL_EXPLORE_SEARCH_VM_H

#include "executor.h"

#define VM_CODES 8 /* threads' codes; code 0 is main's */
#define VM_LENGTH 64
#define VM_REGS 4
#define VM_OBJECTS 6 /* of each class */
#define VM_THREADS 8
#define VM_STREAMS 2
#define VM_OUTPUT 12

enum vm_op {
    VM_STOP,    /* end of the thread */
    VM_STEP,    /* a step of the model: step, a, b, imm */
    VM_SET,     /* dst = imm */
    VM_ADD,     /* dst += imm */
    VM_COPY,    /* dst = reg a */
    VM_SELF,    /* dst = slot */
    VM_LOAD,    /* dst = plain a */
    VM_STORE,   /* plain a = reg b + imm */
    VM_SKIP,    /* imm instructions */
    VM_SKIP_EQ, /* skip b instructions if reg a == imm */
    VM_SKIP_NE,
    VM_LOOP,       /* if --reg a > 0, b instructions back */
    VM_CANCEL_OFF, /* imm: PTHREAD_CANCEL_DISABLE or not */
};

/* VM_STEP: `step` on object a (b: the mutex of a wait) of the step's class;
 * dst receives the result or the value. Atomics: a store stores imm, an
 * update adds it, a compare-exchange expects imm and writes b. RL_CREATE: imm
 * is the code. RL_OUTPUT writes reg b. RL_PARK: imm is the class. */
struct vm_ins {
    uint8_t op, step, a, b, dst, flags;
    int16_t imm;
};

struct vm_program {
    struct vm_ins code[VM_CODES][VM_LENGTH];
    uint8_t length[VM_CODES];
    uint8_t ncodes;
    uint8_t mutex_kind[VM_OBJECTS];
    uint8_t rwlock_kind[VM_OBJECTS];
    struct rl_budget budget;
    bool plain_steps; /* plain accesses are steps too */
};

struct vm_thread {
    uint8_t code, pc;
    uint8_t dst; /* of the step it stands at */
    uint8_t spare;
    int16_t regs[VM_REGS];
};

struct vm_state {
    struct vm_thread threads[VM_THREADS];
    int16_t atomics[VM_OBJECTS], plain[VM_OBJECTS], hidden[VM_OBJECTS];
    uint8_t output[VM_STREAMS][VM_OUTPUT];
    uint8_t noutput[VM_STREAMS], broken;
};

/* Called at each plain access that is not a step. */
typedef void vm_access(void *self, unsigned thread, unsigned variable,
                       bool write);

struct vm {
    const struct vm_program *program;
    bool plain_steps;
    vm_access *access; /* or NULL */
    void *self;
};

/* Main at its first step. `world` is freshly initialised, of vm_objects(). */
void vm_begin(const struct vm *vm, struct vm_state *s, struct rl_world *w);

/* Marks the pending step with RL_NO_CHANGE if it is about to change nothing. */
void vm_look(const struct vm *vm, const struct vm_state *s, struct rl_world *w,
             unsigned thread, unsigned choice);

/* Carries the step out and takes the thread to its next. */
void vm_apply(const struct vm *vm, struct vm_state *s, struct rl_world *w,
              unsigned thread, unsigned choice, struct rl_effect *effect);

uint32_t vm_objects(void);

/* A number for what can be seen when no thread can go on: output and exit
 * code; where the process was not cut off, also memory and registers. */
uint64_t vm_outcome(const struct vm_program *p, const struct vm_state *s,
                    const struct rl_world *w);

/* A number for an error among findings, 0 for a note. */
uint64_t vm_finding(const struct rl_world *w, const struct rl_finding *f);

/* A hash over bytes, to start with any number or go on with the last. */
uint64_t vm_hash(uint64_t hash, const void *data, size_t size);

/* Numbers in the order of insertion, each once. */
struct vm_set {
    uint64_t *numbers;
    size_t n, room, mask;
    uint32_t *table;
};
bool vm_set_add(struct vm_set *s, uint64_t number);
bool vm_set_has(const struct vm_set *s, uint64_t number);
bool vm_set_equal(const struct vm_set *a, const struct vm_set *b);
void vm_set_clear(struct vm_set *s);
void vm_set_free(struct vm_set *s);

/* The executor of this program, with one slot. */
struct vm_runner;
struct vm_runner *vm_runner_new(const struct vm_program *program);
void vm_runner_free(struct vm_runner *r);
/* Errors of all runs from now on are added to the set. */
void vm_collect_findings(struct vm_runner *r, struct vm_set *findings);
struct rl_executor vm_executor(struct vm_runner *r);

/* A program from a seed: the same, always. */
void vm_generate(struct vm_program *p, uint64_t seed);

/* Prints it, for people. */
void vm_print(const struct vm_program *p);

/* All interleavings, one state after another, without any reduction but that
 * a state seen before is not entered again. */
struct vm_all {
    /* Called at each state from which nothing goes on, or NULL. */
    void (*ended)(void *self, const struct vm_state *s,
                  const struct rl_world *w);
    void *self;
    struct vm_set outcomes, findings;
    uint64_t states;
    bool race, stuck, too_many;
};
/* `all` is zero but for the callback. */
void vm_enumerate(const struct vm_program *p, uint64_t most_states,
                  struct vm_all *all);
void vm_all_free(struct vm_all *all);

#endif
