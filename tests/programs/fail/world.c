// expect: fail exit-code
// Relies on a file that only another run could have left behind.
#include <stdio.h>

int main(void)
{
    FILE *f = fopen("left-behind", "r");

    if (f)
        fclose(f);
    return !f;
}
