# The workflows of tools/workflows: they are YAML, and what they run runs.

load helper

# steps FILE: its run steps, NUL after each.
steps() {
    perl -MCPAN::Meta::YAML -e '
        my $doc = CPAN::Meta::YAML->read($ARGV[0])->[0];
        my ($job) = values %{$doc->{jobs}};
        print "$_->{run}\0" for grep { $_->{run} } @{$job->{steps}};' "$1"
}

# variables FILE: its env, NAME=value a line.
variables() {
    perl -MCPAN::Meta::YAML -e '
        my $env = CPAN::Meta::YAML->read($ARGV[0])->[0]{env};
        print "$_=$env->{$_}\n" for sort keys %$env;' "$1"
}

# follow FILE: each step as the runner does it, in a shell of its own.
follow() {
    local step
    local -a env
    mapfile -t env < <(variables "$1")
    env+=(GITHUB_ACTIONS=true "GITHUB_OUTPUT=$PWD/output")
    : >output
    while IFS= read -r -d '' step; do
        status=0
        env "${env[@]}" ${STATUS:+"STATUS=$STATUS"} \
            bash -e -c "$step" >>log 2>&1 || status=$?
        STATUS=$(sed -n 's/^status=//p' output)
        ((status == 0)) || return "$status"
    done < <(steps "$1")
}

@test "they name only steps with a use or a run, and pin what they use" {
    for file in "$ROOT"/tools/workflows/*.yml; do
        run -0 perl -MCPAN::Meta::YAML -e '
            my $doc = CPAN::Meta::YAML->read($ARGV[0])->[0];
            my ($job) = values %{$doc->{jobs}};
            for (@{$job->{steps}}) {
                die "no name" if !$_->{name};
                die "$_->{name}: use or run" if !$_->{uses} == !$_->{run};
                die $_->{uses} if $_->{uses} && $_->{uses} !~ /@v\d+$/;
            }
            print join " ", @{$doc->{on}};' "$file"
        [[ $output == push* ]]
    done
}

@test "a project of one's own: SARIF with its paths, then a red job" {
    cd "$BATS_TEST_TMPDIR"
    mkdir -p src include
    ln -s "$ROOT" .racelab
    echo '#define STEP 1' >include/step.h
    cat >src/main.c <<'C'
#include "step.h"
#include <pthread.h>
#include <stdio.h>

static long total;

static void *work(void *unused)
{
    (void)unused;
    total += STEP;
    puts("::error::not a command");
    return NULL;
}

int main(void)
{
    pthread_t one, two;

    pthread_create(&one, NULL, work, NULL);
    pthread_create(&two, NULL, work, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    return 0;
}
C
    run follow "$ROOT/tools/workflows/code-scanning.yml"
    [[ $status -eq 1 ]] || fail_with "$(cat log)"
    python3 -c 'import json, jsonschema, sys
jsonschema.Draft4Validator(json.load(open(sys.argv[1]))).validate(
    json.load(open("racelab.sarif")))' \
        "$ROOT/tests/schemas/sarif-2.1.0.schema.json"
    [[ $(jq -r '.runs[0].results[0] | .ruleId, (.codeFlows[0].threadFlows |
        length), .locations[0].physicalLocation.artifactLocation.uri' \
        racelab.sarif | paste -sd' ') == "data-race 2 src/main.c" ]]
    # The words of the program are in no line that the runner would obey.
    [[ $(sed -n 's/^::stop-commands::\(.*\)/\1/p' log) == [0-9a-f]* ]]
    [[ $(sed '/^::stop-commands::/,/^::[0-9a-f]*::$/d' log) != *::* ]]
}

@test "an assignment of GitHub Classroom: the result is in the output" {
    cd "$BATS_TEST_TMPDIR"
    mkdir work
    ln -s "$ROOT" racelab
    cp "$ROOT/tests/submissions/21-unlocked-counter/shipped.c" work/hits.c
    run follow "$ROOT/tools/workflows/classroom.yml"
    [[ $status -eq 0 ]] || fail_with "$(cat log)"
    sed -n 's/^result=//p' output | base64 -d >result.json
    [[ $(jq -r '.version, .status' result.json | paste -sd' ') == "1 fail" ]]
    [[ $(jq '([.tests[].score] | add) < .max_score' result.json) == true ]]
}
