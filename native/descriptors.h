// The list of what this process has open (Linux; elsewhere there is none).
// What stands behind a descriptor is shared with the child: the offset of a file, the two ends of a connection within
// this process, the queue of a listening socket. Listed before fork(2), so that each child gets its own of the first two.
#pragma once
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

typedef struct {
  int fd, flags;
  ino_t inode;
  off_t offset;
  bool isLocked;
} OpenFile;

typedef struct {
  int fd;
  ino_t inode;
  struct sockaddr_storage local, remote;
  bool isEstablished;
  /** The other end, if this process has that too; else -1. */
  int other;
} Connection;

/** This process's /proc/self/fd from the list to fork(2): in the child a path through its own would be new to the kernel. */
extern int descriptorFolder;
/** As listDescriptors left them; valid until it runs again. */
extern OpenFile *files;
extern Connection *connections;
extern int *listeners;
extern size_t fileCount, connectionCount, listenerCount;

/**
 * Without the standard streams: all processes of a family write to one place. Leaves `descriptorFolder` open where there are
 * files. Returns NULL, or what failed.
 */
const char *listDescriptors(void);

void closeDescriptorFolder(void);

/** A temporary file of forkpoint's own has been opened, or closed. */
void noteTemporary(int fd, bool isOpen);
