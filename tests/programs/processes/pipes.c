// A child sends SIZE bytes to its parent. HOW is a bug or its fix.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char block[100000];

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    size_t size = argc > 2 ? (size_t)atol(argv[2]) : 100;
    int fds[2];
    ssize_t n = 0;
    long sum = 0;
    pid_t child;
    FILE *in;

    if (pipe(fds) || (child = fork()) < 0)
        return 1;
    if (child == 0) {
        close(fds[0]);
        n = write(fds[1], block, size);
        _exit(n == (ssize_t)size ? 0 : 1);
    }
    if (strcmp(how, "open-end") != 0)
        close(fds[1]);
    if (strcmp(how, "wait-first") == 0)
        waitpid(child, NULL, 0);
    if (strcmp(how, "stdio") == 0) {
        in = fdopen(fds[0], "r");
        while (in && fgetc(in) != EOF)
            sum++;
    } else if (strcmp(how, "one-read") == 0) {
        sum = read(fds[0], block, sizeof block);
    } else {
        while ((n = read(fds[0], block, sizeof block)) > 0)
            sum += n;
    }
    waitpid(child, NULL, 0);
    printf("%ld\n", sum);
    return 0;
}
