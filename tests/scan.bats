#!/usr/bin/env bats
# rl-scan: what silences or dodges a detector, and what only looks like it.

bats_require_minimum_version 1.5.0
load helper
load detect

# scan [OPTION...] <SOURCE: LINES_FILE gets the words of rl-scan, STATUS its
# exit code, for each compiler; the last one stays.
scan() {
    local cc
    LINES_FILE=$BATS_TEST_TMPDIR/lines
    cat >"$BATS_TEST_TMPDIR/x.c"
    for cc in ${SCAN_CC:-gcc clang}; do
        command -v "$cc" >/dev/null || continue
        unit_of "$BATS_TEST_TMPDIR/x.c" "$cc"
        STATUS=0
        limited "$ROOT/build/bin/rl-scan" --unit "$UNIT" "$@" \
            >"$LINES_FILE" 2>"$LINES_FILE.err" || STATUS=$?
    done
}

# flags LINE WORD: a finding names this place and this word.
flags() {
    says ".kind == \"api-misuse\" and .detector == \"honest\"
        and .threads[0].line == $1 and .threads[0].file == \"x.c\"
        and .threads[0].object == \"$2\""
    [[ $STATUS == 1 ]]
}

clean() {
    [[ $STATUS == 0 ]] || fail_with "$(cat "$LINES_FILE" "$LINES_FILE.err")"
    says '.type == "summary" and .status == "clean"'
}

@test "comments and strings may mention anything" {
    scan <<'C'
// no_sanitize, asm, __tsan_acquire, fork(), #pragma clang attribute
/* VALGRIND_HG_DISABLE_CHECKING __has_feature
 * #line 3 "other.c"
 */
#include <stdio.h>

int main(void)
{
    puts("asm no_sanitize TSAN_OPTIONS fork __SANITIZE_THREAD__ /proc/self");
    return '"' == 'a' ? 1 : 0;
}
C
    clean
    keeps_contract honest "$STATUS" "$LINES_FILE"
}

@test "the macros of system headers are not the student's" {
    scan <<'C'
#include <assert.h>
#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>

static atomic_int n;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    fd_set set;

    FD_ZERO(&set);
    assert(pthread_mutex_lock(&lock) == 0);
    atomic_fetch_add(&n, isdigit('3') ? 1 : 0);
    pthread_mutex_unlock(&lock);
    return strlen("x") == 1 && getchar() == 'y';
}
C
    clean
}

@test "a function attribute that silences a sanitizer is found" {
    scan <<'C'
__attribute__((no_sanitize("thread"))) static void quiet(void)
{
}
__attribute__((no_sanitize_thread)) static void quieter(void)
{
}

int main(void)
{
    quiet();
    quieter();
    return 0;
}
C
    flags 1 no_sanitize
    flags 4 no_sanitize_thread
}

@test "code that runs before a detector stands is found" {
    scan <<'C'
static int one(void) { return 0; }
static int (*choose(void))(void) { return one; }
int chosen(void) __attribute__((ifunc("choose")));
int main(void) { return chosen(); }
C
    says '.message | contains("runs before the detectors do")'
    scan <<'C'
static void early(void) {}
static void (*const first)(void)
    __attribute__((section(".preinit" "_array"), used)) = early;
int main(void) { return 0; }
C
    says '.message | contains("runs before the detectors do")'
}

@test "words glued together by the preprocessor are found" {
    scan <<'C'
#define GLUE(a, b) a##b

int main(void)
{
    GLUE(as, m)("");
    return 0;
}
C
    flags 5 asm
}

@test "inline assembly is found in each spelling" {
    scan <<'C'
int main(void)
{
    __asm__ volatile("" ::: "memory");
    __asm("");
    return 0;
}
C
    flags 3 __asm__
    flags 4 __asm
}

@test "pragmas that silence or rename are found" {
    SCAN_CC=clang scan <<'C'
#pragma clang attribute push(__attribute__((no_sanitize("thread"))), \
                             apply_to = function)
int main(void)
{
    return 0;
}
#pragma clang attribute pop
C
    flags 1 "#pragma clang attribute"
    scan <<'C'
_Pragma("clang attribute push(__attribute__((hot)), apply_to = function)")
int main(void)
{
    return 0;
}
_Pragma("clang attribute pop")
C
    flags 1 "#pragma clang attribute"
    scan <<'C'
#pragma redefine_extname mine pthread_mutex_lock
int main(void)
{
    return 0;
}
C
    flags 1 "#pragma"
}

@test "a test for the sanitizer that the preprocessor eats is found" {
    scan <<'C'
#ifdef __SANITIZE_THREAD__
#define QUIET 1
#endif
#ifdef __has_feature
#endif
#ifdef __OPTIMIZE__
#endif

int main(void)
{
    return 0;
}
C
    flags 1 __SANITIZE_THREAD__
    flags 4 __has_feature
    flags 6 __OPTIMIZE__
}

