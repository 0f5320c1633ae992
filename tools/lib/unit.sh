# shellcheck shell=bash
# A unit: one submission staged for one compiler, built in several flavours.
# Usage: source tools/lib/unit.sh
#
# UNIT/src/     copies of the .c and .h files, names kept
# UNIT/cc       the compiler, one line
# UNIT/cflags   further compiler flags, one a line (-I, -D)
# UNIT/ldflags  further linker flags, one a line (-l, -L)
# UNIT/bin/F    the binary of flavour F, F.log the compiler's words
#
# unit_stage UNIT CC FILE...   makes UNIT (flags empty; write them after it)
# unit_bin UNIT FLAVOUR        prints the binary's path, built if missing
#   returns 2 if it does not build, 3 if a tool of ours or the compiler is
#   missing (the words are in UNIT/bin/FLAVOUR.log), 70 if UNIT is no unit
# unit_flavours                prints the flavours, one a line
#
# A flavour F is a function unit_build_F OBJECTS OUT, which runs in a sandbox:
# it compiles every .c of the working directory with unit_compile and links
# OUT; its arrays cc, cflags and ldflags come from unit_inside. Sources are
# compiled under their own names, so that no path gets into a binary.
#
# C11 threads (thrd_, mtx_, cnd_) become pthread calls in build/lib/librecord.a
# in plain and tsan builds. The wraps are generated from the archives.

UNIT_ROOT=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)

# What every flavour is compiled with; the macros that would let a program
# see a detector are taken away after the compiler has defined them.
UNIT_COMMON=(-std=gnu11 -pthread -g -Wall -DNVALGRIND -U__SANITIZE_THREAD__
    -fno-omit-frame-pointer -fno-optimize-sibling-calls)

unit_stage() {
    local unit=$1 cc=$2
    shift 2

    rm -rf -- "$unit"
    mkdir -p -- "$unit/src" "$unit/bin"
    cp -- "$@" "$unit/src/"
    chmod -R u+w -- "$unit/src"
    printf '%s\n' "$cc" >"$unit/cc"
    : >"$unit/cflags"
    : >"$unit/ldflags"
}

unit_flavours() {
    declare -F | sed -n 's/^declare -f unit_build_//p'
}

# Compiles each .c of the working directory to OBJ/NAME.o.
# Usage: unit_compile OBJ FLAG...
unit_compile() {
    local objects=$1 source
    shift

    for source in *.c; do
        "${cc[@]}" "${UNIT_COMMON[@]}" "$@" "${cflags[@]}" \
            "-ffile-prefix-map=$PWD=." -c -o "$objects/$source.o" \
            "./$source" || return 2
    done
}

# Prints, one a line, the linker arguments for an archive of ours and the
# symbols it wraps; 3 if it has not been built.
unit_archive() {
    local name=$1 lib=$UNIT_ROOT/build/lib

    if [[ ! -f $lib/lib$name.a || ! -f $lib/$name.wraps ]]; then
        echo "racelab: build/lib/lib$name.a is missing: run make tools" >&2
        return 3
    fi
    printf '%s\n' "@$lib/$name.wraps" "$lib/lib$name.a"
}

