/*
 * The command line of bubblewrap, and its start. What is bound is opened
 * here, with our rights, and copied from descriptors: bubblewrap runs as the
 * user of the box, who may not even look into the folders of ours.
 */
#include "bwrap.h"

#include "debuginfo.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_FD = 10, AWAY = 512, WORDS = 8 * BOX_FILES };

/* Where folders that only root may enter are shown to the box's user, in
 * mounts of its own. */
#define SHOWN "/mnt"

struct command {
    char *words[WORDS];
    size_t n;
    int fds[BOX_FILES + 2]; /* opened here, FIRST_FD and on in the child */
    size_t nfds;
    const char *const *folders;
    size_t nfolders;
    size_t sources[BOX_FILES]; /* of folders: words[] */
};

static void add(struct command *c, const char *word)
{
    char *copy = strdup(word);

    if (!copy || c->n + 1 == WORDS)
        exit(70);
    c->words[c->n++] = copy;
}

static void option(struct command *c, const char *name, const char *a,
                   const char *b)
{
    add(c, name);
    add(c, a);
    if (b)
        add(c, b);
}

/* How: --file makes a file, --ro-bind-data covers one that is there. */
static bool copy_in(struct command *c, const char *how, const char *from,
                    const char *to)
{
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    char number[16];

    if (fd < 0)
        return false;
    snprintf(number, sizeof number, "%d", FIRST_FD + (int)c->nfds);
    c->fds[c->nfds++] = fd;
    option(c, "--perms", "0555", NULL);
    option(c, how, number, to);
    return true;
}

/* /lib and its like: links into /usr on a merged system, else folders. */
static void add_system(struct command *c)
{
    static const char *const roots[] = {"/bin",   "/sbin",  "/lib",
                                        "/lib32", "/lib64", "/libx32"};
    static const char *const settings[] = {
        "/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf",
        "/etc/ld.so.conf.d", "/etc/localtime"};

    option(c, "--ro-bind", "/usr", "/usr");
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        char target[PATH_MAX];
        ssize_t n = readlink(roots[i], target, sizeof target - 1);

        if (n > 0) {
            target[n] = '\0';
            option(c, "--symlink", target, roots[i]);
        } else if (access(roots[i], F_OK) == 0) {
            option(c, "--ro-bind", roots[i], roots[i]);
        }
    }
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        option(c, "--ro-bind-try", settings[i], settings[i]);
}

/* Valgrind takes half of a short run to read the lines of libc, about which
 * no finding is: it is shown a file with the symbols alone, which was made
 * when our tools were (build.mk). Without one it reads the whole. */
static void add_symbols(struct command *c, const char *inside)
{
    char debug[PATH_MAX], ours[PATH_MAX];
    const char *slash = strrchr(inside, '/');

    if (slash && libc_debug_file(debug, sizeof debug) &&
        (size_t)snprintf(ours, sizeof ours, "%.*s/../lib/symbols%s",
                         (int)(slash - inside), inside,
                         strrchr(debug, '/')) < sizeof ours &&
        access(ours, R_OK) == 0)
        copy_in(c, "--ro-bind-data", ours, debug);
}

static bool make_command(struct command *c, const struct box_options *o,
                         const char *inside)
{
    static const char *const spaces[] = {"bwrap",
                                         "--unshare-user",
                                         "--unshare-pid",
                                         "--unshare-net",
                                         "--unshare-ipc",
                                         "--unshare-uts",
                                         "--hostname",
                                         "box",
                                         "--unshare-cgroup-try",
                                         "--new-session",
                                         "--as-pid-1",
                                         "--die-with-parent",
                                         "--cap-add",
                                         "CAP_SYS_ADMIN",
                                         "--cap-add",
                                         "CAP_SETPCAP"};

    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        add(c, spaces[i]);
    add_system(c);
    add_symbols(c, inside);
    option(c, "--proc", "/proc", NULL);
    option(c, "--dev", "/dev", NULL);
    option(c, "--dir", "/tmp", NULL);
    option(c, "--dir", "/scratch", NULL);
    c->folders = o->folders;
    c->nfolders = o->nfolders;
    for (size_t i = 0; i < o->nfolders; i++) {
        c->sources[i] = c->n + 1;
        option(c, "--ro-bind", o->folders[i], o->folders[i]);
    }
    for (size_t i = 0; i < o->nfiles; i++) {
        if (!copy_in(c, "--file", o->files[i].from, o->files[i].to))
            return false;
    }
    if (!copy_in(c, "--file", inside, "/unit/.inside"))
        return false;
    option(c, "--remount-ro", "/dev", NULL);
    option(c, "--remount-ro", "/", NULL);
    add(c, "--");
    add(c, "/unit/.inside");
    return true;
}

