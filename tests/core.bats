#!/usr/bin/env bats
# The core: names from DWARF, the recorder, rl-run's ends, limits and
# diagnoses, units, and the detectors plain, hang and exit. Every diagnosis
# has a twin that stays silent.

load helper

PROGRAMS=$ROOT/tests/programs/core
RL_RUN=$ROOT/build/bin/rl-run

# Units of the three programs for each compiler, once for all tests.
setup_file() {
    local cc program
    make -s -C "$ROOT" tools
    # shellcheck source=../tools/lib/unit.sh
    source "$ROOT/tools/lib/unit.sh"
    for cc in gcc clang; do
        command -v "$cc" >/dev/null || continue
        for program in locks waits ends; do
            unit_stage "$BATS_FILE_TMPDIR/$program.$cc" "$cc" \
                "$PROGRAMS/$program.c" "$PROGRAMS/mode.h"
        done
    done
}

setup() {
    bats_load_library bats-support
    bats_load_library bats-assert
    source "$ROOT/tools/lib/unit.sh"
    cd "$BATS_TEST_TMPDIR" || return
}

compilers_here() {
    local cc
    for cc in gcc clang; do
        ! command -v "$cc" >/dev/null || echo "$cc"
    done
}

unit_of() {
    printf '%s\n' "$BATS_FILE_TMPDIR/$1.$2"
}

# watch PROGRAM.MODE CC FLAVOUR [OPTION...]: one run; its object in ./json.
watch() {
    local program=${1%%.*} mode=${1#*.} cc=$2 flavour=$3 bin
    shift 3
    bin=$(unit_bin "$(unit_of "$program" "$cc")" "$flavour")
    timeout -k 5 60 "$RL_RUN" --wall 10 --stdout out --stderr err \
        --record "$bin" "$@" -- "$bin" "$mode" >json 3>&-
}

ended() {
    [[ $(jq -r .end json) == "$1" ]] || fail "$(cat json)"
}

# Exactly these kinds, sorted; none for silence.
says() {
    local kinds
    kinds=$(jq -r '.findings[].kind' json | sort | paste -sd' ')
    [[ $kinds == "$*" ]] || fail "says '$kinds', not '$*': $(cat json)"
}

message() {
    jq -r '.findings[].message' json | grep -qF -- "$1" || fail "$(cat json)"
}

# both PROGRAM.MODE END KIND...: plain with both compilers, and under TSan
# (clang's in a soak).
both() {
    local what=$1 end=$2 cc flavour
    shift 2
    for cc in $(compilers_here); do
        for flavour in plain tsan; do
            [[ $cc.$flavour != clang.tsan || -n ${RL_SOAK:-} ]] || continue
            watch "$what" "$cc" "$flavour"
            ended "$end"
            says "$@"
        done
    done
}

@test "an address has a file, a line, a function and a variable's name" {
    local cc flags
    for cc in $(compilers_here); do
        for flags in "" -gdwarf-4 -no-pie -O1; do
            # shellcheck disable=SC2086 # none is none
            "$cc" -std=gnu11 -D_GNU_SOURCE -g $flags -pthread -o names \
                "$ROOT/tests/unit/core/names.c" "$ROOT/build/lib/libcore.a" \
                -ldw -lelf -ljansson
            run -0 ./names
            assert_output - <<'EOF'
known accounts[1].lock
known accounts[1].lock
known accounts[3].balance
known accounts[0].history[2]
known ready
known grid[1][2]
known hidden[1]
unknown 
names.c:69 main
main 1
EOF
        done
    done
}

@test "a thread that locks its own mutex again is a self-deadlock" {
    both locks.self standstill self-deadlock
    message 'holds gate (taken at locks.c:'
}

@test "a recursive mutex locked twice is none" {
    both locks.recursive exit
}

@test "a reader that wants to write is a self-deadlock" {
    both locks.upgrade standstill self-deadlock
}

@test "two locks in opposite orders are a deadlock with its cycle" {
    both locks.abba standstill deadlock
    message 'Thread 1 (a_then_b) holds accounts[0].lock (taken at locks.c:27, called from line 66) and waits for accounts[1].lock at locks.c:27, called from line 68;'
    run -0 jq -c '.findings[0] | [.cycle, [.threads[] |
        [.id, .role, .op, .line, .function, .object, .locks]]]' json
    assert_output '[[1,2],[[1,"a_then_b","lock",68,"a_then_b","accounts[1].lock",["accounts[0].lock"]],[2,"b_then_a","lock",78,"b_then_a","accounts[0].lock",["accounts[1].lock"]],[0,"main","join",91,"two",null,[]]]]'
}

@test "two locks in one order are none" {
    both locks.abab exit
}

@test "opposite orders that never met are a lock-order finding" {
    both locks.inversion exit lock-order
}

@test "opposite orders under a common gate are none" {
    both locks.gated exit
}

@test "opposite orders that a join keeps apart are none" {
    both locks.joined exit
}

@test "trylock with back-off is no order" {
    both locks.trylock exit
}

