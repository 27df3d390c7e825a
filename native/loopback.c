#define _GNU_SOURCE
#include "isolation.h"
#ifdef __linux__
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

const char *startLoopback(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return failedAt("socket", "");
  bool isUp = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
  close(fd);
  return isUp ? NULL : failedAt("ioctl", "lo");
}
#endif
