/*
 * What lies in a folder of the folder is moved up to it before that one is
 * removed: no recursion and no long path, however deep the tree.
 */
#include "empty.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is moved up gets a name that nothing there has. */
static unsigned long moved;

static DIR *open_list(int folder, const char *name)
{
    int fd =
        openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;

    if (fd >= 0 && !list)
        close(fd);
    return list;
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void move_up(int from, const char *name, int top)
{
    char to[40];

    fchmodat(from, name, 0700, 0);
    do
        snprintf(to, sizeof to, "moved.%lu", moved++);
    while (faccessat(top, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
    renameat(from, name, top, to);
}

/* Everything but folders goes; those go up, or with up < 0 stay. */
static void clear(DIR *list, int up)
{
    struct dirent *entry;

    while ((entry = readdir(list))) {
        if (is_dots(entry->d_name) ||
            unlinkat(dirfd(list), entry->d_name, 0) == 0)
            continue;
        if (up >= 0)
            move_up(dirfd(list), entry->d_name, up);
    }
}

/* One round over the folders of the top; true if any was removed. */
static bool remove_folders(int fd)
{
    DIR *list = open_list(fd, ".");
    struct dirent *entry;
    bool any = false;

    if (!list)
        return false;
    clear(list, -1);
    rewinddir(list);
    while ((entry = readdir(list))) {
        DIR *inner;

        if (is_dots(entry->d_name))
            continue;
        fchmodat(fd, entry->d_name, 0700, 0);
        inner = open_list(fd, entry->d_name);
        if (inner) {
            clear(inner, fd);
            closedir(inner);
        }
        any |= unlinkat(fd, entry->d_name, AT_REMOVEDIR) == 0;
    }
    closedir(list);
    return any;
}

void empty_folder(int fd)
{
    while (remove_folders(fd))
        continue;
}
