#!/usr/bin/env bats
# The model of the primitives, the table of dependence and the search: counts
# that are known, and generated programs against a plain enumerator.

load helper
bats_load_library bats-support
bats_load_library bats-assert

setup_file() {
    local cc=${CC:-gcc} name
    local sources=("$ROOT"/tools/explore/{model,search}/*.c)

    export SEARCH=$BATS_FILE_TMPDIR
    "$cc" -std=gnu11 -O2 -Wall -Wextra -Werror -r -o "$SEARCH/all.o" \
        "${sources[@]}"
    for name in counts compare slots primitives emit; do
        "$cc" -std=gnu11 -O2 -Wall -Wextra -Werror -o "$SEARCH/$name" \
            "$ROOT/tests/unit/search/$name.c" "$SEARCH/all.o"
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

@test "20,000 generated programs: search and enumerator agree" {
    local first=1 count=20000

    # A soak looks at programs that nobody looked at before.
    if [[ -n ${RL_SOAK:-} ]]; then
        count=200000
    fi
    LIMIT=3000 run limited "$SEARCH/compare" "$first" "$count"
    assert_success
    refute_line --partial 'seed '
    assert_line --regexp '^[0-9]+ programs: .* race-free, .* racy'
}

@test "reversing every pair and not only neighbours changes no answer" {
    run limited "$SEARCH/compare" 1 200 --eager
    assert_success
}

# real DIR SEED: what the real executor says of the program, an outcome a line.
real() {
    local unit=$1/unit-$2 binary

    unit_stage "$unit" "${CC:-gcc}" "$1/$2.c"
    binary=$(unit_bin "$unit" explore)
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

@test "without any one row of the table the comparison notices" {
    local row rows

    rows=$("$SEARCH/compare" --rows)
    [[ $rows -gt 25 ]]
    for ((row = 0; row < rows; row++)); do
        run limited "$SEARCH/compare" 1 6000 --without "$row"
        assert_success
        assert_line --regexp '^seed [0-9]+: '
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
    local object=$BATS_TEST_TMPDIR/model.o file name

    for file in "$ROOT"/tools/explore/model/*.c; do
        gcc -std=gnu11 -O2 -fPIC -fvisibility=hidden -c -o "$object" "$file"
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
