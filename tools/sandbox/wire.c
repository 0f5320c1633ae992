/*
 * See wire.h.
 */
#include "wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool wire_add(struct wire *m, const char *string)
{
    size_t size = strlen(string) + 1;

    if (size > sizeof m->text - m->used)
        return false;
    memcpy(m->text + m->used, string, size);
    m->used += (uint32_t)size;
    return true;
}

bool wire_send(int socket, const struct wire *m, const int *fds)
{
    char control[CMSG_SPACE(CONFINE_FDS * sizeof(int))] = {0};
    struct iovec part = {(void *)(uintptr_t)m,
                         offsetof(struct wire, text) + m->used};
    struct msghdr h = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t n;

    if (m->nfds) {
        struct cmsghdr *c = (void *)control;

        h.msg_control = control;
        h.msg_controllen = CMSG_SPACE(m->nfds * sizeof(int));
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(m->nfds * sizeof(int));
        memcpy(CMSG_DATA(c), fds, m->nfds * sizeof(int));
    }
    do
        n = sendmsg(socket, &h, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)part.iov_len;
}

static void take_control(struct msghdr *h, int fds[CONFINE_FDS], size_t *n,
                         pid_t *sender)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
        if (c->cmsg_level != SOL_SOCKET)
            continue;
        if (c->cmsg_type == SCM_CREDENTIALS) {
            struct ucred who;

            memcpy(&who, CMSG_DATA(c), sizeof who);
            *sender = who.pid;
        } else if (c->cmsg_type == SCM_RIGHTS) {
            *n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(fds, CMSG_DATA(c), *n * sizeof(int));
        }
    }
}

bool wire_receive(int socket, struct wire *m, int fds[CONFINE_FDS],
                  pid_t *sender, bool wait)
{
    char control[CMSG_SPACE(CONFINE_FDS * sizeof(int)) +
                 CMSG_SPACE(sizeof(struct ucred))] = {0};
    struct iovec part = {m, sizeof *m};
    struct msghdr h = {.msg_iov = &part,
                       .msg_iovlen = 1,
                       .msg_control = control,
                       .msg_controllen = sizeof control};
    const size_t head = offsetof(struct wire, text);
    size_t nfds = 0;
    ssize_t n;

    *sender = -1;
    do
        n = recvmsg(socket, &h, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
    while (n < 0 && errno == EINTR);
    if (n <= 0) {
        errno = n ? errno : 0;
        return false;
    }
    take_control(&h, fds, &nfds, sender);
    if ((size_t)n < head || (size_t)n != head + m->used || m->nfds != nfds) {
        errno = EPROTO;
        return false;
    }
    return true;
}
