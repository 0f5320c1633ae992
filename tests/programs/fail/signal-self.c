// expect: fail crash
// A signal to oneself that nobody handles ends the process.
#include <signal.h>

int main(void)
{
    raise(SIGUSR1);
    return 0;
}
