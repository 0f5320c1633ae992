/* main.c - rl-intake: a class's submissions to a clean tree and a list.
 *
 * rl-intake INPUT STAGE
 * INPUT is a folder or an archive, STAGE an empty folder.  Prints JSON Lines:
 *   {"type":"student","number":1,"key":...,"name":...,"id":...,
 *    "platform":...,"late":false,"files":3,"problems":[{"path","what"}]}
 *   {"type":"class","problems":[...]}                      last, once
 * Exits 0 whatever the input holds, 2 when it is none, 3 when this machine
 * fails (one line on stderr).
 */
#include "intake.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void more_problems(json_t *list, size_t count)
{
    char text[64];

    if (count <= LIMIT_PROBLEMS)
        return;
    snprintf(text, sizeof text, "and %zu more like these",
             count - LIMIT_PROBLEMS);
    json_array_append_new(list, json_pack("{s:n, s:s}", "path", "what", text));
}

static void print(json_t *line)
{
    if (!line || json_dumpf(line, stdout, JSON_COMPACT) != 0 ||
        putchar('\n') == EOF)
        fatal(strerror(errno), "the list of students");
    json_decref(line);
}

static void print_student(struct student *s)
{
    more_problems(s->problems, s->problem_count);
    print(json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:b, s:I, s:o}", "type",
                    "student", "number", (json_int_t)s->number, "key", s->key,
                    "name", s->name, "id", s->id, "platform", s->platform,
                    "late", s->late, "files", (json_int_t)s->files, "problems",
                    s->problems));
    free(s->key);
    free(s->name);
    free(s->id);
    free(s);
}

static int wrong(const char *path, const char *what)
{
    fprintf(stderr, "rl-intake: %s: %s\n", path, what);
    return 2;
}

int main(int argc, char **argv)
{
    struct intake in = {.problems = json_array()};
    struct stat st;
    int fd;

    if (argc != 3) {
        fputs("usage: rl-intake INPUT STAGE\n", stderr);
        return 2;
    }
    /* libarchive hands out names in the locale's encoding. */
    setlocale(LC_CTYPE, "C.UTF-8");
    in.stage = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (in.stage < 0)
        return wrong(argv[2], strerror(errno));
    fd = open(argv[1], O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0)
        return wrong(argv[1], strerror(errno));
    if (S_ISDIR(st.st_mode))
        take_folder(&in, fd);
    else if (S_ISREG(st.st_mode))
        take_archive(&in, fd, (uint64_t)st.st_size);
    else
        return wrong(argv[1], "neither a folder nor a file");
    if (in.metadata)
        names_from_metadata(&in, in.metadata);
    for (size_t i = 0; i < in.student_count; i++)
        print_student(in.students[i]);
    more_problems(in.problems, in.problem_count);
    print(json_pack("{s:s, s:o}", "type", "class", "problems", in.problems));
    free(in.students);
    free(in.metadata);
    free(in.wrapper);
    return fflush(stdout) == 0 ? 0 : 3;
}
