// expect: proved 1
// A loop that nothing can be seen of, and that ends.
int main(void)
{
    for (int i = 0; i < 1000; i++)
        ;
    return 0;
}
