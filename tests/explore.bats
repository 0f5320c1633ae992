#!/usr/bin/env bats
# The controlled runtime and rl-explore, on the pairs in programs/explore:
# each has in its first line what must be said of it.

bats_require_minimum_version 1.5.0

setup_file() {
    ROOT=$(cd -- "$(dirname -- "$BATS_TEST_FILENAME")/.." && pwd -P)
    PROGRAMS=$ROOT/tests/programs/explore
    UNITS=$BATS_FILE_TMPDIR
    EXPLORE=$ROOT/build/bin/rl-explore
    export ROOT PROGRAMS UNITS EXPLORE
    make -s -C "$ROOT" tools >&2
}

# The explore build of programs/explore/NAME.c.
built() {
    local name=$1 compiler=$2 unit=$UNITS/$1.$2
    source "$ROOT/tools/lib/unit.sh"
    [[ -d $unit ]] || unit_stage "$unit" "$compiler" "$PROGRAMS/$name.c"
    unit_bin "$unit" explore
}

explore() {
    local bin
    bin=$(built "$1" "$2") || return
    timeout -k 5 60 "$EXPLORE" "$bin" "${@:3}" 3>&-
}

expectation() {
    sed -n '1s,^// expect: ,,p' "$PROGRAMS/$1.c"
}

kinds() {
    jq -r 'select(.type == "finding" and .severity == "error") | .kind' |
        sort -u | paste -sd' '
}

# Is OUTPUT with STATUS what is expected of NAME? unproved: see prove_says.
as_expected() {
    local name=$1 status=$2 lines=$3 want
    want=$(expectation "$name")
    case $want in
    clean | unproved*) ((status == 0)) ;;
    unsupported*)
        ((status == 4)) && [[ $lines == *"${want#unsupported }"* ]]
        ;;
    *) ((status == 1)) && [[ " $(kinds <<<"$lines") " =~ \ ($want)\  ]] ;;
    esac
}

proved_as_expected() {
    local name=$1 status=$2 lines=$3 want
    want=$(expectation "$name")
    case $want in
    unproved*) ((status == 4)) && [[ $lines == *"${want#unproved }"* ]] ;;
    *) as_expected "$@" ;;
    esac
}

