# The repository is whole: every lab has all its parts and fails as shipped,
# every solution passes, no file is out of place, no list has fallen behind.

load helper

labs() {
    (cd "$ROOT/labs" && printf '%s\n' */ | sed 's|/$||')
}

each_lab() {
    while read -r LAB; do
        "$@" || fail_with "in $LAB"
    done < <(labs)
}

parts() {
    local file
    for file in "labs/$LAB/README.md" "labs/$LAB/hints.md" \
        "labs/$LAB/lab.conf" "solutions/$LAB/README.md" "tests/$LAB.bats" \
        "tests/submissions/$LAB/shipped.c"; do
        [[ -s $ROOT/$file ]] || fail_with "no $file"
    done
    [[ $LAB =~ ^[1-8][0-9]-[a-z0-9-]+$ ]]
}

@test "every lab has all its parts" {
    each_lab parts
}

one_c_file() {
    local mine theirs
    mine=$(cd "$ROOT/labs/$LAB" && ls -- *.c)
    theirs=$(cd "$ROOT/solutions/$LAB" && ls -- *.c)
    [[ $mine == "$theirs" && $(wc -l <<<"$mine") == 1 ]]
}

@test "labs/ and solutions/ have the same labs, with one C file each" {
    diff <(labs) <(cd "$ROOT/solutions" && printf '%s\n' */ | sed 's|/$||')
    each_lab one_c_file
}

@test "the names of the C files are unique over all labs" {
    run -0 bash -c 'cd "$1" && ls -- */*.c | sed "s|.*/||" | sort | uniq -d' \
        - "$ROOT/labs"
    [[ -z $output ]]
}

read_conf() {
    bash -c 'export RL_ROOT=$1; source "$1/tools/lib/all.sh"
        lab_load "$2"; [[ -n $(lab_hidden x) ]]; lab_args ""
        [[ -n $(lab_oracle "${ARGV[@]}") ]]
        [[ -n ${CONF[WORKERS]:-} ]] || CONF[WORKERS]=${CONF[TIME]}
        (($(lab_workers "${ARGV[@]}") > 0))' - "$ROOT" "$LAB"
}

@test "every lab.conf is read, with hidden sizes, an oracle, workers or a time" {
    each_lab read_conf
}

promises() {
    local detector
    for detector in $(sed -n 's/^EXPECT\.\([a-z-]*\)=.*/\1/p' \
        "$ROOT/labs/$LAB/lab.conf"); do
        [[ -x $ROOT/tools/detectors/$detector ]] ||
            fail_with "EXPECT.$detector: no such detector"
    done
}

@test "every lab promises something of detectors that exist" {
    each_lab promises
}

kinds_known() {
    local kind
    for kind in $(sed -n 's/^EXPECT\.[a-z-]*=//p' \
        "$ROOT/labs/$LAB/lab.conf" | tr '|' ' '); do
        [[ $kind == silent || $kind == chance ||
            -f $ROOT/tools/explain/$kind.md ]] || fail_with "kind $kind?"
    done
}

@test "every kind that is promised has a page" {
    each_lab kinds_known
}

@test "every kind of the schema has a page with a question" {
    for kind in $(jq -r '.definitions.finding.properties.kind.enum[]' \
        "$ROOT/tools/finding.schema.json"); do
        grep -q '^## A question' "$ROOT/tools/explain/$kind.md"
    done
}

hints() {
    (($(grep -c '^## ' "$ROOT/labs/$LAB/hints.md") >= 3))
}

@test "every lab has at least three hints" {
    each_lab hints
}

submissions_tested() {
    local path file expects wrong=0 right=0
    for path in "$ROOT/tests/submissions/$LAB"/*; do
        file=${path##*/}
        case $file in
        shipped.c) continue ;;
        wrong-*) wrong=$((wrong + 1)) ;;
        right-*) right=$((right + 1)) ;;
        *) fail_with "$file is neither shipped.c, wrong-* nor right-*" ;;
        esac
        # Named one by one, or all that are called so.
        grep -qE "submissions .*(${file%%-*}-\*|$file)" \
            "$ROOT/tests/$LAB.bats" ||
            fail_with "no test of $file in tests/$LAB.bats"
        expects=$(submission_expects "$path")
        [[ ($file == wrong-* && $expects == "fail "*) ||
            ($file == right-* && $expects == pass) ]] ||
            fail_with "$file does not expect what its name says"
    done
    ((wrong >= 4 && right >= 3)) ||
        fail_with "$wrong wrong and $right right submissions"
}

@test "every lab has four wrong and three right submissions, each with a test" {
    each_lab submissions_tested
}

# What students get is no repository.
needs_git() {
    git -C "$ROOT" rev-parse HEAD >/dev/null 2>&1 || skip "a copy without git"
}

@test "nothing stands at the top but what belongs there" {
    needs_git
    run -0 bash -c 'cd "$1" && git ls-files | cut -d/ -f1 | sort -u |
        grep -vxE "labs|solutions|tests|tools|Makefile|README.md|LICENSE|\..*"' \
        - "$ROOT" || true
    [[ -z $output ]] || fail_with "$output"
}

@test "nothing that was built is committed" {
    needs_git
    run -0 git -C "$ROOT" ls-files 'build/*' '*.o' '*.a'
    [[ -z $output ]]
}

@test "every command and format can be run and has a purpose and a usage" {
    for file in "$ROOT"/tools/cmd/* "$ROOT"/tools/formats/* \
        "$ROOT"/tools/{racelab,setup}; do
        [[ -x $file && $(sed -n 2p "$file") == "# "* ]]
        [[ $(sed -n 3p "$file") == "# usage: "* ]]
    done
}

shipped_fails() {
    "$RACELAB" check "$LAB" --submission \
        "$ROOT/tests/submissions/$LAB/shipped.c" --format json \
        >"$BATS_TEST_TMPDIR/report" 2>/dev/null 3>&- || true
    [[ $(jq -r '.results[0].verdict' "$BATS_TEST_TMPDIR/report") == fail ]]
    # It has to be the bug and not a file that does not build.
    [[ $(jq -r '.results[0].failed' "$BATS_TEST_TMPDIR/report") != build ]]
}

@test "every lab fails as shipped" {
    each_lab shipped_fails
}

@test "every solution passes" {
    run limited "$RACELAB" check --submission solutions --format json
    [[ $status -eq 0 ]]
    run -0 "$RACELAB" check --submission "$ROOT/solutions"
    [[ $output == *"$(labs | wc -l) of $(labs | wc -l) pass"* ]]
}
