# shellcheck shell=bash
# What the Bats files share: the lab of a file, the checks that every lab's
# file calls, and a small repository of fakes for the tests of the commands.
# usage: load helper

bats_require_minimum_version 1.5.0

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
RACELAB=$ROOT/tools/racelab
export NO_COLOR=1
unset RL_LAB RL_SUBMISSION RL_FORMAT RL_OUT RL_POINTS RL_WORD RL_KIND

# The lab that tests/NN-name.bats is about.
LAB=$(basename -- "${BATS_TEST_FILENAME:-}" .bats)

fail_with() {
    printf '%s\n' "$@" >&2
    return 1
}

# Run without Bats' own descriptor, with a limit that nothing should reach.
limited() {
    timeout -k 5 "${LIMIT:-300}" "$@" 3>&-
}

# What lab.conf promises of DETECTOR for the shipped bug; silence, where it
# does not name it.
promised() {
    local promise
    promise=$(sed -n "s/^EXPECT\.$1=//p" "$ROOT/labs/$LAB/lab.conf")
    echo "${promise:-silent}"
}

# Is what a detector said (its lines in FILE) what lab.conf promises?
as_promised() {
    local detector=$1 lines=$2 promise kinds
    promise=$(promised "$detector")
    kinds=$(jq -r 'select(.type == "finding" and .severity == "error") |
        .kind' "$lines" | sort -u | paste -sd' ')
    case $promise in
    chance) return 0 ;;
    silent)
        [[ -z $kinds ]] ||
            fail_with "$detector should be silent, it says: $kinds"
        ;;
    *)
        [[ " $kinds " =~ \ (${promise})\  ]] ||
            fail_with "$detector should say $promise, it says: ${kinds:-nothing}"
        ;;
    esac
}

compilers() {
    echo gcc
    ! command -v clang >/dev/null || echo clang
}

# Every detector says of the shipped bug and of the solution what lab.conf
# promises: in three runs with gcc and one with clang, and in a soak as often
# as RL_SOAK says with both.
detectors_as_promised() {
    local cc
    local -a often
    while read -r cc; do
        often=(--runs 3)
        [[ $cc == gcc ]] || often=()
        [[ -z ${RL_SOAK:-} ]] || often=(--times "$RL_SOAK")
        LIMIT=3000 limited "$RACELAB" demo "$LAB" "${often[@]}" --cc "$cc"
    done < <(compilers)
}

# The solution passes the rubric with both compilers.
solution_passes() {
    local cc run
    while read -r cc; do
        for ((run = 1; run <= ${RL_SOAK:-1}; run++)); do
            submissions_get "$cc" "$ROOT/solutions/$LAB"
        done
    done < <(compilers)
}

detector_names() {
    local file
    for file in "$ROOT"/tools/detectors/*; do
        if [[ -f $file && -x $file && ${file##*/} != *.* ]]; then
            printf '%s\n' "${file##*/}"
        fi
    done
}