@test "three philosophers are one cycle of three" {
    both locks.three standstill deadlock
    run -0 jq '.findings[0].cycle | length' json
    assert_output 3
}

@test "a join of a thread that wants the joiner's lock is a deadlock" {
    both locks.join-holding standstill deadlock
    message 'waits for thread 1 (wants) to end'
}

@test "pthread_once within itself is a self-deadlock" {
    both locks.once-again standstill self-deadlock
}

@test "a deadlock is named even while another thread goes on" {
    watch locks.ticking gcc plain --wall 1
    ended timeout
    says deadlock
}

@test "a lock that an ended thread keeps is a leak" {
    both locks.leak exit lock-leak
    message 'Thread 1 (keeps) ended while it held accounts[2].lock'
    both ends.cancel exit lock-leak
}

@test "waiting for such a lock is a hang and a leak" {
    both locks.leak-hang standstill hang lock-leak
    message 'still held when it ended'
}

@test "locks given back before pthread_exit are no leak" {
    both locks.no-leak exit
}

@test "a wait after its only signal is a lost wakeup" {
    both waits.lost standstill lost-wakeup
    message 'had signalled it at waits.c:26 before, when nobody waited'
}

@test "a wait that asks first whether it must is none" {
    both waits.remembered exit
}

@test "a lost signal whose item was taken is no lost wakeup but a hang" {
    both waits.starved standstill hang
}

@test "a signal between the look and the wait is a lost wakeup" {
    both waits.between standstill lost-wakeup
}

@test "a condition with two purposes that starves is a hang" {
    both waits.two-purposes standstill hang
}

@test "a join of a thread without a token is a hang, with one it is not" {
    both waits.no-token standstill hang
    message 'waits for the semaphore tokens at waits.c:'
    both waits.token exit
}

@test "a barrier too big is a hang that counts the arrived" {
    both waits.barrier-of-three standstill hang
    message 'where 2 of 3 have arrived'
    both waits.barrier-of-two exit
}

@test "one signal for two waiters is a hang that says so" {
    both waits.signal-one standstill hang
    message 'woke one of the 2 that waited'
}

@test "C11 threads work and are understood, plain and under TSan" {
    local cc flavour
    for cc in $(compilers_here); do
        for flavour in plain tsan; do
            watch waits.c11 "$cc" "$flavour"
            ended exit
            says
            [[ $(cat out) == "4 28" ]]
        done
    done
    both waits.c11-self standstill self-deadlock
}

@test "sleeping, deadlines, alarms and timers are no standstill" {
    both waits.sleeper exit
    both waits.timed exit
    both waits.timer-file exit
    watch waits.alarmed gcc plain
    ended exit
}

@test "threads that take turns are no standstill" {
    both waits.ping-pong exit
}

@test "a busy loop is no standstill but a limit" {
    watch waits.busy gcc plain --cpu 1
    ended cpu
    says
    watch waits.busy gcc plain --wall 1
    ended timeout
}

@test "a child that hangs is a standstill, one that works is none" {
    watch ends.child-hangs gcc plain
    ended standstill
    watch ends.child-works gcc plain
    ended exit
}

@test "without /proc the record alone tells a standstill, and it says so" {
    watch locks.abba gcc plain --no-proc
    ended standstill
    says deadlock
    [[ $(jq -r .looked_at json) == record ]]
    watch waits.sleeper gcc plain --no-proc
    ended exit
}

@test "a standstill is told without a record" {
    local bin
    bin=$(unit_bin "$(unit_of locks gcc)" valgrind)
    timeout -k 5 60 "$RL_RUN" --wall 10 -- "$bin" abba >json 3>&-
    ended standstill
    says
}

@test "threads left at the end are notes" {
    both ends.running exit thread-leak
    message 'stay, started at ends.c:'
    [[ $(jq -r '.findings[0].severity' json) == note ]]
    both ends.clean exit
}

@test "a main that ends as a thread ends the program well" {
    local cc flavour
    for cc in $(compilers_here); do
        for flavour in plain tsan; do
            watch ends.last "$cc" "$flavour"
            ended exit
            [[ $(jq '[.findings[] | select(.severity == "error")] | length' \
                json) == 0 ]] || fail "$(cat json)"
        done
    done
}

@test "a program that vanishes is found, _exit is not" {
    both ends.vanish exit api-misuse
    both ends.replace exit api-misuse
    both ends.now exit
}

@test "a process that forked away is killed" {
    watch ends.demon gcc plain
    ended exit
    [[ $(jq .left_over json) -ge 1 ]]
    run ! pgrep -xf '(/tmp/rl-box[^/]*)?/unit/program demon'
}

@test "endless output is cut at its limit" {
    watch ends.flood gcc plain --output-limit 1000
    ended output
    [[ $(stat -c %s out) == 1000 ]]
}

@test "memory has a limit" {
    watch ends.greedy gcc plain --mem 100
    ended memory
}

@test "exit codes and signals are told" {
    watch ends.code gcc plain
    ended exit
    [[ $(jq .code json) == 1 ]]
    watch ends.segv gcc plain
    ended signal
    [[ $(jq -r .signal json) == SIGSEGV ]]
}

