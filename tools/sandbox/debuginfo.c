#include "debuginfo.h"

#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct wanted {
    char *path;
    size_t size;
};

/* Notes are padded to four bytes, name and contents each. */
static size_t padded(size_t n)
{
    return (n + 3) & ~(size_t)3;
}

static bool write_path(const unsigned char *id, size_t n, char *path,
                       size_t size)
{
    size_t length;

    if (n < 2)
        return false;
    length = (size_t)snprintf(path, size, "/usr/lib/debug/.build-id/%02x/",
                              (unsigned)id[0]);
    for (size_t i = 1; i < n && length < size; i++)
        length += (size_t)snprintf(path + length, size - length, "%02x",
                                   (unsigned)id[i]);
    if (length < size)
        length += (size_t)snprintf(path + length, size - length, ".debug");
    return length < size;
}

static bool id_of_notes(const char *at, const char *end, struct wanted *w)
{
    while (end - at >= (ptrdiff_t)sizeof(ElfW(Nhdr))) {
        const ElfW(Nhdr) *note = (const void *)at;
        const char *name = at + sizeof *note;
        const char *id = name + padded(note->n_namesz);

        if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
            memcmp(name, "GNU", 4) == 0)
            return write_path((const unsigned char *)id, note->n_descsz,
                              w->path, w->size);
        at = id + padded(note->n_descsz);
    }
    return false;
}

static int look(struct dl_phdr_info *object, size_t size, void *data)
{
    const char *name = strrchr(object->dlpi_name, '/');

    (void)size;
    if (!name || strncmp(name, "/libc.so", 8) != 0)
        return 0;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        /* An address, and not a pointer, is what the loader has. */
        const char *at =
            (const char *)(uintptr_t)(object->dlpi_addr + part->p_vaddr);

        if (part->p_type == PT_NOTE &&
            id_of_notes(at, at + part->p_memsz, data))
            return 1;
    }
    return 0;
}

bool libc_debug_file(char *path, size_t size)
{
    struct wanted w = {path, size};

    return dl_iterate_phdr(look, &w) && access(path, F_OK) == 0;
}