unit_build_plain() {
    local objects=$1 out=$2 text
    local -a record

    text=$(unit_archive record) || return
    mapfile -t record <<<"$text"
    unit_compile "$objects" -O1 -gdwarf-4 || return
    "${cc[@]}" -pthread -o "$out" "$objects"/*.o "${record[@]}" \
        "${ldflags[@]}" -Wl,--as-needed -lm || return 2
}

# Plain, and calls that block in the kernel are noted too (tools/lanes).
unit_build_timeline() {
    local objects=$1 out=$2 io record
    local -a libraries

    io=$(unit_archive io) || return
    record=$(unit_archive record) || return
    mapfile -t libraries <<<"$io"$'\n'"$record"
    unit_compile "$objects" -O1 -gdwarf-4 || return
    "${cc[@]}" -pthread -o "$out" "$objects"/*.o "${libraries[@]}" \
        "${ldflags[@]}" -Wl,--as-needed -lm || return 2
}

# Event loops, whose descriptors and clocks are ours (tools/loop). Without
# optimisation: a handler that is inlined has no name on the stack.
unit_build_loop() {
    local objects=$1 out=$2 text
    local -a loop

    text=$(unit_archive loop) || return
    mapfile -t loop <<<"$text"
    unit_compile "$objects" -O0 -gdwarf-4 -finstrument-functions || return
    "${cc[@]}" -pthread -o "$out" "$objects"/*.o "${loop[@]}" \
        "${ldflags[@]}" -lm || return 2
}

# C11 threads become pthread calls here, too: DRD crashes on glibc's own.
unit_build_valgrind() {
    local objects=$1 out=$2 shims=$UNIT_ROOT/build/lib/libc11.a

    if [[ ! -f $shims ]]; then
        echo "racelab: build/lib/libc11.a is missing: run make tools" >&2
        return 3
    fi
    unit_compile "$objects" -O0 -gdwarf-4 || return
    "${cc[@]}" -pthread -o "$out" "$objects"/*.o "$shims" "${ldflags[@]}" \
        -Wl,--as-needed -lm || return 2
}

# The report hook is called by the run-time library, never by name from the
# program: it needs the whole archive. Its wraps are optional.
unit_build_tsan() {
    local objects=$1 out=$2 text lib=$UNIT_ROOT/build/lib
    local -a record hooks=()

    text=$(unit_archive record) || return
    mapfile -t record <<<"$text"
    if [[ ! -f $lib/librltsan.a ]]; then
        echo "racelab: build/lib/librltsan.a is missing: run make tools" >&2
        return 3
    fi
    hooks=("-Wl,--whole-archive" "$lib/librltsan.a" "-Wl,--no-whole-archive")
    [[ ! -f $lib/tsan.wraps ]] || hooks+=("@$lib/tsan.wraps")
    unit_compile "$objects" -fsanitize=thread -O1 || return
    "${cc[@]}" -pthread -fsanitize=thread -o "$out" "$objects"/*.o \
        "${hooks[@]}" "${record[@]}" "${ldflags[@]}" -Wl,--as-needed -lm || return 2
}

# Compiled for ThreadSanitizer's hooks, linked without it: the explorer's
# library is the run-time library.
unit_build_explore() {
    local objects=$1 out=$2 text
    local -a explore flags

    text=$(unit_archive explore) || return
    mapfile -t explore <<<"$text"
    mapfile -t flags < <(unit_explore_flags "${cc[@]}")
    unit_compile "$objects" "${flags[@]}" || return
    "${cc[@]}" -pthread -o "$out" "$objects"/*.o "${UNIT_EXPLORE_LINK[@]}" \
        "${explore[@]}" "${ldflags[@]}" -Wl,--as-needed -lm || return 2
}

# Compiled as for the explorer, linked against the server of processes.
unit_build_processes() {
    local objects=$1 out=$2 text
    local -a library flags

    text=$(unit_archive procs) || return
    mapfile -t library <<<"$text"
    mapfile -t flags < <(unit_explore_flags "${cc[@]}")
    unit_compile "$objects" "${flags[@]}" || return
    "${cc[@]}" -pthread -o "$out" "$objects"/*.o "${UNIT_EXPLORE_LINK[@]}" \
        "${library[@]}" "${ldflags[@]}" -lm || return 2
}

# What the explore flavour is compiled with, one a line.
unit_explore_flags() {
    printf '%s\n' -fsanitize=thread -O0 -fno-builtin -U_FORTIFY_SOURCE
    ! unit_is_clang "$@" ||
        printf '%s\n' -mllvm -tsan-instrument-read-before-write=1
}

# No call of the program goes through the dynamic linker at its first time.
UNIT_EXPLORE_LINK=("-Wl,-z,now")

unit_is_clang() {
    [[ $("$@" --version 2>/dev/null) == *clang* ]]
}

unit_bin() {
    local unit=$1 flavour=$2 bin status=0

    if ! declare -F "unit_build_$flavour" >/dev/null || [[ ! -f $unit/cc ]]; then
        echo "racelab: no unit, or no such flavour: $unit $flavour" >&2
        return 70
    fi
    unit=$(cd -- "$unit" && pwd)
    bin=$unit/bin/$flavour
    if [[ ! -x $bin ]]; then
        mkdir -p -- "$unit/bin"
        (
            flock 9
            [[ -x $bin ]] || unit_make "$unit" "$flavour" >"$bin.log" 2>&1
        ) 9>"$unit/bin/.$flavour.lock" || status=$?
    fi
    ((status == 0)) || return "$status"
    printf '%s\n' "$bin"
}

# What a flavour is linked with, of build/lib; another one gets all of it.
declare -A UNIT_LIBRARIES=(
    [plain]='librecord.a record.wraps'
    [valgrind]='libc11.a'
    [tsan]='librecord.a record.wraps librltsan.a tsan.wraps'
    [explore]='libexplore.a explore.wraps'
    [processes]='libprocs.a procs.wraps'
    [loop]='libloop.a loop.wraps'
)

# More than any lab's program needs; what does not fit does not build.
UNIT_LIMITS=(--no-proc --wall 200 --cpu 40 --mem 1024 --address 8192
    --output-limit 67108864 --error-limit 262144)

# Builds in a sandbox (tools/sandbox) that holds the sources, this file and
# the libraries; the binary comes out as its standard output. Moved into place
# when it is whole.
unit_make() {
    local unit=$1 flavour=$2 status=0 scratch
    local -a cc

    mapfile -t cc <"$unit/cc"
    if ! command -v "${cc[0]}" >/dev/null; then
        echo "racelab: the compiler ${cc[0]} is not installed"
        return 3
    fi
    if [[ ! -x $UNIT_ROOT/build/bin/rl-run ]]; then
        echo "racelab: build/bin/rl-run is missing: run make tools"
        return 3
    fi
    scratch=$(mktemp -d "$unit/bin/.build.XXXXXX")
    unit_in_sandbox "$unit" "$flavour" "$scratch" || status=$?
    if ((status == 2)) && ! unit_compiles "$unit" "$flavour" "$scratch/none"
    then
        status=3
    fi
    if ((status == 0)); then
        chmod +x -- "$scratch/out"
        mv -- "$scratch/out" "$unit/bin/$flavour"
    fi
    rm -rf -- "$scratch"
    return "$status"
}

# Can this compiler build a program with nothing in it? If not, its complaints
# about somebody's program say nothing of that program: 1, and the reason.
unit_compiles() {
    local unit=$1 flavour=$2 none=$3

    mkdir -p -- "$none/src"
    printf 'int main(void) { return 0; }\n' >"$none/src/none.c"
    cp -- "$unit/cc" "$none/cc"
    : >"$none/cflags"
    : >"$none/ldflags"
    ! unit_in_sandbox "$none" "$flavour" "$none" >"$none/said" || return 0
    printf 'racelab: this compiler builds nothing here: %s\n' \
        "$(grep -m1 -E 'error|not found' "$none/said" ||
            tail -n1 "$none/said")"
    return 1
}

unit_in_sandbox() {
    local unit=$1 flavour=$2 scratch=$3 file library end status=0
    local lib=$UNIT_ROOT/build/lib
    local -a options=() libraries flags

    options+=(--tree "$unit/src=/unit/src")
    for file in cc cflags ldflags; do
        options+=(--bind "$unit/$file=/unit/$file")
    done
    read -r -a libraries <<<"${UNIT_LIBRARIES[$flavour]:-$(cd -- "$lib" &&
        echo *)}"
    for library in "${libraries[@]}"; do
        [[ ! -f $lib/$library ]] ||
            options+=(--bind "$lib/$library=/tools/build/lib/$library")
    done
    mapfile -t flags < <(cat -- "$unit/cflags" "$unit/ldflags")
    for file in "${flags[@]}"; do
        [[ $file != -[IL]/* ]] || options+=(--folder "${file:2}")
    done
    # shellcheck disable=SC2016 # for the shell inside
    end=$("$UNIT_ROOT/build/bin/rl-run" "${UNIT_LIMITS[@]}" \
        --stdout "$scratch/out" --stderr "$scratch/words" \
        --bind "${BASH_SOURCE[0]}=/tools/tools/lib/unit.sh" \
        "${options[@]}" --env LC_ALL=C.UTF-8 -- \
        bash -c 'source ../tools/tools/lib/unit.sh; unit_inside "$1"' \
        bash "$flavour" 2>"$scratch/ours") || status=$?
    if ((status)); then
        cat -- "$scratch/ours"
        return 3
    fi
    cat -- "$scratch/words"
    unit_ended "$end"
}

# What rl-run says of the build, in our exit codes.
unit_ended() {
    case $1 in
    *'"end":"exit","code":'[023],*)
        [[ $1 =~ '"code":'([0-9]+) ]]
        return "${BASH_REMATCH[1]}"
        ;;
    *'"end":"exit"'*) echo "error: the compiler ended early" ;;
    *'"end":"cpu"'* | *'"end":"timeout"'*)
        echo "error: the compiler needs too long for it"
        ;;
    *'"end":"memory"'*) echo "error: the compiler needs too much memory" ;;
    *'"end":"output"'*) echo "error: the program or the compiler's words" \
        "are too long" ;;
    *'"end":"nostart"'*)
        echo "racelab: bash does not start in the sandbox"
        return 3
        ;;
    *) echo "error: the compiler was stopped: ${1:0:60}" ;;
    esac
    return 2
}

# Within the sandbox, in an empty folder: compiles and prints the binary.
unit_inside() {
    local flavour=$1 status=0
    local -a cc cflags ldflags

    mapfile -t cc <../unit/cc
    mapfile -t cflags <../unit/cflags
    mapfile -t ldflags <../unit/ldflags
    mkdir objects
    export TMPDIR=$PWD/objects
    (
        # Called in a condition, where -e is off: every step says so itself.
        cd ../unit/src || exit 70
        "unit_build_$flavour" "$OLDPWD/objects" "$OLDPWD/objects/.out"
    ) >&2 || status=$?
    ((status == 0)) || exit "$status"
    cat objects/.out
}
