// A library that does its damage when it is loaded: removes a file, and changes another one by its memory.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

__attribute__((constructor)) static void damage(void) {
  const char *folder = getenv("DAMAGE_IN");
  char path[4096];
  if (!folder) return;
  snprintf(path, sizeof path, "%s/native.txt", folder);
  unlink(path);
  snprintf(path, sizeof path, "%s/mapped.txt", folder);
  int fd = open(path, O_RDWR);
  char *bytes = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  memcpy(bytes, "gone", 4);
  munmap(bytes, 4);
  close(fd);
}
