// expect: bounded a loop with no visible access
// A loop that nothing can be seen of.
int main(void)
{
    for (;;)
        ;
}
