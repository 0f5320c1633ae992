#!/usr/bin/env bats
# The explorer as a part of the lab: every shipped bug is found, every solution
# proved, and what failed can be seen again.
# usage: bats tests/explore-lab.bats

load helper

# explored LAB SUBMISSION: the explorer's lines, with the lab's own sizes.
explored() {
    limited "$RACELAB" detect explore "$1" --submission "$2" --format lines
}

# The lab, how many interleavings its solution has with the first sizes;
# bounded: more than the explorer tries unless it is told to (33 has 4,476 with
# one order and two cooks; in 35 each visitor waits with the clock running).
proofs() {
    cat <<'LIST'
11-missing-join 1
12-daemon-cutoff 256
13-shared-argument 1
14-threaded-io 8
21-unlocked-counter 20
22-check-then-act 6
23-forgotten-unlock 32
24-lock-order 140
25-philosophers 6
26-write-under-read-lock 12
31-queue-without-task-done 264
32-lost-wakeup 114
33-if-not-while bounded
34-one-signal-for-all 90
35-late-deadline bounded
41-pool-ordering 96
42-pool-shutdown 108
43-nested-submit 976
LIST
}

@test "every lab with a size to prove is in the list of proofs" {
    diff <(proofs | cut -d' ' -f1) <(cd "$ROOT/labs" &&
        grep -l '^PROVE=' [0-9]*/lab.conf | sed 's,/.*,,')
}

@test "every solution is proved, with the interleavings that it has" {
    local lab count basis proved
    while read -r lab count; do
        basis=$(explored "$lab" "$ROOT/solutions" |
            jq -r 'select(.type == "summary") | .basis')
        [[ $count != bounded || $basis != "bounded: right in "* ]] || continue
        proved="^(all $count interleavings|the only interleaving)( of .*)? (are|is) right\$"
        [[ $basis =~ $proved ]] ||
            fail_with "$lab: $basis, not $count"
    done < <(proofs)
}

@test "every shipped bug is found, as lab.conf promises" {
    local said=$BATS_TEST_TMPDIR/lines
    while read -r LAB _; do
        explored "$LAB" "$ROOT/tests/submissions/$LAB/shipped.c" >"$said" ||
            (($? == 1))
        as_promised explore "$said" || fail_with "in $LAB"
    done < <(proofs)
}

@test "the same interleaving is drawn again, with the lines of the program" {
    local file=$ROOT/tests/submissions/24-lock-order/shipped.c first token
    run -1 limited "$RACELAB" explore 24 --submission "$file"
    [[ $output == *'A bug: wrong in '*' interleavings'* ]]
    [[ $output == *'pthread_mutex_lock(&to->lock)'*'nobody can go on'* ]]
    [[ $output == *'carry_out) is held up'* ]]
    (($(grep -v tools/racelab <<<"$output" | wc -L) <= 80))
    token=$(grep -o 'x[0-9]*-[^ ]*' <<<"$output" | tail -n1)
    run -1 limited "$RACELAB" replay 24 --submission "$file"
    first=$output
    [[ $first == *"$token"* ]]
    run -1 limited "$RACELAB" replay 24 "$token" --submission "$file"
    [[ $output == "$first" ]]
}

@test "a token for another program is refused with a reason" {
    local file=$ROOT/tests/submissions/24-lock-order/shipped.c
    run -1 limited "$RACELAB" explore 24 --submission "$file" --format lines
    run -4 limited "$RACELAB" replay 24 --submission "$ROOT/solutions" \
        "$(jq -r 'select(.replay) | .replay' <<<"$output" | head -n1)"
    [[ $output == *'the token cannot be followed'* ]]
}

@test "a picture, a diagram and an object" {
    local file=$ROOT/tests/submissions/24-lock-order/shipped.c
    local out=$BATS_TEST_TMPDIR/a\ picture.svg
    run -1 limited "$RACELAB" explore 24 --submission "$file" --format svg \
        --out "$out"
    xmllint --noout "$out"
    run -1 limited "$RACELAB" explore 24 --submission "$file" \
        --format mermaid
    [[ $output == sequenceDiagram* ]]
    run -0 limited "$RACELAB" explore 24 --submission "$ROOT/solutions" \
        --prove --format json
    jq -e '.verdict == "clean" and .complete and .interleavings == 140' \
        <<<"$output"
    run -0 limited "$RACELAB" explore 24 --submission "$ROOT/solutions" \
        --format svg
}

