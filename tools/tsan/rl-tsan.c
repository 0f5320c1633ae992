/*
 * rl-tsan BINARY < LINES: the lines that report.c wrote during a run of
 * BINARY, as findings of tools/finding.schema.json, one a line. Findings that
 * others wrote to the same pipe pass through. The last line says whether the
 * run was seen to begin and to end:
 *   {"type":"tsan-run","started":true,"ended":true,"unread":0}
 * unread counts lines that were cut or made no sense.
 */
#include "reports.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
    bool started, ended;
    int unread;
};

static void take_line(struct symbols *symbols, const char *line,
                      struct tally *tally)
{
    json_t *report = json_loads(line, 0, NULL);
    const char *type = json_string_value(json_object_get(report, "type"));
    struct finding *finding = NULL;

    if (!type) {
        tally->unread++;
    } else if (strcmp(type, "tsan-start") == 0) {
        tally->started = true;
    } else if (strcmp(type, "tsan-end") == 0) {
        tally->ended = true;
    } else if (strcmp(type, "finding") == 0) {
        json_dumpf(report, stdout, JSON_COMPACT);
        putchar('\n');
    } else if (strcmp(type, "tsan-report") == 0) {
        finding = tsan_finding(symbols, report);
        if (!finding || finding_print(stdout, finding)) {
            tally->unread++;
        }
    } else {
        tally->unread++;
    }
    finding_free(finding);
    json_decref(report);
}

int main(int argc, char **argv)
{
    struct tally tally = {0};
    struct symbols *symbols;
    char error[256], *line = NULL;
    size_t size = 0;

    if (argc != 2) {
        fputs("usage: rl-tsan BINARY < LINES\n", stderr);
        return 2;
    }
    symbols = symbols_open(argv[1], error, sizeof(error));
    if (!symbols) {
        fprintf(stderr, "rl-tsan: %s\n", error);
        return 70;
    }
    while (getline(&line, &size, stdin) >= 0) {
        take_line(symbols, line, &tally);
    }
    printf("{\"type\":\"tsan-run\",\"started\":%s,\"ended\":%s,"
           "\"unread\":%d}\n",
           tally.started ? "true" : "false", tally.ended ? "true" : "false",
           tally.unread);
    free(line);
    symbols_close(symbols);
    return fflush(stdout) ? 70 : 0;
}