@test "calls of a sanitizer and options for it are found" {
    scan <<'C'
void __tsan_acquire(void *);
void AnnotateIgnoreReadsBegin(const char *file, int line);

const char *__tsan_default_suppressions(void)
{
    return "race:main";
}

int main(void)
{
    return 0;
}
C
    flags 1 __tsan_acquire
    flags 2 AnnotateIgnoreReadsBegin
    flags 4 __tsan_default_suppressions
}

@test "client requests of Valgrind are found though they expand to nothing" {
    [[ -f /usr/include/valgrind/helgrind.h ]] || skip "no header of Valgrind's"
    scan <<'C'
#include <valgrind/helgrind.h>

int main(void)
{
    int x = 0;
    VALGRIND_HG_DISABLE_CHECKING(&x, sizeof(x));
    return RUNNING_ON_VALGRIND;
}
C
    flags 1 valgrind/helgrind.h
    flags 6 VALGRIND_HG_DISABLE_CHECKING
    flags 7 RUNNING_ON_VALGRIND
}

@test "a call that the program defines anew is found, a name like it is not" {
    scan <<'C'
#include <pthread.h>

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    (void)mutex;
    return 0;
}

int main(void)
{
    return 0;
}
C
    flags 3 pthread_mutex_lock
    scan <<'C'
int sem_down(void);

int sem_down(void)
{
    return 0;
}

int execute(void)
{
    return sem_down();
}

int main(void)
{
    return execute();
}
C
    clean
}

@test "a function of the submission's own other file is no call outside" {
    unit_of race-good gcc
    printf 'int execute(void);\nint main(void) { return execute(); }\n' \
        >"$UNIT/src/race-good.c"
    printf 'int execute(void) { return 0; }\n' >"$UNIT/src/more.c"
    run -0 "$ROOT/build/bin/rl-scan" --unit "$UNIT"
}

processes() {
    cat <<'C'
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    if (fork() == 0) {
        execlp("true", "true", (char *)0);
    }
    return wait(0) < 0;
}
C
}

@test "processes in place of threads are found unless the lab is about them" {
    scan < <(processes)
    flags 6 fork
    flags 7 execlp
    scan --allow process < <(processes)
    flags 7 execlp
    [[ $(errors | wc -w) == 1 ]]
    scan --allow process --allow exec < <(processes)
    clean
}

@test "system calls, loaded code, tracing and killing are found" {
    scan <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    syscall(SYS_gettid);
    dlopen("x.so", RTLD_NOW);
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    kill(1, SIGKILL);
    setenv("TSAN_OPTIONS", "report_bugs=0", 1);
    open("/proc/self/fd/1", O_RDONLY);
    return getenv("RL_FINDINGS_FD") != 0;
}
C
    flags 12 syscall
    flags 13 dlopen
    flags 14 ptrace
    flags 15 kill
    flags 16 TSAN_OPTIONS
    flags 17 open
    flags 18 RL_FINDINGS_FD
}

@test "lines that pretend to come from elsewhere are found" {
    scan <<'C'
#line 1 "/usr/include/stdio.h"
__attribute__((no_sanitize("thread"))) int main(void)
{
    return 0;
}
C
    flags 1 "#line"
}

@test "a file from outside the submission is found" {
    printf 'static int answer = 42;\n' >"$BATS_TEST_TMPDIR/answer.h"
    # In a sandbox of namespaces there is no such file to be found.
    RL_SANDBOX_LEVEL=off scan <<C
#include "$BATS_TEST_TMPDIR/answer.h"

int main(void)
{
    return answer;
}
C
    says '.threads[0].object == "answer.h"'
}

@test "lines with CRLF, bytes beyond ASCII and no last newline are read" {
    SCAN_CC=gcc scan < <(
        printf 'int main(void)\r\n{\r\n    /* caf\xe9 */ return 0;\r\n}'
    )
    clean
    SCAN_CC=gcc scan < <(
        printf 'int main(void)\r\n{\r\n    __asm__("");\r\n    return 0;\r\n}'
    )
    flags 3 __asm__
}

@test "the facts name what the program uses" {
    scan --facts <<'C'
#include <pthread.h>
#include <stdatomic.h>

static atomic_flag flag = ATOMIC_FLAG_INIT;

int main(void)
{
    atomic_thread_fence(memory_order_acquire);
    return atomic_flag_test_and_set(&flag);
}
C
    says '.type == "facts" and .atomics and .fences and .flags and .weak
        and (.once or .pipes or .trylock or .c11 | not)'
    scan --facts <"$PROGRAMS/race-bad.c"
    says '[.atomics, .fences, .once, .pipes] | any | not'
    scan --facts <"$PROGRAMS/once-good.c"
    says '.once and (.atomics | not)'
}

@test "wrong use, no unit and no build are told apart" {
    run -2 "$ROOT/build/bin/rl-scan"
    run -2 "$ROOT/build/bin/rl-scan" --unit x --allow silence
    run -2 "$ROOT/build/bin/rl-scan" --unit x --allow nonsense
    run -70 "$ROOT/build/bin/rl-scan" --unit "$BATS_TEST_TMPDIR/none"
    scan <<<'int main(void) { return 0'
    [[ $STATUS == 3 ]]
}
