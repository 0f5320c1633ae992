/*
 * A filter of the kernel's classic BPF. Refused calls fail with EPERM, so
 * that a program can say so; clone3, whose flags no filter can see, with
 * ENOSYS, so that libc takes clone.
 */
#include "calls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define THIS_MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_MACHINE AUDIT_ARCH_AARCH64
#else
#define THIS_MACHINE 0
#endif

static const int refused[] = {
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_unshare,
    SYS_setns,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_open_by_handle_at,
    SYS_fanotify_init,
    /* Memory that belongs to no process. */
    SYS_memfd_create,
#ifdef SYS_memfd_secret
    SYS_memfd_secret,
#endif
#ifdef SYS_io_uring_setup
    SYS_io_uring_setup,
#endif
#ifdef SYS_pidfd_getfd
    SYS_pidfd_getfd,
#endif
#ifdef SYS_fsopen
    SYS_fsopen,
    SYS_open_tree,
    SYS_move_mount,
#endif
};

enum {
    NREFUSED = sizeof refused / sizeof *refused,
    NEW_SPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
                 CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP,
    X32 = 0x40000000,
};

#define FIELD(name) ((unsigned)offsetof(struct seccomp_data, name))
#define ERROR(e) (SECCOMP_RET_ERRNO | (e))
#define DO(code, k) (struct sock_filter) BPF_STMT(code, k)
#define IF(code, k, yes, no) (struct sock_filter) BPF_JUMP(code, k, yes, no)

bool calls_filter(void)
{
    struct sock_filter code[NREFUSED + 20];
    struct sock_fprog filter = {.filter = code};
    unsigned n = 0;

    if (!THIS_MACHINE)
        return true;
    code[n++] = DO(BPF_LD | BPF_W | BPF_ABS, FIELD(arch));
    code[n++] = IF(BPF_JMP | BPF_JEQ | BPF_K, THIS_MACHINE, 1, 0);
    code[n++] = DO(BPF_RET | BPF_K, ERROR(ENOSYS));
    code[n++] = DO(BPF_LD | BPF_W | BPF_ABS, FIELD(nr));
#ifdef __x86_64__
    code[n++] = IF(BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1);
    code[n++] = DO(BPF_RET | BPF_K, ERROR(ENOSYS));
#endif
#ifdef SYS_clone3
    code[n++] = IF(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
    code[n++] = DO(BPF_RET | BPF_K, ERROR(ENOSYS));
#endif
    for (unsigned i = 0; i < NREFUSED; i++)
        code[n++] = IF(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)refused[i],
                       (unsigned char)(NREFUSED - i + 3), 0);
    code[n++] = IF(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 2);
    code[n++] = DO(BPF_LD | BPF_W | BPF_ABS, FIELD(args[0]));
    code[n++] = IF(BPF_JMP | BPF_JSET | BPF_K, NEW_SPACES, 1, 0);
    code[n++] = DO(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[n++] = DO(BPF_RET | BPF_K, ERROR(EPERM));
    filter.len = (unsigned short)n;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0 ||
           errno == EINVAL;
}
