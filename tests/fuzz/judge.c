/*
 * What a program prints, beside what is right: three texts with a NUL between
 * them (right, output, last words), and how it ended.
 *
 * with: core/judge core/finding
 * links: -ljansson
 */
#include "fuzz.h"

#include "../../tools/core/judge.h"

/* Two words of once.c, which would bring all of rl-run with it. */
const char *run_end_name(enum run_end end)
{
    return end == RUN_EXIT ? "exit" : "other";
}

const char *run_signal_name(int signal, char *name, size_t size)
{
    snprintf(name, size, "signal %d", signal);
    return name;
}

/* Copied, so that a byte read too much is seen. */
static struct text take(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *stop = memchr(*at, 0, (size_t)(end - *at));
    struct text t;

    if (!stop)
        stop = end;
    t.length = (size_t)(stop - *at);
    t.bytes = malloc(t.length + 1);
    memcpy(t.bytes, *at, t.length);
    t.bytes[t.length] = '\0';
    *at = stop < end ? stop + 1 : end;
    return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *at = data + 2;
    struct text right, out, err;
    struct judging j = {
        .detector = "plain", .wall = "10", .cpu = "10", .expected = &right};
    struct run_result result = {.findings = json_array()};
    char words[40];

    if (size < 2) {
        json_decref(result.findings);
        return 0;
    }
    result.end = data[0] % (RUN_NOSTART + 1);
    result.code = data[1];
    result.signal = data[1] % 64;
    right = take(&at, data + size);
    out = take(&at, data + size);
    err = take(&at, data + size);
    json_decref(judge_run(&j, &result, &out, &err));
    judge_end(&result, words, sizeof words);
    free(right.bytes);
    free(out.bytes);
    free(err.bytes);
    json_decref(result.findings);
    return 0;
}
