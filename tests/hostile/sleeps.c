// expect: fail concurrent serial
#include "right.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    for (;;)
        sleep(1);
}
