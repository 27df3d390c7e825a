#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "addresses.h"
#include "descriptors.h"
#include "exits.h"
#include "separation.h"

#ifdef __linux__
/** In the child: `own` in place of what `fd` stood for. */
static void replace(int fd, int own) {
  int isClosed = fcntl(fd, F_GETFD);
  if (isClosed < 0 || dup3(own, fd, isClosed & FD_CLOEXEC ? O_CLOEXEC : 0) < 0) dieBroken("dup3", errno);
  close(own);
}

void separateFiles(void) {
  const int kept = O_ACCMODE | O_APPEND | O_NONBLOCK | O_DSYNC | O_SYNC | O_DIRECT | O_NOATIME;
  for (size_t i = 0; i < fileCount; i++) {
    char name[16];
    snprintf(name, sizeof name, "%d", files[i].fd);
    int own = files[i].isLocked ? -1 : openat(descriptorFolder, name, (files[i].flags & kept) | O_CLOEXEC);
    // Refused where the file's mode or owner have changed since. Then the parent puts the offset back.
    if (own < 0) continue;
    if (files[i].offset && lseek(own, files[i].offset, SEEK_SET) < 0) dieBroken("lseek", errno);
    replace(files[i].fd, own);
  }
}

void restoreOffsets(void) {
  struct stat status;
  for (size_t i = 0; i < fileCount; i++)
    // The number may stand for another file by now.
    if (fstat(files[i].fd, &status) == 0 && status.st_ino == files[i].inode)
      lseek(files[i].fd, files[i].offset, SEEK_SET);
}

/** In the child: a new connection between the same addresses (the ports differ) in place of one within the process. */
static void separateConnection(const Connection *one, const Connection *other) {
  struct sockaddr_storage bound = other->local, target = one->remote;
  socklen_t size = sizeOf(&bound);
  struct in6_addr ip;
  in_port_t port;
  setPort(&bound, 0);
  int listener = socket(bound.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&bound, size) || listen(listener, 1) ||
      getsockname(listener, (struct sockaddr *)&bound, &size) || !readInternet(&bound, &ip, &port))
    dieBroken("listen", errno);
  setPort(&target, port);
  int ends[2] = {socket(target.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), -1}, yes = 1;
  if (ends[0] < 0 || connect(ends[0], (struct sockaddr *)&target, sizeOf(&target))) dieBroken("connect", errno);
  ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (ends[1] < 0) dieBroken("accept4", errno);
  close(listener);
  for (int i = 0; i < 2; i++) {
    setsockopt(ends[i], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (fcntl(ends[i], F_SETFL, O_NONBLOCK)) dieBroken("fcntl", errno);
  }
  replace(one->fd, ends[0]);
  replace(other->fd, ends[1]);
}

void separateConnections(void) {
  for (size_t i = 0; i < connectionCount; i++) {
    const Connection *one = &connections[i];
    if (one->other <= (int)i) continue;
    const Connection *other = &connections[one->other];
    // One that is being closed is closed in every process by itself.
    if (one->isEstablished && other->isEstablished) separateConnection(one, other);
  }
}

void dropWaiting(void) {
  for (size_t i = 0; i < listenerCount; i++)
    for (struct pollfd readable = {listeners[i], POLLIN, 0}; poll(&readable, 1, 0) == 1 && readable.revents == POLLIN;) {
      int waiting = accept4(listeners[i], NULL, NULL, SOCK_CLOEXEC);
      if (waiting < 0) break;
      close(waiting);
    }
}

#else
void separateFiles(void) {}
void separateConnections(void) {}
void restoreOffsets(void) {}
void dropWaiting(void) {}
#endif