# JUDGE OPTION...: every program, and all that went wrong in one message.
every_program() {
    local compiler=$1 judge=$2 file name lines status failed=()
    shift 2
    for file in "$PROGRAMS"/*.c; do
        name=$(basename "$file" .c)
        status=0
        lines=$(explore "$name" "$compiler" "$@") || status=$?
        "$judge" "$name" "$status" "$lines" ||
            failed+=("$name ($(expectation "$name")): $status $lines")
    done
    printf '%s\n' "${failed[@]}"
    ((${#failed[@]} == 0))
}

@test "hold-one says of each program what its first line says, with gcc" {
    every_program gcc as_expected --strategy holdone
}

@test "hold-one says of each program what its first line says, with clang" {
    every_program clang as_expected --strategy holdone
}

@test "a proof says of each program what its first line says, with gcc" {
    every_program gcc proved_as_expected --prove
}

@test "a proof says of each program what its first line says, with clang" {
    every_program clang proved_as_expected --prove
}

@test "every program that is wrong has a twin that is right" {
    local file right=0 wrong=0
    for file in "$PROGRAMS"/*.c; do
        case $(expectation "$(basename "$file" .c)") in
        clean) right=$((right + 1)) ;;
        '') echo "no expectation in $file" && return 1 ;;
        *) wrong=$((wrong + 1)) ;;
        esac
    done
    ((right >= 15 && wrong >= 20))
}

@test "random walks and PCT are silent on programs that are right" {
    local name strategy
    for name in mutex-good cond-good rwlock-good sem-good c11-good once-good \
        barrier-good timed-good cancel-good; do
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
        run explore counter-good gcc --prove -- "$threads" "$sections"
        echo "$threads x $sections: $output"
        [[ $output == *"\"all $count interleavings are right\""* ]]
    done <<<'2 2 6
3 2 90
2 5 252
3 3 1680'
}

@test "two jobs say what one says, byte for byte" {
    local one two
    one=$(explore counter-good gcc --prove -- 3 2)
    two=$(explore counter-good gcc --prove --jobs 2 -- 3 2)
    [[ $one == "$two" ]]
    one=$(explore order-bad gcc --prove) || true
    two=$(explore order-bad gcc --prove --jobs 2) || true
    [[ $one == "$two" ]]
}

@test "the same seed gives the same lines, ten times" {
    local first again
    first=$(explore order-bad gcc --strategy random --seed 7) || true
    for _ in {1..10}; do
        again=$(explore order-bad gcc --strategy random --seed 7) || true
        [[ $again == "$first" ]]
    done
}

@test "standard input is the same in every run, and each has a fresh folder" {
    printf '41 1\n' >"$BATS_TEST_TMPDIR/in"
    printf '42 fresh\n' >"$BATS_TEST_TMPDIR/want"
    run explore world-good gcc --strategy holdone \
        --stdin "$BATS_TEST_TMPDIR/in" \
        --expect-output "$BATS_TEST_TMPDIR/want"
    echo "$output"
    ((status == 0))
}

@test "a wrong line is shown with what was expected of it" {
    printf '5\n' >"$BATS_TEST_TMPDIR/want"
    run explore mutex-good gcc --strategy order \
        --expect-output "$BATS_TEST_TMPDIR/want"
    ((status == 1))
    [[ $output == *'expected \"5\", got \"2\"'* ]]
}

@test "a deadlock names both threads, both locks and the circle" {
    run explore order-bad gcc --strategy holdone
    jq -es '.[0] | .kind == "deadlock" and (.cycle | sort) == [1, 2] and
        ([.threads[].object] | sort) == ["a", "b"] and
        ([.threads[].locks[]] | sort) == ["a", "b"]' <<<"$output"
}

@test "a finding that relies on a slow thread says so" {
    run explore timed-bad gcc --strategy holdone
    [[ $output == *'slower than the 100 ms that main waits'* ]]
}

@test "facts count the threads alive at once" {
    run explore counter-good gcc --facts -- 3 1
    [[ $output == '{"max_alive":4,"max_workers":3,'* ]]
    run explore order-bad gcc --facts --work both
    [[ $output == *'"max_at_work":2}' ]]
    run explore mutex-good gcc --facts --work nothing
    ((status == 4))
    [[ $output == *'no function nothing'* ]]
}

@test "every line follows the schema" {
    command -v python3 >/dev/null || skip 'no python3'
    python3 -c 'import jsonschema' || skip 'no python3-jsonschema'
    for name in order-bad mutex-bad cond-bad memory-bad crash-bad exit-bad \
        livelock-bad mutex-good fork-unsupported; do
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
    token=$(explore order-bad gcc --strategy random | token_of)
    first=$(explore order-bad gcc --replay "$token") || true
    [[ $first == *'"kind":"deadlock"'* ]]
    for _ in {1..100}; do
        again=$(explore order-bad gcc --replay "$token") || true
        [[ $again == "$first" ]]
    done
}

@test "a token of another program, input or version is refused with a reason" {
    local token
    token=$(explore order-bad gcc --prove | token_of)
    run -4 explore cond-bad gcc --replay "$token"
    [[ $output == *'another program'* ]]
    run -4 explore order-bad gcc --replay "$token" -- argument
    [[ $output == *'other arguments'* ]]
    run -4 explore order-bad gcc --replay "x1${token#x*([0-9])}"
    [[ $output == *'cannot be followed'* ]]
    run -4 explore order-bad gcc --replay nonsense
    [[ $output == *'no token'* ]]
}

@test "a token that does not fit says where it stops" {
    local token
    token=$(explore order-bad gcc --prove | token_of)
    run -4 explore order-bad gcc --replay "${token%-*}-ba"
    [[ $output == *'at step 1 thread 1'* ]]
}

@test "the story of a lost wakeup has the signal before the wait" {
    local token
    token=$(explore cond-bad gcc --prove | token_of)
    explore cond-bad gcc --replay "$token" --format interleaving \
        --sources "$PROGRAMS" >"$BATS_TEST_TMPDIR/story" || (($? == 1))
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
    token=$(explore atomic-bad gcc --strategy random --seed 3 | token_of)
    explore atomic-bad gcc --replay "$token" --format interleaving \
        >"$BATS_TEST_TMPDIR/story" || (($? == 1))
    # Between load and store the other thread goes once all the way.
    jq -e '[.steps[] | select(.switch != null and
        (.switch | contains("held up")))] | length == 1' \
        "$BATS_TEST_TMPDIR/story"
}

@test "the object has the verdict, what it assumes and a token an outcome" {
    run explore atomic-bad gcc --prove --format json
    jq -e '.verdict == "bug" and .complete == true and
        (.outcomes | length) == 2 and
        all(.outcomes[]; .replay | startswith("x"))' <<<"$output"
    run explore mutex-good gcc --prove --format json
    jq -e '.verdict == "clean" and .complete and .interleavings == 2 and
        .assumes == []' <<<"$output"
    run explore cond-good gcc --prove --format json
    jq -e '.assumes == ["spurious<=1/thread"]' <<<"$output"
    run explore fork-unsupported gcc --prove --format json
    jq -e '.verdict == "unsupported" and (.complete | not)' <<<"$output"
    run explore weak-unproved gcc --prove --format json
    jq -e '.verdict == "bounded" and (.reason | startswith("weak-memory"))' \
        <<<"$output"
}

@test "the object follows its schema" {
    command -v python3 >/dev/null || skip 'no python3'
    python3 -c 'import jsonschema' || skip 'no python3-jsonschema'
    local name
    for name in order-bad mutex-bad crash-bad mutex-good fork-unsupported \
        weak-unproved assert-bad; do
        explore "$name" gcc --prove --format json || true
    done >"$BATS_TEST_TMPDIR/objects"
    python3 - "$ROOT/tools/explore/result.schema.json" \
        "$ROOT/tools/finding.schema.json" "$BATS_TEST_TMPDIR/objects" <<'END'
import json, sys
import jsonschema
result, finding = (json.load(open(name)) for name in sys.argv[1:3])
for line in open(sys.argv[3]):
    line = json.loads(line)
    jsonschema.validate(line, result)
    for one in line["findings"]:
        jsonschema.validate(one, finding)
END
}

@test "without a proof the portfolio tries 2,000 schedules and says so" {
    run explore mutex-good gcc --format json
    jq -e '.verdict == "clean" and (.complete | not) and
        .schedules == 2002' <<<"$output"
}

@test "PCT finds a bug of depth 2 as often as its paper promises" {
    # 2 workers, at most 14 points where two can go on: 1 in 3 * 14 at least.
    run explore order-bad gcc --strategy pct --depth 2 --schedules 400
    [[ $(tail -n1 <<<"$output" | jq '[.outcomes[] |
        select(.end == "standstill") | .count] | add') -ge 10 ]]
}