@test "a program of one's own: proved, bounded, not modelled" {
    local programs=$ROOT/tests/programs
    run -0 limited "$RACELAB" explore "$programs/pass/cond.c" --prove
    [[ $output == *'Proved: all '*'takes for granted'*'wait ends by itself'* ]]
    run -4 limited "$RACELAB" explore "$programs/fail/fork.c"
    [[ $output == *'No answer: unsupported: fork'* ]]
}

@test "too many interleavings: many schedules instead, and no proof" {
    run -0 limited "$RACELAB" explore 21 --submission "$ROOT/solutions" -- 4 8
    [[ $output == *'No bug seen in 2002 schedules'*'no proof:'*'budget: '* ]]
}

@test "a retry that unfair schedules never let through is not a bug" {
    LAB=24-lock-order
    explored 24 "$(submission_source \
        "$ROOT/tests/submissions/$LAB/right-trylock-back-off.patch")" \
        >"$BATS_TEST_TMPDIR/lines"
    jq -e 'select(.type == "summary") | .status == "clean" and
        (.basis | test("^bounded: .* did not end$"))' "$BATS_TEST_TMPDIR/lines"
}

@test "a budget ends a search as bounded, with what to try instead" {
    local program=$ROOT/tests/programs/pass/counter.c
    run -4 limited "$RACELAB" explore "$program" --schedules 9 --format json \
        -- 3 6
    jq -e '.verdict == "bounded" and (.complete | not) and
        (.reason | startswith("budget: ")) and (.reason | endswith(" 1 3"))' \
        <<<"$output"
    run -4 limited "$RACELAB" explore "$program" --prove --schedules 9 -- 3 6
    [[ $output == *'No answer: budget: '*'9 x  exit 0  18'* ]]
    run -0 limited "$RACELAB" explore "$program" --prove -- 3 2
    [[ $output == *'all 90 interleavings of 3 threads x 2 are right'* ]]
}

@test "Ctrl-C ends a search, and what it found is told" {
    local said=$BATS_TEST_TMPDIR/said status=0 pid unit=$BATS_TEST_TMPDIR/unit
    source "$ROOT/tools/lib/unit.sh"
    unit_stage "$unit" gcc "$ROOT/tests/programs/pass/counter.c"
    unit_bin "$unit" explore
    mkfifo "$BATS_TEST_TMPDIR/progress"
    # In the foreground timeout hands on one signal, and a second would kill.
    timeout --foreground -k 5 60 "$ROOT/build/bin/rl-explore" \
        "$unit/bin/explore" --prove --format json --progress 4 -- 4 9 \
        >"$said" 4>"$BATS_TEST_TMPDIR/progress" 3>&- &
    pid=$!
    # It is at work when it tells how far it is.
    read -r _ <"$BATS_TEST_TMPDIR/progress"
    kill -INT "$pid"
    wait "$pid" || status=$?
    ((status == 4))
    jq -e '.verdict == "bounded" and (.reason | contains("interrupted")) and
        .outcomes[0].stdout == "36\n"' "$said"
}

@test "output that varies is a note, and an error where it must not" {
    local program=$BATS_TEST_TMPDIR/order.c
    cat >"$program" <<'END'
#include <pthread.h>
#include <stdio.h>
static void *say(void *word)
{
    puts(word);
    return NULL;
}
int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, say, "a");
    pthread_create(&b, NULL, say, "b");
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}
END
    run -0 limited "$RACELAB" explore "$program" --prove --format json
    jq -e '.findings | length == 1 and .[0].severity == "note" and
        .[0].kind == "wrong-output" and
        (.[0].message | contains("order of the lines"))' <<<"$output"
    run -1 limited "$RACELAB" explore "$program" --prove --same-output
    [[ $output == *'A bug'*'the order of the lines'* ]]
    run -0 limited "$RACELAB" explore "$program" --prove --same-output \
        --unordered-output --expect-exit 0 --format json
    jq -e '.assumes | index("unordered-output") != null' <<<"$output"
}

