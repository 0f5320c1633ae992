#!/usr/bin/env bats
# The race clock: its rules, and random traces against the definition.

load helper
bats_load_library bats-support
bats_load_library bats-assert

unit=tests/unit/hb
rt=tools/explore/rt

# build COMPILER NAME OUT [FLAG...]: one of the unit's programs.
build() {
    local cc=$1 name=$2 out=$3

    shift 3
    (cd "$ROOT" && "$cc" -std=gnu11 -g -O2 -Wall -Wextra -Werror "$@" \
        -I"$rt" -o "$out" "$unit/$name.c" "$rt"/hb*.c "$rt"/shadow*.c)
}

@test "each rule of the race clock has a racy trace and a clean twin" {
    for cc in gcc clang; do
        build "$cc" rules "$BATS_TEST_TMPDIR/rules" \
            -fsanitize=address,undefined
        run "$BATS_TEST_TMPDIR/rules"
        assert_success
        assert_output 'all rules hold'
    done
}

@test "40,000 random traces: every racy access, and no other, is found" {
    build gcc random "$BATS_TEST_TMPDIR/random"
    run timeout 120 "$BATS_TEST_TMPDIR/random" 40000
    assert_success
    assert_line --partial '40000 traces agree'
}

# objects DIR FILE.c...: compiled there, as they are broken below.
objects() {
    local dir=$1 file

    shift
    for file; do
        gcc -std=gnu11 -O1 -w -I"${file%/*}" -I"$ROOT/$rt" -c \
            -o "$dir/$(basename -- "$file" .c).o" "$file"
    done
}

