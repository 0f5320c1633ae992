#!/usr/bin/env bats
# Hooks: where a compiler leaves one out, the table of it, and rl-gaps.

load helper
bats_load_library bats-support
bats_load_library bats-assert

# compile COMPILER SOURCE OBJECT: with the flags of the explorer's flavour.
compile() {
    local cc=$1 source=$2 object=$3
    local -a extra=()

    [[ $cc != clang ]] || extra=(-mllvm -tsan-instrument-read-before-write=1)
    "$cc" -std=gnu11 -pthread -g -gdwarf-4 -fsanitize=thread -O0 -w \
        -fno-builtin -U_FORTIFY_SOURCE "${extra[@]}" -c -o "$object" "$source"
}

# build_explore COMPILER SOURCE OUT [FILE...]
build_explore() {
    local cc=$1 source=$2 out=$3 lib=$ROOT/build/lib

    shift 3
    compile "$cc" "$source" "$out.o"
    "$cc" -pthread -o "$out" "$out.o" "$@" "@$lib/explore.wraps" \
        "$lib/libexplore.a" -lm
}

setup_file() {
    local unit=$ROOT/tests/unit/instrument cc

    make -s -C "$ROOT" tools >/dev/null
    export SNIPPETS=$BATS_FILE_TMPDIR/snippets
    for cc in gcc clang; do
        compile "$cc" "$unit/snippets.c" "$SNIPPETS.$cc.o"
        gcc -std=gnu11 -O1 -c -o "$SNIPPETS.watch.o" "$unit/watch.c"
        "$cc" -o "$SNIPPETS.$cc" "$SNIPPETS.$cc.o" "$SNIPPETS.watch.o" \
            -Wl,--wrap=memcpy,--wrap=memmove,--wrap=memset -lm
        "$SNIPPETS.$cc" | sort -u >"$SNIPPETS.$cc.missed"
        # Of the two functions of a snippet, the one that it is about.
        "$ROOT/build/bin/rl-gaps" "$SNIPPETS.$cc" |
            sed -n 's/.* do_\([a-z0-9_]*\) \(read\|write\)s .*/\1 \2/p' |
            sort -u >"$SNIPPETS.$cc.found" || true
        table "$cc" >"$SNIPPETS.$cc.rows"
    done
}

# The table's rows for a compiler, as "SNIPPET ACCESS" lines.
table() {
    awk -F' *[|] *' -v cc="$1" '
        $2 == "snippet" { for (i = 1; i <= NF; i++)
            if ($i == cc) column = i }
        $column == "no hook" { n = split($3, access, ", ")
            for (i = 1; i <= n; i++) print $2, access[i] }
    ' "$ROOT/tools/explore/symbols/gaps.md" | sort -u
}

known() {
    run comm -23 "$SNIPPETS.$1.missed" "$SNIPPETS.$1.rows"
    assert_success
    refute_output
}

@test "with gcc, every access has a hook or a row in the table" {
    known gcc
}

@test "with clang, every access has a hook or a row in the table" {
    known clang
}

@test "the table tells of accesses that really have no hook" {
    run comm -12 "$SNIPPETS.gcc.missed" "$SNIPPETS.gcc.rows"
    assert_line 'struct24_argument read'
    run comm -12 "$SNIPPETS.clang.missed" "$SNIPPETS.clang.rows"
    assert_line 'long_double_read read'
}

@test "rl-gaps finds every access that has no hook" {
    for cc in gcc clang; do
        run comm -23 "$SNIPPETS.$cc.missed" "$SNIPPETS.$cc.found"
        assert_success
        refute_output
    done
}

# A dead read of the padding of a struct, a va_list and the initialisers of a
# variable that is given away later are the exceptions.
@test "rl-gaps finds no access that has one" {
    for cc in gcc clang; do
        comm -13 "$SNIPPETS.$cc.missed" "$SNIPPETS.$cc.found" |
            { grep -vE '^(struct12_result read|escaped_[a-z_]* write)$' ||
                true; } >"$BATS_TEST_TMPDIR/more"
        run cat "$BATS_TEST_TMPDIR/more"
        refute_output
    done
}

