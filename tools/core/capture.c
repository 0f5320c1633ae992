/*
 * Output of the program through a pipe into a file. A pipe, because a program
 * could cut a file that it has open itself.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int capture_open(struct capture *c, const char *path, long limit)
{
    int ends[2];

    *c = (struct capture){-1, -1, -1, limit, 0, false, false};
    if (path) {
        c->file = open(
            path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
        if (c->file < 0)
            return -1;
    }
    if (pipe2(ends, O_CLOEXEC))
        return -1;
    c->read_fd = ends[0];
    c->write_fd = ends[1];
    c->open = true;
    return fcntl(c->read_fd, F_SETFL, O_NONBLOCK);
}

static void keep(struct capture *c, const char *bytes, size_t n)
{
    if (c->limit && c->taken + (long)n > c->limit) {
        n = (size_t)(c->limit - c->taken);
        c->full = true;
    }
    c->taken += (long)n;
    while (c->file >= 0 && n > 0) {
        ssize_t done = write(c->file, bytes, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return;
        bytes += done;
        n -= (size_t)done;
    }
}

/* At most so much a call, so that an endless writer cannot hold us here. */
bool capture_take(struct capture *c)
{
    char buffer[65536];
    bool came = false;

    for (int i = 0; c->open && i < 16; i++) {
        ssize_t n = read(c->read_fd, buffer, sizeof buffer);

        if (n > 0) {
            keep(c, buffer, (size_t)n);
            came = true;
        } else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
            c->open = false;
        } else if (errno == EAGAIN) {
            break;
        }
    }
    return came;
}

void capture_close(struct capture *c)
{
    if (c->read_fd >= 0)
        close(c->read_fd);
    if (c->write_fd >= 0)
        close(c->write_fd);
    if (c->file >= 0)
        close(c->file);
    c->read_fd = c->write_fd = c->file = -1;
    c->open = false;
}
