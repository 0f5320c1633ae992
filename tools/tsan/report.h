/*
 * The functions of ThreadSanitizer that describe a report, the same in
 * gcc's and clang's runtimes, and what we define for it. Neither compiler
 * installs a header for them.
 */
#ifndef RL_TSAN_REPORT_H
#define RL_TSAN_REPORT_H

#include <stdint.h>

/* Found by the sanitizer's shared library by name. */
#define RL_SEEN __attribute__((visibility("default"), used))

/* The program's exit code when it closed the descriptor of its findings. */
enum { RL_TSAN_LOST = 97 };

int __tsan_get_report_data(void *report, const char **what, int *count,
                           int *stacks, int *mops, int *locs, int *mutexes,
                           int *threads, int *tids, void **sleep,
                           uintptr_t sleep_size);
int __tsan_get_report_stack(void *report, uintptr_t n, void **trace,
                            uintptr_t trace_size);
int __tsan_get_report_mop(void *report, uintptr_t n, int *tid, void **address,
                          int *size, int *write, int *atomic, void **trace,
                          uintptr_t trace_size);
int __tsan_get_report_loc(void *report, uintptr_t n, const char **type,
                          void **address, uintptr_t *start, uintptr_t *size,
                          int *tid, int *fd, int *suppressable, void **trace,
                          uintptr_t trace_size);
int __tsan_get_report_mutex(void *report, uintptr_t n, uintptr_t *id,
                            void **address, int *destroyed, void **trace,
                            uintptr_t trace_size);
int __tsan_get_report_thread(void *report, uintptr_t n, int *tid,
                             unsigned long *os_id, int *running,
                             const char **name, int *parent, void **trace,
                             uintptr_t trace_size);
int __tsan_get_report_unique_tid(void *report, uintptr_t n, int *tid);

void __tsan_on_report(void *report);
void __sanitizer_on_print(const char *text);
const char *__tsan_default_options(void);
const char *__tsan_default_suppressions(void);

#endif