# But for 35, where a time is returned by value and its address given away:
# too large to be proved, it is bounded anyway.
@test "the labs that are explored have no gap but one, when built with gcc" {
    local file lab out=$BATS_TEST_TMPDIR/lab

    for file in "$ROOT"/solutions/*/*.c "$ROOT"/tests/submissions/*/shipped.c
    do
        lab=$(basename -- "${file%/*}")
        grep -q '^PROVE=' "$ROOT/labs/$lab/lab.conf" || continue
        build_explore gcc "$file" "$out"
        run "$ROOT/build/bin/rl-gaps" "$out"
        if [[ $lab == 35-late-deadline ]]; then
            assert_failure 4
            assert_output --regexp ':[0-9]+: wait_for writes its own frame without a hook$'
            ((${#lines[@]} == 1))
            continue
        fi
        assert_success
        refute_output
    done
}

@test "rl-gaps names the line" {
    local dir=$BATS_TEST_TMPDIR/'with space'

    mkdir "$dir"
    printf '%s\n' 'struct s { long a, b, c; } shared;' \
        'long f(struct s v) { return v.a; }' \
        'int main(void) {' '    shared.a = 1;' '    return (int)f(shared);' \
        '}' >"$dir/own.c"
    for cc in gcc clang; do
        build_explore "$cc" "$dir/own.c" "$dir/own"
        run "$ROOT/build/bin/rl-gaps" "$dir/own"
        assert_failure 4
        assert_output --regexp '^[^:]*own.c:5: main reads memory without a hook$'
    done
}

@test "rl-gaps names a function that was built without hooks" {
    local dir=$BATS_TEST_TMPDIR

    echo 'int shared; void foreign(void) { shared++; }' >"$dir/lib.c"
    printf '%s\n' 'void foreign(void);' \
        'int main(void) { foreign(); return 0; }' >"$dir/own.c"
    gcc -O1 -c -o "$dir/lib.o" "$dir/lib.c"
    build_explore gcc "$dir/own.c" "$dir/own" "$dir/lib.o"
    run "$ROOT/build/bin/rl-gaps" "$dir/own"
    assert_failure 4
    assert_output 'foreign: built without hooks'
    gcc -g -O0 -c -o "$dir/lib.o" "$dir/lib.c"
    build_explore gcc "$dir/own.c" "$dir/own" "$dir/lib.o"
    run "$ROOT/build/bin/rl-gaps" "$dir/own"
    assert_failure 4
    assert_output --partial 'lib.c:1: foreign reads memory without a hook'
}

@test "rl-gaps says when it cannot judge" {
    run "$ROOT/build/bin/rl-gaps"
    assert_failure 2
    run "$ROOT/build/bin/rl-gaps" "$ROOT/Makefile"
    assert_failure 70
    run "$ROOT/build/bin/rl-gaps" /nonexistent
    assert_failure 70
    assert_output --partial 'No such file'
}

# prove COMPILER SOURCE OUT
prove() {
    build_explore "$@"
    limited "$ROOT/build/bin/rl-explore" "$3" --prove --format lines
}

@test "a proof over a struct given by value is no proof, by address it is one" {
    local dir=$BATS_TEST_TMPDIR

    # The call stands where a race would be, and nobody would see it.
    cat >"$dir/value.c" <<'END'
#include <pthread.h>
struct triple { long a, b, c; } shared;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static long sum(struct triple v) { return v.a + v.b + v.c; }
static void *adds(void *arg)
{
    pthread_mutex_lock(&m);
    shared.a++;
    pthread_mutex_unlock(&m);
    return arg;
}
int main(void)
{
    pthread_t t;
    long n;

    pthread_create(&t, NULL, adds, NULL);
    n = sum(shared);
    pthread_join(t, NULL);
    return n > 5;
}
END
    sed 's/struct triple v/struct triple *v/; s/v\./v->/g
        s/sum(shared)/sum(\&shared)/' "$dir/value.c" >"$dir/address.c"
    sed 's/    n = .*/    pthread_mutex_lock(\&m);\n    n = sum(\&shared);\
    pthread_mutex_unlock(\&m);/' "$dir/address.c" >"$dir/locked.c"
    for cc in gcc clang; do
        run prove "$cc" "$dir/value.c" "$dir/own"
        assert_failure 4
        assert_output --partial 'uninstrumented: '
        assert_output --partial 'value.c:18'
        run prove "$cc" "$dir/address.c" "$dir/own"
        assert_failure 1
        assert_output --partial data-race
        run prove "$cc" "$dir/locked.c" "$dir/own"
        assert_success
    done
}

@test "what clang does not see of a shared stack is no proof, and gcc sees it" {
    local dir=$BATS_TEST_TMPDIR

    cat >"$dir/local.c" <<'END'
#include <pthread.h>
struct job { pthread_mutex_t m; int n; };
static void *adds(void *arg)
{
    struct job *job = arg;

    pthread_mutex_lock(&job->m);
    job->n++;
    pthread_mutex_unlock(&job->m);
    return NULL;
}
int main(void)
{
    struct job job = {PTHREAD_MUTEX_INITIALIZER, 0};
    pthread_t t;

    pthread_create(&t, NULL, adds, &job);
    job.n++;
    pthread_join(t, NULL);
    return job.n > 5;
}
END
    run prove gcc "$dir/local.c" "$dir/own"
    assert_failure 1
    assert_output --partial data-race
    run prove clang "$dir/local.c" "$dir/own"
    assert_failure
    assert_output --regexp 'uninstrumented: .*local.c|data-race'
}
