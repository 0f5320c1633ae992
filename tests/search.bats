#!/usr/bin/env bats
# The model of the primitives, the table of dependence and the search: counts
# that are known, and generated programs against a plain enumerator.

load helper
load explored
bats_load_library bats-support
bats_load_library bats-assert

setup_file() {
    local cc=${CC:-gcc} name
    local sources=("$ROOT"/tools/explore/{model,search}/*.c)

    export SEARCH=$BATS_FILE_TMPDIR
    mkdir "$SEARCH/o"
    (cd "$SEARCH/o" && "$cc" -std=gnu11 -O3 -fPIC -fvisibility=hidden -Wall \
        -Wextra -Werror -c "${sources[@]}")
    for name in counts compare slots primitives emit; do
        "$cc" -std=gnu11 -O2 -Wall -Wextra -Werror -o "$SEARCH/$name" \
            "$ROOT/tests/unit/search/$name.c" "$SEARCH"/o/*.o
    done
    clang -std=gnu11 -O1 -g -Wall -Wextra -Werror \
        -fsanitize=address,undefined -fno-sanitize-recover=undefined \
        -o "$SEARCH/careful" "$ROOT/tests/unit/search/compare.c" \
        "${sources[@]}"
}

@test "every primitive's model gives the results of POSIX, call by call" {
    run "$SEARCH/primitives"
    assert_success
    assert_output --regexp '^([0-9]+) of \1 checks hold$'
}

@test "the counts of inequivalent interleavings are exact, none twice" {
    run limited "$SEARCH/counts"
    assert_success
    refute_line --partial 'not ok'
    assert_line --partial '2 threads x 10 on one lock: 184756'
    assert_line --partial 'A(B) against B(A): 3 interleavings, 1 stuck'
    assert_line --partial 'lastzero(5): 64'
}

# What compare says of all of them, asked once for two tests.
compared() {
    local count=20600

    # A soak looks at programs that nobody looked at before.
    [[ -z ${RL_SOAK:-} ]] || count=206000
    [[ -s $SEARCH/compared ]] || LIMIT=3000 limited "$SEARCH/compare" 1 \
        "$count" --rows >"$SEARCH/compared" || true
    cat "$SEARCH/compared"
}

@test "20,000 generated programs: search and enumerator agree" {
    run compared
    refute_line --partial 'seed '
    assert_line --regexp '^[0-9]+ programs: .* race-free, .* racy'
    # Some have more states than are enumerated, and do not count.
    (($(grep -oE '^[0-9]+ programs' <<<"$output" | cut -d' ' -f1) >= 20000))
}

@test "without any one row of the table the comparison notices" {
    run compared
    refute_line --partial 'nobody noticed'
    assert_line --regexp '^(2[6-9]|[3-9][0-9]) of [0-9]+ rows noticed'
    assert_line --regexp '^([0-9]+) of \1 rows noticed$'
}

@test "reversing every pair and not only neighbours changes no answer" {
    run limited "$SEARCH/compare" 1 200 --eager
    assert_success
}

# real DIR SEED: what the real executor says of the program, an outcome a line.
real() {
    local unit=$1/unit-$2 binary

    binary=$(explorable "$unit" "${CC:-gcc}" "$1/$2.c")
    # it ends 1 where something was found
    limited "$ROOT/build/bin/rl-explore" "$binary" --prove >"$1/$2.out" ||
        [[ $? -eq 1 ]]
    jq -r 'select(.type == "summary") | .outcomes[] |
        if .end | startswith("exit")
        then ([.end + ":"] + (.stdout | split("\n") - [""])) | join(" ")
        else "stuck" end' "$1/$2.out" | sort -u
}

@test "generated programs in C: the real executor gives the same outcomes" {
    local dir=$BATS_TEST_TMPDIR/real count=10 file seed

    # shellcheck source=../tools/lib/unit.sh
    source "$ROOT/tools/lib/unit.sh"
    if [[ -n ${RL_SOAK:-} ]]; then
        count=200
    fi
    mkdir "$dir"
    "$SEARCH/emit" 1 "$count" "$dir"
    for file in "$dir"/*.expect; do
        seed=$(basename "$file" .expect)
        real "$dir" "$seed" >"$dir/$seed.got"
        # a proof stops some time after the first error
        if grep -qx stuck "$file"; then
            grep -qx stuck "$dir/$seed.got"
            run comm -13 "$file" "$dir/$seed.got"
        else
            run diff "$file" "$dir/$seed.got"
        fi
        assert_output ''
    done
}

@test "five slots that end in any order give the traces of one" {
    run limited "$SEARCH/slots" 1 200
    assert_success
    assert_output '200 programs, the same traces; started ahead: many'
}

@test "model and search run clean under the sanitizers" {
    run limited "$SEARCH/careful" 1 100
    assert_success
}

@test "the model has no state and needs no libc but memcpy and its kin" {
    local file name object

    for file in "$ROOT"/tools/explore/model/*.c; do
        name=${file##*/}
        object=$SEARCH/o/${name%.c}.o
        run nm -u "$object"
        assert_success
        while read -r _ name; do
            [[ -z $name || $name == rl_* || $name == mem* ||
                $name == _GLOBAL_* ]]
        done <<<"$output"
        run size -A "$object"
        refute_output --regexp '^\.(data|bss) +[1-9]'
    done
}
