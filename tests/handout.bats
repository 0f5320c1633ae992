# What students get: a zip of labs, tools and tests that works by itself and
# holds no solution.

load helper

setup_file() {
    # They share one copy.
    export BATS_NO_PARALLELIZE_WITHIN_FILE=true
    export KEPT=$BATS_FILE_TMPDIR
    "$RACELAB" handout --out "$KEPT/a.zip" 2>/dev/null 3>&-
    unzip -q "$KEPT/a.zip" -d "$KEPT"
}

setup() {
    copy=$KEPT/racelab
}

# The copy with what `make tools` would make there, newer than its files.
built() {
    [[ ! -d $copy/build ]] || return 0
    mkdir "$copy/build"
    cp -r "$ROOT"/build/{bin,lib,obj} "$copy/build"
}

files_of() {
    (cd "$1" && find . -type f -exec sha256sum {} +) | awk '{ print $1 }' |
        sort -u
}

@test "no file is a solution or a submission but a shipped bug" {
    files_of "$ROOT/solutions" >"$BATS_TEST_TMPDIR/secret"
    for file in "$ROOT"/tests/submissions/*/*; do
        [[ $file == */shipped.c ]] || find "$file" -type f -exec sha256sum {} +
    done | awk '{ print $1 }' >>"$BATS_TEST_TMPDIR/secret"
    (($(wc -l <"$BATS_TEST_TMPDIR/secret") > 60))
    run -0 comm -12 <(sort -u "$BATS_TEST_TMPDIR/secret") <(files_of "$copy")
    [[ -z $output ]] || fail_with "$output"
    run -1 grep -E '(^|/)(solutions|right-|mutants)|submissions/.*/wrong' \
        <(unzip -Z1 "$KEPT/a.zip")
}

# A line that a fix adds and no shipped file has, long enough to be its own.
@test "no line that only a solution has is in it" {
    local lab name
    for lab in "$ROOT"/solutions/*/; do
        name=$(basename -- "$lab")
        diff "$ROOT/tests/submissions/$name/shipped.c" "$lab"/*.c |
            sed -n 's/^> *//p'
    done | awk 'length($0) > 34' | sort -u >"$BATS_TEST_TMPDIR/all"
    sed 's/^ *//' "$ROOT"/tests/submissions/*/shipped.c |
        grep -vxFf - "$BATS_TEST_TMPDIR/all" >"$BATS_TEST_TMPDIR/lines"
    (($(wc -l <"$BATS_TEST_TMPDIR/lines") >= 5))
    # hints.md leads there step by step, on purpose.
    run -1 grep -rnFf "$BATS_TEST_TMPDIR/lines" --include='*.[ch]' \
        --include='*.bats' --include='*.bash' "$copy"
}

@test "the labs are as shipped, and each has its pages and tests" {
    diff <(cd "$ROOT/labs" && find . -type f | sort) \
        <(cd "$copy/labs" && find . -type f | sort)
    for lab in "$copy"/labs/*/; do
        lab=$(basename -- "$lab")
        cmp "$copy/labs/$lab"/*.c "$ROOT/tests/submissions/$lab/shipped.c"
        [[ $(grep -c '^@test' "$copy/tests/$lab.bats") -ge 2 ]]
    done
}

@test "the zip is the same twice, with another umask and time" {
    (umask 077 && TZ=Asia/Tokyo "$RACELAB" handout \
        --out "$BATS_TEST_TMPDIR/b.zip" 3>&-)
    cmp "$KEPT/a.zip" "$BATS_TEST_TMPDIR/b.zip"
}

@test "a lab that somebody has solved in place goes out as shipped" {
    fake_root
    echo '/* solved */' >>"$FAKE/labs/21-small-counter/counter.c"
    "$FAKE/tools/racelab" handout --out "$BATS_TEST_TMPDIR/c.zip" 3>&-
    run -1 grep -q solved <(unzip -p "$BATS_TEST_TMPDIR/c.zip" \
        racelab/labs/21-small-counter/counter.c)
    [[ $(unzip -Z1 "$BATS_TEST_TMPDIR/c.zip") != *solutions* ]]
}

@test "tests that need a solution are left out, the others are whole" {
    bats --count "$copy"/tests/*.bats >"$BATS_TEST_TMPDIR/count"
    (($(cat "$BATS_TEST_TMPDIR/count") > 300))
    run -1 grep -E 'ROOT"?/solutions|solution_passes' "$copy"/tests/*.ba*
    # What is kept is kept word for word.
    for file in "$copy"/tests/*.bats; do
        run diff "$ROOT/tests/${file##*/}" "$file"
        [[ $output != *$'\n>'* ]]
    done
}

@test "it lists, checks and explains, from a folder with blanks" {
    built
    mv "$copy" "$KEPT/my labs"
    run limited make -s -C "$KEPT/my labs" check LAB=21
    mv "$KEPT/my labs" "$copy"
    ((status == 2))
    [[ $output == *"hits.c"*"FAIL: "*" points. First failure: "* ]]
    run -0 make -s -C "$copy" list
    [[ $output == *21* ]]
    run -2 make -s -C "$copy" diff LAB=21 WORD=spoil
    [[ $output == *"this copy of the labs comes without solutions"* ]]
    run -2 make -s -C "$copy" handout
}

@test "its own tests of a lab pass" {
    built
    run -0 limited bats "$copy/tests/21-unlocked-counter.bats"
    [[ $output == *"each detector says of bug"* && $output != *"not ok"* ]]
}

@test "soak: it builds from nothing, and all of its tests pass" {
    [[ -n ${RL_SOAK:-} ]] || skip "long; make soak runs it"
    rm -rf "$copy/build"
    LIMIT=6000 RL_SOAK='' run -0 limited make -s -C "$copy" test
}