/* As a shell would find it; NULL: not at all. */
static char *find(const char *name)
{
    const char *path = getenv("PATH");

    for (const char *at = path; at && *at;) {
        size_t length = strcspn(at, ":");
        char *file;

        if (asprintf(&file, "%.*s/%s", (int)length, at, name) < 0)
            return NULL;
        if (length && access(file, X_OK) == 0)
            return file;
        free(file);
        at += length + (at[length] == ':');
    }
    return NULL;
}

/* Where it does not work the box's user may still see them as they are. */
static void show_folders(struct command *c)
{
    int fds[BOX_FILES];

    if (unshare(CLONE_NEWNS) ||
        mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL))
        return;
    for (size_t i = 0; i < c->nfolders; i++)
        fds[i] = open(c->folders[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (mount("tmpfs", SHOWN, "tmpfs", 0, "mode=0755"))
        return;
    for (size_t i = 0; i < c->nfolders; i++) {
        char from[32], to[32];

        snprintf(from, sizeof from, "/proc/self/fd/%d", fds[i]);
        snprintf(to, sizeof to, SHOWN "/%zu", i);
        if (fds[i] >= 0 && mkdir(to, 0755) == 0 &&
            mount(from, to, NULL, MS_BIND | MS_REC, NULL) == 0)
            c->words[c->sources[i]] = strdup(to);
    }
}

_Noreturn static void become(struct command *c, const char *bwrap, int socket,
                             int words, uid_t user)
{
    static char *nothing[] = {NULL};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int away[BOX_FILES + 2];

    socket = fcntl(socket, F_DUPFD_CLOEXEC, AWAY);
    words = fcntl(words, F_DUPFD_CLOEXEC, AWAY);
    for (size_t i = 0; i < c->nfds; i++)
        away[i] = fcntl(c->fds[i], F_DUPFD_CLOEXEC, AWAY);
    for (int fd = 0; fd < AWAY; fd++)
        close(fd);
    null = open("/dev/null", O_RDWR);
    if (null != 0 || dup2(null, 1) < 0 || dup2(words, 2) < 0 ||
        dup2(socket, WIRE_FD) < 0)
        _exit(71);
    for (size_t i = 0; i < c->nfds; i++) {
        if (dup2(away[i], FIRST_FD + (int)i) < 0)
            _exit(71);
    }
    setsid();
    if (user != (uid_t)-1 && c->nfolders)
        show_folders(c);
    if (user != (uid_t)-1 && !confine_user(user)) {
        dprintf(2, "bwrap: no user %u here: %s\n", user, strerror(errno));
        _exit(71);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (chdir("/"))
        _exit(71);
    execve(bwrap, c->words, nothing);
    dprintf(2, "bwrap: %s\n", strerror(errno));
    _exit(71);
}

static void drop(struct command *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->words[i]);
    for (size_t i = 0; i < c->nfds; i++)
        close(c->fds[i]);
    free(c);
}

pid_t bwrap_start(const struct box_options *o, const char *inside, uid_t user,
                  int socket, int words)
{
    struct command *c = calloc(1, sizeof *c);
    char *bwrap = find("bwrap");
    pid_t pid = -1;
    int error;

    if (!c)
        exit(70);
    if (!bwrap)
        errno = ENOENT;
    else if (make_command(c, o, inside) && (pid = fork()) == 0)
        become(c, bwrap, socket, words, user);
    error = errno;
    drop(c);
    free(bwrap);
    errno = error;
    return pid;
}
