/*
 * rl-scan --unit UNIT [--allow GROUP]... [--facts]
 * Looks for what silences or dodges a detector in a submission and prints
 * findings of tools/finding.schema.json, kind api-misuse, detector "honest",
 * and their summary. A comment or a string that names such a thing is fine.
 * --allow: a group of rules.c that this lab permits (process, exec, raw,
 * load, trace, kill, line, outside). --facts: print instead one line about
 * what the program uses, for judge.jq.
 * Ends with 0 clean, 1 found, 2 wrong use, 3 no compiler or no build, 70.
 */
#include "compiler.h"
#include "objects.h"
#include "rules.h"
#include "scan.h"

#include "../core/finding.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: rl-scan --unit UNIT [--allow GROUP]... [--facts]\n";

static bool ends_in(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);

    return length > tail && strcmp(name + length - tail, ending) == 0;
}

static int is_source(const struct dirent *entry)
{
    return ends_in(entry->d_name, ".c") || ends_in(entry->d_name, ".h");
}

static bool scan_file(struct scan *scan, const char *name)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    size_t length;
    char *text = fd < 0 ? NULL : read_all(fd, &length);

    if (fd >= 0) {
        close(fd);
    }
    if (!text) {
        return false;
    }
    scan_raw(scan, text, length, name);
    free(text);
    return true;
}

static bool scan_compiled(struct scan *scan, const struct compiler *cc,
                          const char *name, struct symbol_sets *symbols,
                          const char *object)
{
    char path[300];
    size_t length;
    char *code;

    snprintf(path, sizeof(path), "./%s", name);
    code = compiler_preprocess(cc, path, &length);
    if (!code) {
        return false;
    }
    scan_code(scan, code, length, path);
    free(code);
    return compiler_compile(cc, path, object) == 0 &&
           symbol_sets_read(symbols, object);
}

/* A name of libc's that the program defines for itself is a call that our
 * wraps and the sanitizer's would not see. */
static bool is_libc(const char *name)
{
    return strncmp(name, "__", 2) == 0 || dlsym(RTLD_DEFAULT, name);
}

static void check_symbols(struct scan *scan, const struct symbol_sets *symbols)
{
    if (symbols->early) {
        scan_add(scan, "silence", NULL, 0, "A function",
                 "runs before the detectors do (ifunc, .preinit_array)");
    }
    for (size_t i = 0; i < symbols->needs.count; i++) {
        const char *name = symbols->needs.names[i];
        const struct rule *rule = rule_for(name, RULE_CALLS);

        if (rule) {
            scan_add(scan, rule->group, NULL, 0, name, rule->why);
        }
    }
    for (size_t i = 0; i < symbols->defines.count; i++) {
        const char *name = symbols->defines.names[i];
        const struct rule *rule = rule_for(name, RULE_DEFINES);

        if (rule && is_libc(name)) {
            scan_add(scan, rule->group, NULL, 0, name, rule->why);
        }
    }
}

/* Everything there is to know about the sources of the working directory. */
static int scan_sources(struct scan *scan, const struct compiler *cc)
{
    char object[] = "/tmp/rl-scan.XXXXXX";
    struct symbol_sets symbols = {.needs = {.count = 0}};
    struct dirent **names = NULL;
    int count = scandir(".", &names, is_source, alphasort), status = 0;
    int fd = mkstemp(object);

    if (count < 0 || fd < 0) {
        perror("rl-scan");
        return 70;
    }
    for (int i = 0; i < count && !status; i++) {
        const char *name = names[i]->d_name;

        if (!scan_file(scan, name) ||
            (ends_in(name, ".c") &&
             !scan_compiled(scan, cc, name, &symbols, object))) {
            fprintf(stderr, "rl-scan: %s does not compile\n", name);
            status = 3;
        }
    }
    if (!status) {
        symbol_sets_settle(&symbols);
        check_symbols(scan, &symbols);
    }
    symbol_sets_free(&symbols);
    while (count-- > 0) {
        free(names[count]);
    }
    free(names);
    close(fd);
    unlink(object);
    return status;
}

static int by_place(const void *a, const void *b)
{
    const struct scan_find *one = a, *two = b;
    int order = strcmp(one->file, two->file);

    if (!order) {
        order = (one->line > two->line) - (one->line < two->line);
    }
    return order ? order : strcmp(one->word, two->word);
}

static void print_find(const struct scan_find *find)
{
    struct finding *f = finding_new("api-misuse", "error", "honest");
    struct finding_thread *thread = finding_add_thread(f, 0, NULL, "use");

    if (find->line) {
        finding_place(thread, find->file, find->line, NULL);
        finding_message(f, "%s:%d: %s %s.", find->file, find->line, find->word,
                        find->why);
    } else {
        finding_message(f, "%s %s.", find->word, find->why);
    }
    finding_set(&thread->object, find->word);
    finding_print(stdout, f);
    finding_free(f);
}

static int print_finds(struct scan *scan)
{
    if (scan->nfinds) {
        qsort(scan->finds, scan->nfinds, sizeof(*scan->finds), by_place);
    }
    for (size_t i = 0; i < scan->nfinds; i++) {
        print_find(&scan->finds[i]);
    }
    finding_print_summary(stdout, "honest", scan->nfinds ? "found" : "clean", 1,
                          "the source, its words and its calls", NULL);
    return scan->nfinds ? 1 : 0;
}

static int run(struct scan *scan, const char *unit, bool facts)
{
    struct compiler cc;
    char path[4096];
    int status = compiler_read(&cc, unit);

    snprintf(path, sizeof(path), "%s/src", unit);
    if (!status && chdir(path) != 0) {
        perror("rl-scan");
        status = 70;
    }
    if (!status) {
        status = scan_sources(scan, &cc);
    }
    if (!status && facts) {
        json_t *line = facts_json(&scan->facts);

        json_dumpf(line, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(line);
    } else if (!status) {
        status = print_finds(scan);
    }
    compiler_free(&cc);
    return status;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"unit", required_argument, NULL, 'u'},
        {"allow", required_argument, NULL, 'a'},
        {"facts", no_argument, NULL, 'f'},
        {NULL, 0, NULL, 0},
    };
    struct scan scan = {.nallowed = 0};
    const char *unit = NULL;
    bool facts = false, wrong = false;
    int option, status = 2;

    scan.allowed = calloc((size_t)argc, sizeof(*scan.allowed));
    if (!scan.allowed) {
        return 70;
    }
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'u') {
            unit = optarg;
        } else if (option == 'a' && rule_group(optarg) &&
                   strcmp(optarg, "silence") != 0) {
            scan.allowed[scan.nallowed++] = optarg;
        } else if (option == 'f') {
            facts = true;
        } else {
            wrong = true;
        }
    }
    if (wrong || !unit || optind != argc) {
        fputs(usage, stderr);
    } else {
        status = run(&scan, unit, facts);
    }
    scan_free(&scan);
    free(scan.allowed);
    return fflush(stdout) ? 70 : status;
}
