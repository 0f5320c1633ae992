# shellcheck shell=bash
# Zips of parts of the repository: the same files give the same bytes.
# Sourced after common.sh; needs scratch.

# The files of the repository, NUL after each: those that git knows, or all
# of a copy without git.
pack_files() {
    if [[ -n $(git -C "$RL_ROOT" ls-files -- tools/racelab 2>/dev/null) ]]; then
        git -C "$RL_ROOT" ls-files -z
    else
        (cd "$RL_ROOT" && find . -name .git -prune -o -path ./build -prune -o \
            -type f -print0 | sed -z 's|^\./||')
    fi | LC_ALL=C sort -z
}

# pack_copy TO PATTERN...: of those files the ones that match a pattern of
# [[ == ]], into the folder TO.
pack_copy() {
    local to=$1 file pattern
    shift
    mkdir -p "$to"
    while IFS= read -r -d '' file; do
        for pattern; do
            # shellcheck disable=SC2053 # a pattern is meant
            if [[ $file == $pattern && -f $RL_ROOT/$file ]]; then
                printf '%s\0' "$file"
                break
            fi
        done
    done < <(pack_files) |
        (cd "$RL_ROOT" && xargs -0 cp --parents -t "$to" --)
}

# pack_shipped TO: the labs as they were shipped, whoever has worked on them.
pack_shipped() {
    local to=$1 name
    while read -r name; do
        lab_load "$name"
        cp -- "$(lab_shipped "$name")" "$to/labs/$name/$LAB_FILE"
    done < <(labs_all)
}

# pack_zip FOLDER OUT: what is in FOLDER, in order, without the owners, the
# times and the umask of this machine.
pack_zip() {
    local folder=$1 out=$2
    find "$folder" -type d -exec chmod 755 {} +
    find "$folder" -type f -perm /100 -exec chmod 755 {} +
    find "$folder" -type f ! -perm /100 -exec chmod 644 {} +
    find "$folder" -exec touch -h -d '2000-01-01 00:00:00 UTC' {} +
    rm -f -- "$RL_TMP/pack.zip"
    (cd "$folder" && find . -type f | sed 's|^\./||' | LC_ALL=C sort |
        TZ=UTC zip -q -X -D -@ "$RL_TMP/pack.zip") ||
        die 70 "zip failed"
    if ! cp -- "$RL_TMP/pack.zip" "$out.$$" 2>/dev/null ||
        ! mv -f -- "$out.$$" "$out"; then
        rm -f -- "$out.$$"
        die 2 "$(shown "$out") cannot be written"
    fi
    note "written: $(shown "$out") ($(find "$folder" -type f | wc -l) files," \
        "$(stat -c %s "$out") bytes)"
}

# pack_out GIVEN NAME: where the zip goes; an option, or build/NAME.
pack_out() {
    local out=${1:-$RL_BUILD/$2}
    [[ ! -d $out ]] || die 2 "$(shown "$out") is a folder"
    [[ -d $(dirname -- "$out") ]] ||
        die 2 "there is no folder $(shown "$(dirname -- "$out")")"
    printf '%s' "$out"
}