# labs/NN-name/ holds the shipped file, unless somebody is solving the lab.
lab_is_shipped() {
    local file shipped=$ROOT/tests/submissions/$LAB/shipped.c
    file=$(basename -- "$ROOT/labs/$LAB"/*.c)
    if git -C "$ROOT" rev-parse HEAD >/dev/null 2>&1 &&
        ! git -C "$ROOT" diff --quiet HEAD -- "labs/$LAB/$file"; then
        skip "labs/$LAB/$file is being worked on"
    fi
    diff -u "$shipped" "$ROOT/labs/$LAB/$file"
}

# submission_source PATH: print a submission as a C file or a folder, its patch
# applied.
submission_source() {
    local to
    case $1 in
    *.patch)
        to=$(basename -- "$1" .patch)/$(basename -- "$ROOT/solutions/$LAB"/*.c)
        to=$BATS_TEST_TMPDIR/$to
        mkdir -p "${to%/*}"
        cp "$ROOT/tests/submissions/$LAB/shipped.c" "$to"
        patch -s "$to" <"$1" || return
        printf '%s' "$to"
        ;;
    *) printf '%s' "$1" ;;
    esac
}

# submission_expects PATH: its first `expect:` line: "pass", or "fail STAGE
# KIND". A solution has none, and is to pass.
submission_expects() {
    if [[ $1 == "$ROOT"/solutions/* ]]; then
        echo pass
    elif [[ -d $1 ]]; then
        sed -n 's|^[/* ]*expect: *||p' "$1"/*.c | head -n1
    else
        sed -n '1s|^[/* ]*expect: *||p' "$1"
    fi | sed 's| *\*/ *$||'
}

# The submissions NAME... get the verdicts of their first lines, with gcc; in
# a soak again and again, with clang too.
submissions() {
    local name run
    local -a from=()
    for name; do
        from+=("$ROOT/tests/submissions/$LAB/${name##*/}")
    done
    submissions_get gcc "${from[@]}"
    [[ -n ${RL_SOAK:-} ]] || return 0
    for ((run = 1; run <= RL_SOAK; run++)); do
        submissions_get clang "${from[@]}"
        ((run == RL_SOAK)) || submissions_get gcc "${from[@]}"
    done
}

# submissions_get CC PATH...: judged afresh, all in one check.
submissions_get() {
    local cc=$1 path expected
    local -a files=() all=() got
    shift
    for path; do
        expected=$(submission_expects "$path")
        [[ $expected =~ ^(pass|fail\ [a-z]+(\ [a-z-]+)?)$ ]] ||
            fail_with "no 'expect: pass' or 'expect: fail STAGE KIND'" "$path"
        all+=("$expected")
        files+=("$(submission_source "$path")")
    done
    LIMIT=3000 limited "$RACELAB" check "$LAB" "${files[@]}" --cc "$cc" \
        --fresh --format json >"$BATS_TEST_TMPDIR/report.json" \
        2>"$BATS_TEST_TMPDIR/report.err" || true
    mapfile -t got < <(jq -r '.results[] | if .verdict == "fail" then
        "fail \(.failed) \(.kind // "")" else .verdict end' \
        "$BATS_TEST_TMPDIR/report.json")
    ((${#got[@]} == ${#files[@]})) ||
        fail_with "${#got[@]} answers" "$(cat "$BATS_TEST_TMPDIR/report.err")"
    submissions_as_expected "$cc" "$@"
}

# Compares `got` with `all`, and tells every difference.
submissions_as_expected() {
    local cc=$1 place wrong=0
    shift
    for ((place = 0; place < $#; place++)); do
        [[ ${got[place]} != "${all[place]}" &&
            ${got[place]} != "${all[place]} "* ]] || continue
        wrong=$((wrong + 1))
        fail_with "${*:place+1:1}" "expected: ${all[place]}" \
            "got with $cc: ${got[place]}" \
            "$(jq -c --argjson place "$place" '.results[$place] | .reason,
                (.stages[] | select(.verdict != "skipped") |
                    {name, verdict, basis, reason})' \
                "$BATS_TEST_TMPDIR/report.json")" || true
    done
    ((wrong == 0))
}

# A repository of its own in FAKE: the real commands, one small lab and no
# detectors but those that a test writes with fake_detector.
fake_root() {
    FAKE=$BATS_TEST_TMPDIR/fake
    mkdir -p "$FAKE/tools/detectors" "$FAKE/build" "$FAKE/labs" \
        "$FAKE/solutions" "$FAKE/tests/submissions"
    cp -r "$ROOT"/tools/{racelab,cmd,lib,formats,explain} \
        "$ROOT"/tools/*.schema.json "$FAKE/tools/"
    # A fake would not pass the doctor's probes.
    printf 'doctor_works() { :; }\ndoctor_all() { :; }\n' \
        >"$FAKE/tools/lib/doctor.sh"
    ln -s "$ROOT/build/bin" "$FAKE/build/bin"
    ln -s "$ROOT/build/lib" "$FAKE/build/lib"
    cp "$ROOT/Makefile" "$FAKE/Makefile"
    export RL_READY=1
    unset RL_TOOL_VERSION
    fake_lab 21-small-counter counter.c
}

fake_lab() {
    local name=$1 file=$2
    mkdir -p "$FAKE/labs/$name" "$FAKE/solutions/$name" \
        "$FAKE/tests/submissions/$name"
    cat >"$FAKE/labs/$name/lab.conf" <<'CONF'
# A lab for the tests.
TITLE=A small counter
ARGS=2 3
HIDDEN=3..6 40..90
ORACLE=BEGIN { print "total " a[1] * a[2] }
WORKERS=a[1]
POINTS=build:1 honest:1 output:2 concurrent:1 tsan:3
EXPECT.tsan=data-race
CONF
    cat >"$FAKE/labs/$name/$file" <<'C'
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 3) {
        return 2;
    }
    printf("total %d\n", atoi(argv[1]) * atoi(argv[2]));
    return 0;
}
C
    cp "$FAKE/labs/$name/$file" "$FAKE/tests/submissions/$name/shipped.c"
    sed 's/return 0;/return EXIT_SUCCESS;/' "$FAKE/labs/$name/$file" \
        >"$FAKE/solutions/$name/$file"
    printf '# Hints\n\n## Look\n\nLook at it.\n\n## Lock\n\nUse a lock.\n' \
        >"$FAKE/labs/$name/hints.md"
}

# The tools below the commands replaced by ones that always say yes, and units
# without our libraries: for tests of what `check` does with answers.
fake_tools() {
    rm "$FAKE/build/bin"
    mkdir "$FAKE/build/bin"
    summary_line honest clean >"$FAKE/honest"
    summary_line output clean >"$FAKE/output"
    cat >"$FAKE/build/bin/rl-scan" <<SCRIPT
#!/usr/bin/env bash
[[ \$* == *--facts* ]] && echo '{}' || cat "$FAKE/honest"
SCRIPT
    cat >"$FAKE/build/bin/rl-explore" <<SCRIPT
#!/usr/bin/env bash
[[ \$* == *--facts* ]] && echo '{"max_alive": 9}' || cat "$FAKE/output"
SCRIPT
    chmod +x "$FAKE"/build/bin/*
    ln -s "$ROOT"/build/bin/rl-{run,inside,box} "$FAKE/build/bin/"
    cat >>"$FAKE/tools/lib/unit.sh" <<'SCRIPT'
UNIT_LIBRARIES[plain]=libc11.a UNIT_LIBRARIES[explore]=libc11.a
unit_build_plain() { unit_build_valgrind "$@"; }
unit_build_explore() { unit_build_valgrind "$@"; }
SCRIPT
}

# fake_answer NAME ORDER KIND|clean|broken|no-answer: a grading detector that
# always says the same.
fake_answer() {
    case $3 in
    clean | broken | no-answer) summary_line "$1" "$3" >"$FAKE/says.$1" ;;
    *)
        finding_line "$3" "$1" >"$FAKE/says.$1"
        summary_line "$1" found >>"$FAKE/says.$1"
        ;;
    esac
    fake_detector "$1" "$2" true <<<"echo x >>'$FAKE/asked.$1'
cat '$FAKE/says.$1'"
}

# fake_detector NAME ORDER GRADES <BODY: a detector whose body is a script that
# sees the source folder in $src; it prints the lines.
fake_detector() {
    local file=$FAKE/tools/detectors/$1
    {
        cat <<SCRIPT
#!/usr/bin/env bash
if [[ \$1 == --describe ]]; then
    echo '{"name":"$1","title":"$1","grades":$3,"order":$2,"about":"A fake."}'
    exit
fi
src=\$2/src
SCRIPT
        cat
    } >"$file"
    chmod +x "$file"
}

# One line of a detector: finding KIND [FILE LINE], and a summary.
finding_line() {
    jq -nc --arg kind "$1" --arg detector "$2" --arg file "${3:-counter.c}" \
        --argjson line "${4:-9}" '{type: "finding", kind: $kind,
        severity: "error", detector: $detector, message: "two threads meet",
        variable: "total", threads: [
        {id: 1, role: "work", op: "write", file: $file, line: $line,
         function: "main", locks: []},
        {id: 2, role: "work", op: "read", file: $file, line: $line,
         function: "main", locks: []}]}'
}

summary_line() {
    printf '{"type":"summary","detector":"%s","status":"%s","runs":3,' "$1" "$2"
    printf '"basis":"%s in 3 of 3 runs"}\n' "$2"
}
