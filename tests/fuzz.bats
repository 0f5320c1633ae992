# What reads a program's or a student's bytes holds against hundreds of inputs,
# the same ones every time; make fuzz goes on from there.

load helper

setup() {
    [[ -e $(clang -print-resource-dir 2>/dev/null)/lib/linux/libclang_rt.fuzzer-$(uname -m).a ]] ||
        skip "no clang with libFuzzer here"
}

# Each target's inputs are the same every time; the soak has five times as many.
@test "hundreds of inputs for each parser, and nothing is found" {
    run -0 limited "$RACELAB" fuzz --runs "$((RL_SOAK ? 2000 : 400))"
    diff <(awk '{ print $1 }' <<<"$output") <(cd "$ROOT/tests/fuzz" &&
        printf '%s\n' *.c | sed 's/\.c$//')
    [[ -z $(grep -v 'nothing found$' <<<"$output") ]]
    # Each gets beyond its first check.
    [[ -z $(awk '$4 < 50' <<<"$output") ]]
}

@test "a planted error is found, kept, and seen again" {
    local bad=$BATS_TEST_TMPDIR/with\ blank
    mkdir -p "$bad/tests"
    cp -r "$ROOT/tools" "$bad/tools"
    mkdir -p "$bad/tests/fuzz/corpus"
    cp -r "$ROOT"/tests/fuzz/{fuzz.h,draw.c,program} "$bad/tests/fuzz"
    cp -r "$ROOT/tests/fuzz/corpus/draw" "$bad/tests/fuzz/corpus"
    sed -i 's/calloc(json_array_size(steps) + 1, /calloc(json_array_size(steps), /
        s/d->steps\[d->nsteps++\]/d->steps[++d->nsteps]/' \
        "$bad/tools/draw/load.c"
    run ! cmp -s "$bad/tools/draw/load.c" "$ROOT/tools/draw/load.c"
    run -1 limited "$bad/tools/racelab" fuzz draw --runs 2000
    [[ $output == *"draw "*"FOUND:"*heap-buffer-overflow*"again: "* ]]
    input=$(sed -n 's/ *again: //p' <<<"$output" | sed 's/.*found/found/')
    run ! "$bad/build/fuzz/draw" "$bad/build/fuzz/$input"
}

@test "fuzz says what it does not know" {
    run -2 --separate-stderr "$RACELAB" fuzz nothing
    [[ $stderr == "racelab: no target 'nothing'; there are: "*" valgrind" ]]
    run -2 --separate-stderr "$RACELAB" fuzz --seconds many
    [[ $stderr == "racelab: --seconds needs a number" ]]
    RL_SECONDS=-1 run -2 --separate-stderr "$RACELAB" fuzz
    [[ $stderr == "racelab: SECONDS=-1 is no number of seconds" ]]
}
