/*
 * A program in words, for whoever looks into a difference.
 */
#include "vm.h"

#include <stdio.h>

static const char *const names[] = {
    [VM_STOP] = "stop",
    [VM_STEP] = "step",
    [VM_SET] = "set",
    [VM_ADD] = "add",
    [VM_COPY] = "copy",
    [VM_SELF] = "self",
    [VM_LOAD] = "load",
    [VM_STORE] = "store",
    [VM_SKIP] = "skip",
    [VM_SKIP_EQ] = "skip if equal",
    [VM_SKIP_NE] = "skip if not equal",
    [VM_LOOP] = "loop",
    [VM_CANCEL_OFF] = "cancel off",
};

void vm_print(const struct vm_program *p)
{
    printf("budget: %u spurious, %u early, %u weak%s%s\n", p->budget.spurious,
           p->budget.early, p->budget.weak,
           p->budget.unordered_output ? ", unordered output" : "",
           p->plain_steps ? ", plain accesses are steps" : "");
    printf("mutex kinds %u %u, rwlock kind %u\n", p->mutex_kind[0],
           p->mutex_kind[1], p->rwlock_kind[0]);
    for (unsigned c = 0; c < p->ncodes; c++) {
        printf("code %u\n", c);
        for (unsigned i = 0; i < p->length[c]; i++) {
            const struct vm_ins *ins = &p->code[c][i];

            printf("  %2u %s a=%u b=%u dst=%u imm=%d%s\n", i,
                   ins->op == VM_STEP ? rl_op_name(ins->step) : names[ins->op],
                   ins->a, ins->b, ins->dst, ins->imm,
                   ins->flags & RL_CANCEL_POINT ? " (cancellation point)" : "");
        }
    }
}
