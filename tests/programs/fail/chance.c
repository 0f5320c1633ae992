// expect: fail nondeterminism
// How many sections there are is decided by true random numbers.
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    int fd = open("/dev/urandom", O_RDONLY);
    unsigned char byte[8];

    if (fd < 0 || read(fd, byte, sizeof byte) != sizeof byte)
        return 1;
    for (int i = byte[0]; i > 0; i--) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
    }
    close(fd);
    return 0;
}
