# shellcheck shell=bash
# From a detector's JSON Lines to text: the same words in every command.
# Sourced after common.sh.

# {FILE: [LINE, ...]} of FILE...
sources_json() {
    (($#)) || {
        printf '{}'
        return
    }
    jq -n -R 'reduce inputs as $line ({};
        .[input_filename | split("/") | last] += [$line])' "$@"
}

# The pages of tools/explain, kept for as long as the tools stand.
pages_file() {
    local kept own=$RL_TMP/pages.$BASHPID
    local -a pages=("$RL_TOOLS"/explain/*.md)
    kept=$RL_BUILD/about/pages-$(tool_version).json
    if [[ ! -s $kept ]]; then
        mkdir -p "$RL_BUILD/about"
        jq -n -R -f "$RL_TOOLS/lib/pages.jq" "${pages[@]}" \
            >"$own"
        mv -f "$own" "$kept"
    fi
    printf '%s' "$kept"
}

# enrich LINES UNIT: detector lines as one array, each finding whole.
enrich() {
    local lines=$1 unit=$2 sources
    sources=$(mktemp "$RL_TMP/sources.XXXXXX")
    (
        shopt -s globstar nullglob
        sources_json "$unit"/src/**/*.[ch] >"$sources"
    )
    jq -s --slurpfile sources "$sources" \
        --slurpfile pages "$(pages_file)" \
        -f "$RL_TOOLS/lib/enrich.jq" "$lines"
}