@test "in gdb the schedule is held, and it stops at the finding" {
    command -v gdb >/dev/null || skip 'no gdb'
    local program=$ROOT/tests/programs/fail/atomic.c token
    token=$("$RACELAB" explore "$program" --format json |
        jq -r '.findings[0].replay')
    run -1 limited "$RACELAB" explore "$program" --replay "$token" --gdb \
        <<<$'print sum\nprint (long) arg\ncontinue'
    [[ $output != *'could not attach'* ]] || skip 'no ptrace here'
    # Both have read 0, the other has written 1, this one is about to.
    # shellcheck disable=SC2016 # gdb's variable
    [[ $output == *'in add '*'atomic_store'*'$1 = 1'*'about to end'* ]]
    run -2 limited "$RACELAB" explore "$program" --gdb
    RL_SANDBOX=require run -2 limited "$RACELAB" explore "$program" \
        --replay "$token" --gdb
    [[ $output == *'which SANDBOX=require forbids'* ||
        $output == *'SANDBOX=require cannot be had'* ]]
}

@test "a project with a Makefile: its own flags, a library, a path with a space" {
    local dir=$BATS_TEST_TMPDIR/my\ project cc token
    mkdir -p "$dir/include" "$dir/src"
    printf 'void *work(void *);\nint total(void);\n' >"$dir/include/work.h"
    cat >"$dir/src/work.c" <<'END'
#include "work.h"
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;
void *work(void *arg)
{
    if (SAFE)
        pthread_mutex_lock(&lock);
    sum += 1;
    if (SAFE)
        pthread_mutex_unlock(&lock);
    return arg;
}
int total(void) { return sum; }
END
    cat >"$dir/src/main.c" <<'END'
#include "work.h"
#include <pthread.h>
#include <stdio.h>
int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", total());
}
END
    cat >"$dir/Makefile" <<'END'
CC = gcc
CFLAGS = -O2 -flto -fsanitize=address -static -Iinclude -DSAFE=1
LDFLAGS = -flto -fsanitize=address
safe: out/main.o out/libwork.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ out/main.o -Lout -lwork -lpthread
unsafe: src/main.c src/work.c
	$(CC) -Iinclude -DSAFE=0 -o $@ $^
out/%.o: src/%.c
	@mkdir -p out
	$(CC) $(CFLAGS) -MMD -c -o $@ $<
out/libwork.a: out/work.o
	ar rcs $@ $^
END
    cd "$dir"
    for cc in gcc clang; do
        run -0 limited "$RACELAB" explore --build 'make safe' --cc "$cc" --prove
        [[ $output == *'all 2 interleavings of 2 threads x 1 are right'* ]]
    done
    run -1 limited "$RACELAB" explore --build 'make unsafe' --format json
    jq -e '.findings[0] | .kind == "data-race" and
        any(.threads[]; .file == "work.c" and .line == 9)' <<<"$output"
    token=$(jq -r '.findings[0].replay' <<<"$output")
    run -1 limited "$RACELAB" explore --build 'make unsafe' --replay "$token"
    [[ $output == *'sum += 1;'* ]]
    [[ ! -e out && ! -e safe && ! -e unsafe ]]
    run -2 limited "$RACELAB" explore --build 'make nothing'
    [[ $output == *'make nothing failed'* && $output == *'SANDBOX=off'* ]]
    # A recipe reaches neither the folder it was copied from nor its user.
    printf '%s' "$dir" >where
    # shellcheck disable=SC2016 # for the recipe's shell
    run -2 limited "$RACELAB" explore --build 'ls -d "$(cat where)" >&2; false'
    [[ $("$ROOT/build/bin/rl-box" level) != namespaces* ||
        $output == *'No such file'* ]]
}

@test "what a check found is what make replay shows" {
    local file=$ROOT/tests/submissions/24-lock-order/shipped.c
    run -1 limited "$RACELAB" check 24 --submission "$file" --fresh
    run -1 limited "$RACELAB" replay 24 --submission "$file"
    [[ $output == *'2 threads wait for each other'* ]]
}

@test "a token is refused with what differs" {
    local program=$ROOT/tests/programs/fail/mutex.c token
    token=$("$RACELAB" explore "$program" --format json |
        jq -r '.findings[0].replay')
    run -4 limited "$RACELAB" replay "$program" "$token" -- 9
    [[ $output == *'other arguments'* ]]
    run -4 limited "$RACELAB" replay "$program" "$token" --stdin "$program"
    [[ $output == *'another standard input'* ]]
    run -4 limited "$RACELAB" replay "$program" "$token" --cc clang
    [[ $output == *'built with gcc'*'built with clang'* ]]
    run -4 limited "$RACELAB" replay "$program" "x3-${token#*-}"
    [[ $output == *'another version'* ]]
    run -4 limited "$RACELAB" replay "$ROOT/tests/programs/fail/cond.c" "$token"
    [[ $output == *'another program'* ]]
}