# Each line breaks one thing in the clock; the traces must notice.
@test "a broken race clock is noticed" {
    local name from to copy file base=$BATS_TEST_TMPDIR/base

    mkdir "$base"
    objects "$base" "$ROOT/$unit/random.c" "$ROOT/$rt"/{hb,shadow}*.c
    while IFS='|' read -r name from to; do
        copy="$BATS_TEST_TMPDIR/$name"
        cp -r "$base" "$copy"
        for file in "$ROOT/$rt"/{hb,shadow}*.c; do
            sed "s/$from/$to/" "$file" >"$copy/${file##*/}"
            cmp -s "$file" "$copy/${file##*/}" || objects "$copy" "$copy/${file##*/}"
        done
        run diff -q <(cat "$base"/*.o) <(cat "$copy"/*.o)
        assert_failure 1
        gcc -o "$copy/random" "$copy"/*.o
        run timeout 120 "$copy/random" 40000
        echo "$name" >&2
        assert_failure 1
    done <<'BREAKS'
release|hb_vc_join(to, &hb_threads\[t\]->clock);|;
tick|hb_vc_join(to, &hb_threads\[t\]->clock);|hb_vc_join(to, \&hb_threads[t]->clock); return;
join|hb_vc_join(&hb_threads\[t\]->clock, &hb_threads\[child\]->clock);|;
column|th->clock.c\[i\] <= parent->clock.c\[i\]|1
sequence|drop_heads_of_others(at, th->name);|;
fence|th->has_released = true;|;
pending|th->has_pending = true;|;
seen|!ordered(e, a->seen)|!ordered(e, \&a->th->clock)
plain|if (is_plain(a) .. is_plain(b))|if (0)
covers|if (bad\[e\]\[b\] > bad\[a\]\[b\])|if (0)
ordered|covers\[a->op\]\[e->op\] && ordered(e, &a->th->clock)|covers[a->op][e->op]
clear|page->cells\[at % PAGE_BYTES\] = 0;|;
repeat|r->epoch == epoch_of(th) && covers|covers
BREAKS
}

@test "the race clock calls nothing of libc" {
    local file

    for file in "$ROOT/$rt"/hb*.c "$ROOT/$rt"/shadow*.c; do
        for cc in gcc clang; do
            "$cc" -std=gnu11 -O2 -fvisibility=hidden -fPIC -c "$file" \
                -o "$BATS_TEST_TMPDIR/one.o"
            nm -u "$BATS_TEST_TMPDIR/one.o"
            nm -g --defined-only "$BATS_TEST_TMPDIR/one.o" |
                sed 's/.* /defined /'
        done
    done >"$BATS_TEST_TMPDIR/symbols"
    # What one file lacks another defines.
    run awk '$1 == "defined" { have[$2]; next }
        $NF !~ /^_GLOBAL_OFFSET/ { need[$NF] }
        END { for (n in need) if (!(n in have)) print n }' \
        "$BATS_TEST_TMPDIR/symbols"
    assert_success
    refute_output
}

@test "the benchmark of the race clock runs" {
    build gcc bench "$BATS_TEST_TMPDIR/bench"
    run "$BATS_TEST_TMPDIR/bench" 0
    assert_success
    assert_line --partial 'accesses/s'
}

# prove COMPILER SOURCE: every interleaving of a program of one's own.
prove() {
    local cc=$1 source=$2 lib=$ROOT/build/lib out=$BATS_TEST_TMPDIR/own
    local -a extra=()

    [[ $cc != clang ]] || extra=(-mllvm -tsan-instrument-read-before-write=1)
    make -s -C "$ROOT" tools >/dev/null
    "$cc" -std=gnu11 -pthread -g -gdwarf-4 -fsanitize=thread -O0 -fno-builtin \
        "${extra[@]}" -c -o "$out.o" "$source"
    "$cc" -pthread -o "$out" "$out.o" "@$lib/explore.wraps" \
        "$lib/libexplore.a"
    limited "$ROOT/build/bin/rl-explore" "$out" --prove --format lines
}

# weak STORE LOAD STATEMENT-A STATEMENT-B: two threads with atomics x and y.
weak() {
    cat <<END >"$BATS_TEST_TMPDIR/own.c"
#include <pthread.h>
#include <stdatomic.h>
#define STORE(p, v) atomic_store_explicit(p, v, memory_order_$1)
#define LOAD(p) atomic_load_explicit(p, memory_order_$2)
#define ADD(p) atomic_fetch_add_explicit(p, 1, memory_order_$1)
static atomic_int x, y;
static int r1, r2, data;
static void *a(void *arg) { $3; return arg; }
static void *b(void *arg) { $4; return arg; }
int main(void)
{
    pthread_t t, u;
    pthread_create(&t, 0, a, 0);
    pthread_create(&u, 0, b, 0);
    pthread_join(t, 0);
    pthread_join(u, 0);
    return 0;
}
END
}

@test "store buffering is proved with seq_cst and with nothing weaker" {
    for cc in gcc clang; do
        weak seq_cst seq_cst 'STORE(&x, 1); r1 = LOAD(&y)' \
            'STORE(&y, 1); r2 = LOAD(&x)'
        run prove "$cc" "$BATS_TEST_TMPDIR/own.c"
        assert_success
        weak release acquire 'STORE(&x, 1); r1 = LOAD(&y)' \
            'STORE(&y, 1); r2 = LOAD(&x)'
        run prove "$cc" "$BATS_TEST_TMPDIR/own.c"
        assert_failure 4
        assert_output --regexp 'weak-memory: .* own.c:[89] '
    done
}

@test "a release store before a seq_cst load is not enough" {
    weak release seq_cst 'STORE(&x, 1); r1 = LOAD(&y)' \
        'STORE(&y, 1); r2 = LOAD(&x)'
    run prove gcc "$BATS_TEST_TMPDIR/own.c"
    assert_failure 4
    assert_output --partial weak-memory
}

@test "one flag with release and acquire is proved" {
    weak release acquire 'data = 1; STORE(&x, 1)' \
        'if (LOAD(&x)) r1 = data'
    run prove gcc "$BATS_TEST_TMPDIR/own.c"
    assert_success
}

@test "the same flag, relaxed, is a race" {
    weak relaxed relaxed 'data = 1; STORE(&x, 1)' \
        'if (LOAD(&x)) r1 = data'
    run prove gcc "$BATS_TEST_TMPDIR/own.c"
    assert_failure 1
    assert_output --partial data-race
}

@test "relaxed counters are proved" {
    weak relaxed relaxed 'ADD(&x); ADD(&y)' 'ADD(&y); ADD(&x)'
    run prove gcc "$BATS_TEST_TMPDIR/own.c"
    assert_success
}