@test "the environment is empty but for what is given" {
    SECRET=leaked watch ends.look gcc plain
    [[ $(cat out) == "nothing hidden" ]]
    watch ends.look gcc plain --env SECRET=given
    [[ $(cat out) == "nothing given" ]]
}

@test "a program that is not there is no start, wrong use is exit 2" {
    run -0 "$RL_RUN" -- ./nothing
    assert_output --partial '"end":"nostart"'
    run -2 "$RL_RUN"
    run -2 "$RL_RUN" --wall soon -- true
    run -2 "$RL_RUN" --nonsense -- true
    run -2 "$RL_RUN" --record /dev/null -- true
}

@test "a unit in a folder with a space builds every flavour" {
    local cc flavour
    for cc in $(compilers_here); do
        unit_stage "a unit" "$cc" "$PROGRAMS/ends.c" "$PROGRAMS/mode.h"
        for flavour in $(unit_flavours); do
            run -0 unit_bin "a unit" "$flavour"
            [[ -x $output ]]
            run ! grep -qaF "$BATS_TEST_TMPDIR" "$output"
        done
    done
}

@test "a unit that does not build is 2, with the compiler's words" {
    echo 'int main(void) { return nothing; }' >wrong.c
    unit_stage unit gcc wrong.c
    run -2 unit_bin unit plain
    grep -q "wrong.c:1.*nothing" unit/bin/plain.log
    unit_stage unit no-such-compiler "$PROGRAMS/ends.c"
    run -3 unit_bin unit plain
}

# A detector on a program's mode; its lines in ./lines.
detect() {
    local name=$1 program=${2%%.*} mode=${2#*.} status=0
    shift 2
    timeout -k 5 120 "$ROOT/tools/detectors/$name" \
        --unit "$(unit_of "$program" gcc)" "$@" -- "$mode" >lines 3>&- ||
        status=$?
    [[ $(tail -n1 lines | jq -r .type) == summary ]] || fail "$(cat lines)"
    return "$status"
}

found() {
    local kinds
    kinds=$(jq -r 'select(.type == "finding") | .kind' lines | paste -sd' ')
    [[ $kinds == "$*" ]] || fail "finds '$kinds', not '$*': $(cat lines)"
}

@test "plain counts the outcomes and merges what repeats" {
    printf 'one\ntwo\n' >right
    detect plain ends.clean --runs 3 --expect-output right
    found
    run -0 jq -c 'select(.type == "summary") | [.status, .basis, .outcomes]' \
        lines
    assert_output '["clean","clean in 3 of 3 runs",[{"count":3,"end":"exit 0","stdout":"one\ntwo\n"}]]'
    run -1 detect plain locks.abba --runs 3
    found deadlock
    [[ $(head -n1 lines | jq -c '[.seen, .of]') == "[3,3]" ]]
}

@test "a wrong line, a missing one and a missing newline are wrong output" {
    local text
    for text in 'one\nthree\n' 'one\ntwo\nthree\n' 'one\n' 'one\ntwo'; do
        # shellcheck disable=SC2059 # the text is the format
        printf "$text" >right
        run -1 detect plain ends.clean --runs 1 --expect-output right
        found wrong-output
    done
    printf 'one\nthree\n' >right
    run -1 detect plain ends.clean --runs 1 --expect-output right
    head -n1 lines | jq -e '.message == "Line 2 of the output is \"two\", expected \"three\"."'
}

@test "assert, crash and exit code are told apart" {
    run -1 detect plain ends.assert --runs 1
    found assert
    head -n1 lines | jq -e '.threads[0].function == "failed_assert"'
    run -1 detect plain ends.segv --runs 1
    found crash
    run -1 detect plain ends.code --runs 1
    found exit-code
    head -n1 lines | jq -e '.message | contains("the promise does not hold")'
}

@test "a program that is always slow is not run twenty times" {
    run -1 detect plain waits.busy --wall 1
    found timeout
    [[ $(tail -n1 lines | jq .runs) == 3 ]]
}

@test "hang tells standstills only, exit what is left only" {
    run -1 detect hang locks.leak-hang --runs 1
    found hang
    run -1 detect exit locks.leak --runs 1
    found lock-leak
    detect hang locks.leak --runs 1
    detect exit ends.running --runs 1
    found thread-leak
    detect plain locks.inversion --runs 1
    found
}

@test "detector lines and descriptions are as the schema says" {
    local name
    for name in plain hang exit; do
        "$ROOT/tools/detectors/$name" --describe | jq -e --arg name "$name" \
            '.name == $name and (.order | type) == "number"'
    done
    : >all
    run detect plain locks.abba --runs 1
    cat lines >>all
    run detect plain ends.assert --runs 1
    cat lines >>all
    run detect exit ends.running --runs 1
    cat lines >>all
    python3 - "$ROOT/tools/finding.schema.json" all <<'EOF'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
lines = open(sys.argv[2]).read().splitlines()
assert len(lines) >= 5
for line in lines:
    jsonschema.validate(json.loads(line), schema)
EOF
}
