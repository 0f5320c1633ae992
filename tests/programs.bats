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
        printf '%s\n' "$expected" >"$unit/expected"
        set -- --expect-output "$unit/expected" "$@"
    fi
    LIMIT=60 limited "$ROOT/build/bin/rl-explore" "$bin" "$@" -- "${args[@]}"
}

# Is OBJECT, with exit STATUS, what WANT says?
as_said() {
    local want=$1 note=$2 status=$3 object=$4 kind count
    read -r kind count <<<"${want#* }"
    [[ -z $note ]] || jq -e --arg note "$note" 'any(.findings[];
        .severity == "note" and .kind == $note)' <<<"$object" >/dev/null ||
        return
    case $want in
    fail\ *)
        ((status == 1)) && jq -e --arg kinds "${want#fail }" '
            ($kinds | split(" ")) as $kinds |
            [.findings[] | select(.severity == "error") | .kind] |
            index($kinds[0]) != null and . - $kinds == []' <<<"$object"
        ;;
    proved*)
        count=${want#proved}
        ((status == 0)) && jq -e --argjson count "${count:-null}" '.complete and
            all(.findings[]; .severity == "note") and
            ($count == null or .interleavings == $count)' <<<"$object"
        ;;
    bounded\ * | unsupported\ *)
        ((status == 4)) && jq -e --arg verdict "${want%% *}" \
            --arg reason "${want#* }" '.verdict == $verdict and
            (.complete | not) and (.reason | contains($reason))' <<<"$object"
        ;;
    *) false ;;
    esac >/dev/null
}

# every CC NAME...: all that is not as it should be, in one message.
every() {
    local compiler=$1 name want status object failed=()
    shift
    for name; do
        status=0
        want=$(expectation "$name" "$compiler")
        object=$(proof "$name" "$compiler" --prove --format json) || status=$?
        printf '%s\n' "$object" >"$UNITS/${name/\//-}.$compiler.json"
        as_said "$want" "$(said note "$name")" "$status" "$object" ||
            failed+=("$name with $compiler: expected: $want; status $status: $object")
    done
    ((${#failed[@]} == 0)) || fail_with "${failed[@]}"
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
    # A time that runs out is no property of a program.
    for kind in $(cd "$ROOT/tools/explain" && printf '%s\n' *.md |
        sed 's/\.md$//'); do
        case $kind in timeout | lock-order | README) continue ;; esac
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

@test "the token of each bug's finding shows it again" {
    local name kind token failed=()
    for name in $(names fail); do
        kind=$(expectation "$name" gcc)
        [[ $kind == fail\ * && $kind != *nondeterminism* ]] || continue
        read -r _ kind _ <<<"$kind"
        token=$(jq -r --arg kind "$kind" 'first(.findings[] |
            select(.kind == $kind)) | .replay' "$UNITS/${name/\//-}.gcc.json")
        proof "$name" gcc --replay "$token" >"$UNITS/again" || true
        jq -se --arg kind "$kind" 'any(.[]; .kind == $kind)' "$UNITS/again" \
            >/dev/null || failed+=("$name: $token: $(cat "$UNITS/again")")
    done
    ((${#failed[@]} == 0)) || fail_with "${failed[@]}"
}
