#!/usr/bin/env bats
# The programs in programs/fail and programs/pass, each a pair of a bug and
# its fix: every one gets the verdict that its first lines ask for.
#
# // expect: fail KIND [KIND...]   an error of the first kind; the others may be
# // expect: proved [N]            right in all (N) interleavings
# // expect: bounded REASON        not proved, and why
# // expect: unsupported NAME      not modelled, and what
# // expect clang: ...             where clang sees what gcc does not
# // args: A B    // note: KIND    // stdout: what every run is to print

load helper

setup_file() {
    export PROGRAMS=$ROOT/tests/programs UNITS=$BATS_FILE_TMPDIR
    make -s -C "$ROOT" tools >&2
}

# said KEY NAME: what the first lines say, or nothing.
said() {
    sed -n "1,6s,^// $1: ,,p" "$PROGRAMS/$2.c"
}

expectation() {
    local name=$1 compiler=$2 want
    want=$(said "expect $compiler" "$name")
    printf '%s' "${want:-$(said expect "$name")}"
}

# proof NAME CC OPTION...: what rl-explore says of it, its words on stdout.
proof() {
    local name=$1 compiler=$2 unit=$UNITS/${1/\//-}.$2 bin args expected
    shift 2
    source "$ROOT/tools/lib/unit.sh"
    [[ -d $unit ]] || unit_stage "$unit" "$compiler" "$PROGRAMS/$name.c"
    bin=$(unit_bin "$unit" explore) || fail_with "$(cat "$unit"/bin/*.log)"
    read -ra args < <(said args "$name") || true
    expected=$(said stdout "$name")
    if [[ -n $expected ]]; then
        printf '%b\n' "$expected" >"$unit/expected"
        set -- --expect-output "$unit/expected" "$@"
    fi
    LIMIT=60 limited "$ROOT/build/bin/rl-explore" "$bin" "$@" -- "${args[@]}"
}

# JSON Lines of every's on stdin: those that are not as they should be.
misjudged() {
    jq -r '
        def as_said:
          (.want | split(" ")) as [$what, $first] |
          (.want | split(" ")[1:]) as $rest |
          [.object.findings[] | select(.severity == "error") | .kind] as $kinds |
          .status == {fail: 1, proved: 0, bounded: 4, unsupported: 4}[$what] and
          if $what == "fail" then
            ($kinds | index($first)) != null and $kinds - $rest == []
          elif $what == "proved" then
            .object.complete and $kinds == [] and
            ($first == null or .object.interleavings == ($first | tonumber))
          else
            .object.verdict == $what and (.object.complete | not) and
            (.object.reason | contains($rest | join(" ")))
          end;
        def noted:
          .note as $note | $note == "" or any(.object.findings[];
            .severity == "note" and .kind == $note);
        select((as_said and noted) | not) | tojson'
}

# every CC NAME...: all that is not as it should be, in one message.
every() {
    local compiler=$1 name status object wrong all
    all=$UNITS/${2%/*}.$1.json
    shift
    for name; do
        status=0
        object=$(proof "$name" "$compiler" --prove --format json) || status=$?
        printf '{"name":"%s","want":"%s","note":"%s","status":%d,"object":%s}\n' \
            "$name" "$(expectation "$name" "$compiler")" \
            "$(said note "$name")" "$status" "${object:-null}"
    done >"$all"
    (($(wc -l <"$all") == $#)) || fail_with "not all were judged"
    wrong=$(misjudged <"$all")
    [[ -z $wrong ]] || fail_with "$wrong"
}

names() {
    (cd "$PROGRAMS" && printf '%s\n' "$1"/*.c | sed 's/\.c$//')
}

@test "the programs are pairs, and each says what it expects" {
    local name
    diff <(names fail | sed 's,.*/,,') <(names pass | sed 's,.*/,,')
    for name in $(names fail) $(names pass); do
        [[ -n $(said expect "$name") ]] || fail_with "nothing in $name"
        case $name:$(said expect "$name") in
        fail/*:fail\ * | fail/*:bounded\ * | fail/*:unsupported\ *) ;;
        pass/*:proved*) ;;
        *) fail_with "not this in $name: $(said expect "$name")" ;;
        esac
    done
    (($(names fail | wc -l) >= 60))
}

@test "every kind of finding that the explorer has is in one of them" {
    local kind
    # What needs a clock, or belongs to another detector or to the rubric.
    for kind in $(cd "$ROOT/tools/explain" && printf '%s\n' *.md |
        sed 's/\.md$//'); do
        case $kind in timeout | lock-order | serial | stall) continue ;; esac
        grep -Eqs "^// (expect: fail|note:).* $kind( |\$)" \
            "$PROGRAMS"/*/*.c || fail_with "no program for $kind"
    done
}

@test "every bug is found, with gcc" {
    # shellcheck disable=SC2046 # names have no spaces
    every gcc $(names fail)
}

@test "every fix is proved, with gcc" {
    # shellcheck disable=SC2046
    every gcc $(names pass)
}

@test "some, the constructs that compilers treat differently among them, with clang" {
    every clang {fail,pass}/{struct,string,sync,weak-cas,cancel}
}

@test "in a soak: all of them with clang" {
    [[ -n ${RL_SOAK:-} ]] || skip 'no soak'
    # shellcheck disable=SC2046
    every clang $(names fail) $(names pass)
}

@test "the token of a bug's finding shows it again" {
    local name kind token failed=() n=0
    while IFS=$'\t' read -r name kind token; do
        # One of three, all in a soak: a token is much the same everywhere.
        ((n++ % 3 == 0)) || [[ -n ${RL_SOAK:-} ]] || continue
        proof "$name" gcc --replay "$token" >"$UNITS/again" || true
        grep -q "\"kind\":\"$kind\"" "$UNITS/again" ||
            failed+=("$name: $token: $(cat "$UNITS/again")")
    done < <(jq -r 'select(.want | startswith("fail ")) | .name as $name |
        (.want | split(" ")[1]) as $kind | select($kind != "nondeterminism") |
        first(.object.findings[] | select(.kind == $kind)) |
        [$name, $kind, .replay] | @tsv' "$UNITS/fail.gcc.json")
    ((${#failed[@]} == 0)) || fail_with "${failed[@]}"
}
