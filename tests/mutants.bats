#!/usr/bin/env bats
# The mutator on one small file, and what `racelab mutants` makes of verdicts.

setup() {
    load helper
    bats_load_library bats-support
    bats_load_library bats-assert
    MUTATE=$ROOT/tools/mutants/mutate
    OUT=$BATS_TEST_TMPDIR/out
}

# What each mutant of BASE changes: operator, function:line, source, and below
# it the changed lines.
changes_of() {
    local base=$1 id line
    while IFS=$'\t' read -r id line; do
        printf '%s\n' "$line"
        diff -U0 "$base" "$OUT/$id/${base##*/}" |
            grep -aE '^[-+]' | grep -avE '^(---|\+\+\+) ' | sed 's/^/    /'
    done < <(jq -r '[.id, "\(.operator) \(.function):\(.line) \(.source)"] |
        @tsv' "$OUT/list.jsonl")
}

@test "every operator changes what it says, and nothing else" {
    "$MUTATE" "$OUT" "$ROOT/tests/mutants/every.c"
    changes_of "$ROOT/tests/mutants/every.c" >"$BATS_TEST_TMPDIR/got"
    diff -u "$ROOT/tests/mutants/every.txt" "$BATS_TEST_TMPDIR/got"
}

@test "the small file exercises every operator there is" {
    local name
    for name in $(grep -oE '"[a-z]+(-[a-z]+)+"' \
        "$ROOT/tools/mutants/operators.jq" | tr -d '"' | sort -u); do
        grep -q "^$name " "$ROOT/tests/mutants/every.txt" ||
            fail_with "no mutant of every.c by $name"
    done
}

@test "every mutant of the small file compiles" {
    local id
    local -a ids
    "$MUTATE" "$OUT" "$ROOT/tests/mutants/every.c"
    mapfile -t ids < <(jq -r .id "$OUT/list.jsonl")
    ((${#ids[@]} > 50))
    for id in "${ids[@]}"; do
        clang -std=gnu11 -w -fsyntax-only "$OUT/$id/every.c"
    done
}

@test "calls in the program's own macros are counted, not changed" {
    cat >"$BATS_TEST_TMPDIR/macro.c" <<'C'
#include <pthread.h>
#define TAKE pthread_mutex_lock(&lock)
#define GIVE(m) pthread_mutex_unlock(m)
static pthread_mutex_t lock;
int main(void) { TAKE; GIVE(&lock); return pthread_mutex_lock(&lock); }
C
    "$MUTATE" "$OUT" "$BATS_TEST_TMPDIR/macro.c"
    [[ $(<"$OUT/skipped") == 2 ]]
    run jq -r .line "$OUT/list.jsonl"
    assert_line 5
    grep -q 'TAKE; GIVE(&lock); return 0' "$OUT"/*-drop-lock/macro.c
}

@test "of several files each mutant changes one, and has all" {
    local dir=$BATS_TEST_TMPDIR/a\ b
    mkdir "$dir"
    printf '#include <pthread.h>\nextern pthread_mutex_t m;\n' >"$dir/m.h"
    printf '#include "m.h"\npthread_mutex_t m;\n%s\n' \
        'int main(void) { return pthread_mutex_unlock(&m); }' >"$dir/main.c"
    printf '#include "m.h"\nvoid f(void) { pthread_mutex_lock(&m); }\n' \
        >"$dir/f.c"
    "$MUTATE" "$OUT" "$dir"/*.c "$dir/m.h"
    run jq -r '"\(.id) \(.file)"' "$OUT/list.jsonl"
    assert_line '001-drop-lock f.c'
    assert_line --partial '-drop-unlock main.c'
    cmp "$dir/main.c" "$OUT/001-drop-lock/main.c"
    cmp "$dir/m.h" "$OUT/001-drop-lock/m.h"
}

@test "a file that clang cannot read is told in a line" {
    echo 'int main(void) { return x; }' >"$BATS_TEST_TMPDIR/bad.c"
    run -2 --separate-stderr "$MUTATE" "$OUT" "$BATS_TEST_TMPDIR/bad.c"
    [[ $stderr == "mutate: clang cannot read bad.c: "*"undeclared"* ]]
}

# A lab with a lock in its solution, and a `check` that catches all mutants but
# those of the operators in $1, which get verdict $2.
fake_judge() {
    fake_root
    cp -r "$ROOT/tools/mutants" "$FAKE/tools/"
    mkdir -p "$FAKE/tests/mutants"
    cat >"$FAKE/solutions/21-small-counter/counter.c" <<'C'
#include <pthread.h>
static pthread_mutex_t lock;
static int n;

int main(void)
{
    pthread_mutex_lock(&lock);
    n++;
    pthread_mutex_unlock(&lock);
    return n != 1;
}
C
    cat >"$FAKE/tools/cmd/check" <<SCRIPT
#!/usr/bin/env bash
survive=' $1 ' verdict=$2
SCRIPT
    cat >>"$FAKE/tools/cmd/check" <<'SCRIPT'
printf '%s\n' "$*" >"$RL_ROOT/asked"
for word; do
    name=${word##*/[0-9][0-9][0-9]-}
    [[ $word == */mutants/* ]] || continue
    if [[ $survive == *" $name "* ]]; then
        jq -n --arg verdict "$verdict" '{verdict: $verdict, failed: null,
            kind: null, reason: "the fake cannot tell"}'
    elif [[ $name == drop-lock ]]; then
        echo '{"verdict": "fail", "failed": "build"}'
    else
        echo '{"verdict": "fail", "failed": "tsan"}'
    fi
done | jq -s '{results: .}'
exit 1
SCRIPT
}

mutants() {
    run "$@" --separate-stderr limited "$FAKE/tools/racelab" mutants 21
}

explain_all() {
    cat >"$FAKE/tests/mutants/explained" <<'TEXT'
# What a comment says is nothing.
21-small-counter solution unlock-earlier,own-lock main
*
  There is one
  thread.
TEXT
}

@test "mutants: all caught ends with 0, and the table says by what" {
    fake_judge '' pass
    mutants -0
    assert_line '| drop-lock | 1 | 1 | 0 |  | 0 |'
    assert_line '| drop-unlock | 1 | 0 | 1 | tsan 1 | 0 |'
    assert_line '| all | 7 | 1 | 6 | tsan 6 | 0 |'
    assert_line "7 mutants of 1 program: 1 does not build, 6 caught, 0 survived, 0 unexplained."
    grep -q -- '--format json' "$FAKE/asked"
}

@test "mutants: a survivor without an explanation ends with 1 and its lines" {
    fake_judge 'unlock-earlier own-lock' pass
    mutants -1
    assert_line '| unlock-earlier | 1 | 0 | 0 |  | 1 |'
    assert_line 'solution: unlock-earlier in main, counter.c:8'
    assert_line '    -    n++;'
    assert_line '  21-small-counter solution unlock-earlier main'
    assert_line '  n++; pthread_mutex_unlock(&lock);'
    assert_line --partial '2 survived, 2 unexplained.'
}

@test "mutants: explained survivors end with 0, and their reason is shown" {
    fake_judge 'unlock-earlier own-lock' pass
    explain_all
    mutants -0
    assert_line '  There is one thread.'
    assert_line --partial '2 survived, 0 unexplained.'
}

@test "mutants: an explanation of another source text does not count" {
    fake_judge 'unlock-earlier' pass
    explain_all
    sed -i 's/^\*$/m++; pthread_mutex_unlock(\&lock);/; s/,own-lock//' \
        "$FAKE/tests/mutants/explained"
    mutants -1
    assert_line --partial '1 survived, 1 unexplained.'
    assert_line --partial 'stale, no such survivor'
}

@test "mutants: an explanation whose mutant is caught is stale, and ends with 1" {
    fake_judge 'unlock-earlier' pass
    explain_all
    mutants -1
    assert_line 'stale, no such survivor: 21-small-counter solution own-lock main: *'
    refute_line --partial 'survivor: 21-small-counter solution unlock-earlier'
}

@test "mutants: explanations of programs that were not asked for stay" {
    fake_judge '' pass
    explain_all
    sed -i 's/ solution / right-other /' "$FAKE/tests/mutants/explained"
    mutants -0
}

@test "mutants: an unsure verdict survives, with the judge's reason" {
    fake_judge 'drop-unlock' unsure
    mutants -1
    assert_line 'solution: drop-unlock in main, counter.c:9 (unsure: the fake cannot tell)'
}

@test "mutants: what could not be judged ends with 3, whatever else" {
    fake_judge 'drop-unlock' broken
    mutants -3
    assert_line 'not judged (broken): 21-small-counter solution drop-unlock main: the fake cannot tell'
}

@test "mutants: a lab without a solution is told in a line" {
    fake_judge '' pass
    rm "$FAKE/solutions/21-small-counter/counter.c"
    mutants -2
    [[ $stderr == "racelab: "*"solutions/21-small-counter holds no C file" ]]
}

@test "mutants: a paragraph that is none is named, and ends with 2" {
    fake_judge '' pass
    printf '21-small-counter solution drop-lock\nx\n  y\n' \
        >"$FAKE/tests/mutants/explained"
    mutants -2
    [[ $stderr == "racelab: "*"explained: "*"not LAB BASE OPERATOR FUNCTION"* ]]
}

@test "mutants --from takes right submissions, patches too, and no others" {
    fake_judge '' pass
    local dir=$FAKE/tests/submissions/21-small-counter
    cp "$FAKE/solutions/21-small-counter/counter.c" "$dir/right-c.c"
    cp "$FAKE/solutions/21-small-counter/counter.c" "$dir/wrong-c.c"
    {
        echo 'expect: pass'
        diff -u --label shipped.c --label shipped.c "$dir/shipped.c" \
            <(sed '/^    pthread_mutex_lock/d' "$dir/right-c.c") || true
    } >"$dir/right-patch.patch"
    run -0 --separate-stderr limited "$FAKE/tools/racelab" mutants 21 \
        --from 'right-*'
    assert_line '| drop-unlock | 2 | 0 | 2 | tsan 2 | 0 |'
    assert_line --partial ' of 2 programs: '
    run -2 --separate-stderr limited "$FAKE/tools/racelab" mutants 21 \
        --from 'wrong-*'
    [[ $stderr == *'no right submission is called wrong-*'* ]]
}

@test "mutants of one lab, judged for real: every survivor is explained" {
    [[ -n ${RL_SOAK:-} ]] || skip "a minute of judging: in the soak"
    LIMIT=1800 run -0 --separate-stderr limited "$RACELAB" mutants 22 --fresh
}
