#!/usr/bin/env bats
# Submissions that attack whoever judges them: each gets the verdict of its
# first line, is really run, and leaves nothing behind. All are for lab 21.

load helper

HOSTILE=$ROOT/tests/hostile

setup() {
    bats_load_library bats-support
    bats_load_library bats-assert
    source "$ROOT/tools/lib/unit.sh"
    printf '500 hits, 460000 bytes\n' >"$BATS_TEST_TMPDIR/right"
    export TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir "$TMPDIR"
    ORPHANS=$(orphans)
    cd "$BATS_TEST_TMPDIR" || return
}

# What the first line of a file expects: "build", "honest api-misuse", ...
expected() {
    sed -n '1s|^// expect: fail ||p' "$1"
}

# The names of the files that fail at STAGE.
those() {
    (cd "$HOSTILE" && grep -l "^// expect: fail $1\( \|\$\)" -- *.c)
}

stage() {
    unit_stage "$BATS_TEST_TMPDIR/unit" gcc "$1" "$HOSTILE/right.h"
}

# Processes of a box that have lost their judge.
orphans() {
    pgrep -P 1 -f '/unit/program|/unit/.inside' | sort | paste -sd' ' || true
}

# No process and no file of ours is left, beside those of other work here.
nothing_left() {
    local left
    left=$(orphans)
    [[ -z $left || $left == "$ORPHANS" ]] || fail "$1 left processes: $left"
    left=$(ls -A "$TMPDIR")
    [[ -z $left ]] || fail "$1 left $left"
}

# One real run of a staged submission, with small limits. It may end as it
# likes, but the judge has to live and to say how.
run_alone() {
    local status=0 last
    limited "$ROOT/build/bin/rl-runs" --detector plain --runs 1 --record \
        --expect-output right --wall 2 --cpu 1 --mem 200 -- \
        unit/bin/plain >lines 2>err </dev/null || status=$?
    last=$(tail -n1 lines | jq -r '"\(.type) \(.status)"')
    [[ $status.$last == "0.summary clean" || $status.$last == "1.summary found" ]] ||
        fail "$1: $status $(cat lines err)"
}

@test "there are thirty and more, each with what is expected of it" {
    local file
    local -a files=("$HOSTILE"/*.c)
    ((${#files[@]} >= 30))
    for file in "${files[@]}"; do
        [[ $(expected "$file") =~ ^(build|honest api-misuse|output [a-z-]+|concurrent serial)$ ]] ||
            fail "$file: $(head -n1 "$file")"
    done
}

@test "what reads files or exhausts the compiler does not build" {
    local file
    for file in $(those build); do
        file=$HOSTILE/$file
        # It costs what the compiler may cost.
        [[ ${file##*/} != macro-bomb.c || -n ${RL_SOAK:-} ]] || continue
        stage "$file"
        run -2 unit_bin unit plain
        assert [ -s unit/bin/plain.log ]
        refute grep -q "root:x:\|PTHREAD_MUTEX_INITIALIZER" unit/bin/plain.log
        nothing_left "$file"
    done
}

@test "what the source shows is told, and run all the same it hurts nobody" {
    local file
    for file in $(those honest); do
        file=$HOSTILE/$file
        stage "$file"
        run -1 limited "$ROOT/build/bin/rl-scan" --unit unit
        assert_output --partial api-misuse
        unit_bin unit plain
        run_alone "$file"
        nothing_left "$file"
    done
}

@test "the others, really run, hurt only themselves" {
    local file
    for file in $(those output) $(those concurrent); do
        file=$HOSTILE/$file
        stage "$file"
        unit_bin unit plain
        run_alone "$file"
        case ${file##*/} in
        reads-files.c | writes-files.c | network.c | wants-root.c | \
            raises-limits.c | fills-disk.c)
            # They print a line for all that they could do.
            [[ $(tail -n1 lines | jq -r .status) == clean ]] ||
                fail "$file: $(cat lines)"
            ;;
        esac
        nothing_left "$file"
    done
}

# The whole check; a few in the suite, all in a soak.
@test "each gets a fail at the stage it names" {
    local file got name
    local -a some=(ends-before-main scribbles-noise forges-findings
        exchanges-all ansi-output fork-bomb)
    [[ -z ${RL_SOAK:-} ]] ||
        mapfile -t some < <(cd "$HOSTILE" && printf '%s\n' *.c | sed 's/\.c$//')
    for name in "${some[@]}"; do
        file=$HOSTILE/$name.c
        limited "$RACELAB" check 21 --submission "$file" --format json \
            >report.json 2>err || true
        got=$(jq -r '.results[0] | if .verdict == "fail" then
            "\(.failed) \(.kind // "")" else .verdict end' report.json)
        [[ $got == "$(expected "$file")" || $got == "$(expected "$file") "* ]] ||
            fail "$name: expected $(expected "$file"), got $got"
    done
}

@test "no control character of a program's reaches the terminal" {
    limited "$RACELAB" check 21 --submission "$HOSTILE/ansi-output.c" \
        >text 2>&1 || true
    grep -q 'FAIL' text
    refute grep -q $'[\001-\010\013-\037]' text
    limited "$RACELAB" check 21 --submission "$HOSTILE/ansi-error.c" \
        >text 2>&1 || true
    refute grep -q $'[\001-\010\013-\037]' text
}

@test "links, devices, pipes and names of any kind in a submission" {
    local good=$ROOT/solutions/21-unlocked-counter/hits.c
    mkdir links devices names
    ln -s /etc/passwd links/secret.h
    ln -s "$ROOT/solutions" links/solutions
    cp "$good" links/hits.c
    sed -i '1i #include "solutions/21-unlocked-counter/hits.c"' links/hits.c
    run limited "$RACELAB" check 21 --submission links
    assert_output --partial 'First failure: build'
    refute_output --partial 'root:x:'

    ln -s /dev/zero devices/hits.c
    run limited "$RACELAB" check 21 --submission devices
    assert [ "$status" -ne 0 ]
    rm devices/hits.c
    mkfifo devices/hits.c
    run limited "$RACELAB" check 21 --submission devices
    assert [ "$status" -ne 0 ]

    cp "$good" names/hits.c
    : >"names/-o x.h"
    : >$'names/two\nlines.h'
    run limited "$RACELAB" check 21 --submission names
    assert_output --partial 'control character'
    rm $'names/two\nlines.h'
    run -0 limited "$RACELAB" check 21 --submission names
}
