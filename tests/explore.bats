#!/usr/bin/env bats
# The controlled runtime and rl-explore: strategies, counts, replay, stories
# and the object, on programs of programs/fail and programs/pass. What a proof
# says of each of those is in programs.bats.

bats_require_minimum_version 1.5.0

setup_file() {
    ROOT=$(cd -- "$(dirname -- "$BATS_TEST_FILENAME")/.." && pwd -P)
    PROGRAMS=$ROOT/tests/programs
    UNITS=$BATS_FILE_TMPDIR
    EXPLORE=$ROOT/build/bin/rl-explore
    export ROOT PROGRAMS UNITS EXPLORE
    make -s -C "$ROOT" tools >&2
}

# The explore build of programs/NAME.c, NAME being fail/... or pass/...
built() {
    local name=$1 compiler=$2 unit=$UNITS/${1/\//-}.$2
    source "$ROOT/tools/lib/unit.sh"
    [[ -d $unit ]] || unit_stage "$unit" "$compiler" "$PROGRAMS/$name.c"
    unit_bin "$unit" explore
}

explore() {
    local bin
    bin=$(built "$1" "$2") || return
    timeout -k 5 60 "$EXPLORE" "$bin" "${@:3}" 3>&-
}

kinds() {
    jq -r 'select(.type == "finding" and .severity == "error") | .kind' |
        sort -u | paste -sd' '
}

# hold-one finds what is wrong with the first and nothing in the second.
holdone_tells() {
    local name compiler=$1 want lines status failed=()
    shift
    for name; do
        status=0
        want=$(sed -n '1s,^// expect: fail \([a-z-]*\).*,\1,p' \
            "$PROGRAMS/fail/$name.c")
        lines=$(explore "fail/$name" "$compiler" --strategy holdone) ||
            status=$?
        [[ $status == 1 && " $(kinds <<<"$lines") " == *" $want "* ]] ||
            failed+=("fail/$name ($want): $status $lines")
        status=0
        lines=$(explore "pass/$name" "$compiler" --strategy holdone) ||
            status=$?
        ((status == 0)) || failed+=("pass/$name: $status $lines")
    done
    printf '%s\n' "${failed[@]}"
    ((${#failed[@]} == 0))
}

@test "hold-one tells bugs from fixes" {
    holdone_tells gcc assert atomic barrier c11 cancel cond crash destroy \
        exit flag leak livelock loop memory mutex once order rwlock self sem \
        signal spin-ever spin-plain spin timed unlock
}

@test "hold-one tells bugs from fixes built with clang" {
    holdone_tells clang assert cancel cond memory rwlock timed
}

@test "random walks and PCT are silent on programs that are right" {
    local name strategy
    for name in pass/mutex pass/cond pass/rwlock pass/sem pass/c11 pass/once \
        pass/barrier pass/timed pass/cancel; do
        for strategy in random pct delay; do
            run explore "$name" gcc --strategy "$strategy"
            echo "$name $strategy: $output"
            ((status == 0))
        done
    done
}

@test "the interleavings of k sections of n threads are counted exactly" {
    local threads sections count
    while read -r threads sections count; do
        run explore pass/counter gcc --prove -- "$threads" "$sections"
        echo "$threads x $sections: $output"
        [[ $output == *"all $count interleavings of $threads threads x $sections are right"* ]]
    done <<<'2 2 6
3 2 90
2 5 252
3 3 1680'
}

@test "two jobs say what one says, byte for byte" {
    local one two
    one=$(explore pass/counter gcc --prove -- 3 2)
    two=$(explore pass/counter gcc --prove --jobs 2 -- 3 2)
    [[ $one == "$two" ]]
    one=$(explore fail/order gcc --prove) || true
    two=$(explore fail/order gcc --prove --jobs 2) || true
    [[ $one == "$two" ]]
}

@test "the same seed gives the same lines, ten times" {
    local first again
    first=$(explore fail/order gcc --strategy random --seed 7) || true
    for _ in {1..10}; do
        again=$(explore fail/order gcc --strategy random --seed 7) || true
        [[ $again == "$first" ]]
    done
}

@test "standard input is the same in every run, and each has a fresh folder" {
    printf '41 1\n' >"$BATS_TEST_TMPDIR/in"
    printf '42 fresh\n' >"$BATS_TEST_TMPDIR/want"
    run explore pass/world gcc --strategy holdone \
        --stdin "$BATS_TEST_TMPDIR/in" \
        --expect-output "$BATS_TEST_TMPDIR/want"
    echo "$output"
    ((status == 0))
}

@test "a wrong line is shown with what was expected of it" {
    printf '5\n' >"$BATS_TEST_TMPDIR/want"
    run explore pass/mutex gcc --strategy order \
        --expect-output "$BATS_TEST_TMPDIR/want"
    ((status == 1))
    [[ $output == *'expected \"5\", got \"2\"'* ]]
}

@test "a deadlock names both threads, both locks and the circle" {
    run explore fail/order gcc --strategy holdone
    jq -es '.[0] | .kind == "deadlock" and (.cycle | sort) == [1, 2] and
        ([.threads[].object] | sort) == ["a", "b"] and
        ([.threads[].locks[]] | sort) == ["a", "b"]' <<<"$output"
}

@test "a finding that relies on a slow thread says so" {
    run explore fail/timed gcc --strategy holdone
    [[ $output == *'slower than the 100 ms that main waits'* ]]
}

@test "facts count the threads alive at once" {
    run explore pass/counter gcc --facts -- 3 1
    [[ $output == '{"max_alive":4,"max_workers":3,'* ]]
    run explore fail/order gcc --facts --work both
    [[ $output == *'"max_at_work":2}' ]]
    run explore pass/mutex gcc --facts --work nothing
    ((status == 4))
    [[ $output == *'no function nothing'* ]]
}

@test "a thread at work stays alive while its creator goes on" {
    run explore pass/taken gcc --facts --work work -- 3 0
    [[ $output == '{"max_alive":4,'*'"max_at_work":3}' ]]
    run explore pass/taken gcc --facts --work work -- 3 1
    [[ $output == '{"max_alive":2,'*'"max_at_work":1}' ]]
}

@test "every line follows the schema" {
    command -v python3 >/dev/null || skip 'no python3'
    python3 -c 'import jsonschema' || skip 'no python3-jsonschema'
    for name in fail/order fail/mutex fail/cond fail/memory fail/crash fail/exit \
        fail/livelock pass/mutex fail/fork; do
        explore "$name" gcc --strategy holdone || true
        explore "$name" gcc --prove || true
    done >"$BATS_TEST_TMPDIR/lines"
    python3 - "$ROOT/tools/finding.schema.json" "$BATS_TEST_TMPDIR/lines" <<'END'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
for line in open(sys.argv[2]):
    jsonschema.validate(json.loads(line), schema)
END
}

# early EXPRESSION: the explorer on a program with it in a constructor.
early() {
    local unit=$BATS_TEST_TMPDIR/early
    source "$ROOT/tools/lib/unit.sh"
    cat >"$BATS_TEST_TMPDIR/early.c" <<C
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
static __attribute__((constructor)) void early(void) { $1; }
int main(void) { return 0; }
C
    unit_stage "$unit" gcc "$BATS_TEST_TMPDIR/early.c"
    timeout 20 "$EXPLORE" "$(unit_bin "$unit" explore)" 3>&-
}

@test "who ends before main is at fault, whatever the exit code" {
    run -1 early '_exit(70)'
    [[ $output == *'"exit-code"'*'before main, with exit code 70'* ]]
    # All that it can write to is in its hands.
    run -1 early 'for (int fd = 100; fd < 300; fd++) if (ftruncate(fd, 0) ||
        pwrite(fd, "", 1, 0)) continue; _exit(71)'
    [[ $output == *'"exit-code"'*'before main, with exit code 71'* ]]
    run -1 early 'for (int fd = 100; fd < 300; fd++) close(fd)'
    [[ $output == *'"api-misuse"'*'descriptors'* ]]
}

@test "no memory for a run is nobody's fault" {
    local binary
    binary=$(built pass/order gcc)
    run -3 --separate-stderr bash -c \
        'ulimit -v 4000000; exec timeout 20 "$@" 3>&-' bash "$EXPLORE" "$binary"
    [[ -z $output && $stderr == *'no memory for a run'* ]]
}

@test "wrong use gets one line and exit 2" {
    run -2 "$EXPLORE"
    run -2 "$EXPLORE" /bin/true --strategy nonsense
    run -2 "$EXPLORE" /bin/true --schedules many
}

@test "a program that was not built for it is refused" {
    run -3 --separate-stderr timeout 20 "$EXPLORE" /bin/true
    # shellcheck disable=SC2154 # run sets it
    [[ $stderr == *'rl-explore:'* ]]
}

token_of() {
    jq -r 'select(.type == "finding") | .replay' | head -n1
}

@test "a token shows its finding again, a hundred times the same" {
    local token first again
    token=$(explore fail/order gcc --strategy random | token_of)
    first=$(explore fail/order gcc --replay "$token") || true
    [[ $first == *'"kind":"deadlock"'* ]]
    for _ in {1..100}; do
        again=$(explore fail/order gcc --replay "$token") || true
        [[ $again == "$first" ]]
    done
}

@test "a token of another program, input or version is refused with a reason" {
    local token
    token=$(explore fail/order gcc --prove | token_of)
    run -4 explore fail/cond gcc --replay "$token"
    [[ $output == *'another program'* ]]
    run -4 explore fail/order gcc --replay "$token" -- argument
    [[ $output == *'other arguments'* ]]
    run -4 explore fail/order gcc --replay "x1${token#x*([0-9])}"
    [[ $output == *'cannot be followed'* ]]
    run -4 explore fail/order gcc --replay nonsense
    [[ $output == *'no token'* ]]
}

@test "a token that does not fit says where it stops" {
    local token
    token=$(explore fail/order gcc --prove | token_of)
    run -4 explore fail/order gcc --replay "${token%-*}-ba"
    [[ $output == *'at step 1 thread 1'* ]]
}

@test "the story of a lost wakeup has the signal before the wait" {
    local token
    token=$(explore fail/cond gcc --prove | token_of)
    explore fail/cond gcc --replay "$token" --format interleaving \
        --sources "$PROGRAMS/fail" >"$BATS_TEST_TMPDIR/story" || (($? == 1))
    jq -e '[.steps[].text] | index("signals changed: nobody waits") <
        index("waits on changed and lets go of the mutex")' \
        "$BATS_TEST_TMPDIR/story"
    jq -e '[.steps[] | select(.source == "if (!ready)") | .text] ==
        ["reads ready = 0"]' "$BATS_TEST_TMPDIR/story"
    run -0 "$ROOT/build/bin/rl-draw" --width 80 <"$BATS_TEST_TMPDIR/story"
    [[ $output == *'nobody waits'* ]]
}

@test "a story has no more switches than its bug needs" {
    local token
    token=$(explore fail/atomic gcc --strategy random --seed 3 | token_of)
    explore fail/atomic gcc --replay "$token" --format interleaving \
        >"$BATS_TEST_TMPDIR/story" || (($? == 1))
    # Between load and store the other thread goes once all the way.
    jq -e '[.steps[] | select(.switch != null and
        (.switch | contains("held up")))] | length == 1' \
        "$BATS_TEST_TMPDIR/story"
}

@test "the object has the verdict, what it assumes and a token an outcome" {
    run explore fail/atomic gcc --prove --format json
    jq -e '.verdict == "bug" and .complete == true and
        (.outcomes | length) == 2 and
        all(.outcomes[]; .replay | startswith("x"))' <<<"$output"
    run explore pass/mutex gcc --prove --format json
    jq -e '.verdict == "clean" and .complete and .interleavings == 2 and
        .assumes == []' <<<"$output"
    run explore pass/cond gcc --prove --format json
    jq -e '.assumes == ["spurious<=1/thread"]' <<<"$output"
    # Which of two freed blocks comes back was not tried both ways.
    run explore pass/aba gcc --prove --format json
    jq -e '.complete and (.assumes | index("no-address-reuse")) != null and
        .schedules > .interleavings' <<<"$output"
    run explore pass/memory gcc --prove --format json
    jq -e '.complete and (.assumes | index("no-address-reuse")) == null' \
        <<<"$output"
    run explore fail/fork gcc --prove --format json
    jq -e '.verdict == "unsupported" and (.complete | not)' <<<"$output"
    run explore fail/store-buffer gcc --prove --format json
    jq -e '.verdict == "bounded" and (.reason | startswith("weak-memory"))' \
        <<<"$output"
}

@test "the object follows its schema" {
    command -v python3 >/dev/null || skip 'no python3'
    python3 -c 'import jsonschema' || skip 'no python3-jsonschema'
    local name
    for name in fail/order fail/mutex fail/crash pass/mutex fail/fork \
        fail/store-buffer fail/assert; do
        explore "$name" gcc --prove --format json || true
    done >"$BATS_TEST_TMPDIR/objects"
    python3 - "$ROOT/tools/explore/result.schema.json" \
        "$BATS_TEST_TMPDIR/objects" <<'END'
import json, sys
import jsonschema
result = json.load(open(sys.argv[1]))
for line in open(sys.argv[2]):
    jsonschema.validate(json.loads(line), result)
END
}

@test "without a proof the portfolio tries 2,000 schedules and says so" {
    run explore pass/mutex gcc --format json
    jq -e '.verdict == "clean" and (.complete | not) and
        .schedules == 2002' <<<"$output"
}

@test "PCT finds a bug of depth 2 as often as its paper promises" {
    # 2 workers, at most 14 points where two can go on: 1 in 3 * 14 at least.
    run explore fail/order gcc --strategy pct --depth 2 --schedules 400
    [[ $(tail -n1 <<<"$output" | jq '[.outcomes[] |
        select(.end == "standstill") | .count] | add') -ge 10 ]]
}
