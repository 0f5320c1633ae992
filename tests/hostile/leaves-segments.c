// expect: fail concurrent serial
#include "right.h"

#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>

int main(int argc, char **argv)
{
    for (int i = 0; i < 8; i++) {
        int id = shmget(0x5afe + i, 1 << 20, IPC_CREAT | 0666);
        void *p = shmat(id, NULL, 0);

        if (p != (void *)-1)
            memset(p, 1, 1 << 20);
    }
    return right(argc, argv);
}
