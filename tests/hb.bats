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

# Each line breaks one thing in the clock; the traces must notice.
@test "a broken race clock is noticed" {
    local name from to copy

    while IFS='|' read -r name from to; do
        copy="$BATS_TEST_TMPDIR/$name"
        mkdir "$copy"
        cp "$ROOT/$rt"/hb* "$ROOT/$rt"/shadow* "$copy"
        sed -i "s/$from/$to/" "$copy"/*.c
        run diff -rq "$ROOT/$rt" "$copy"
        assert_line --partial differ
        gcc -std=gnu11 -O1 -w -I"$copy" -o "$copy/random" \
            "$ROOT/$unit/random.c" "$copy"/*.c
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
