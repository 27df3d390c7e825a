// What a process has started, and has not ended: all of it, whoever its parent was (Linux).
#define _GNU_SOURCE
#include <errno.h>
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "addon.h"
#include "clock.h"
#include "napi.h"
#ifdef __linux__
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

enum { MAX_COMMAND = 512, MAX_KEPT = 256, NAP_NS = 1000000, GRACE_MS = 50, ENDING_MS = 10000 };

typedef struct {
  int pid, parent;
  /** The child of this process that it descends from; 0: of none, or of one that is kept. */
  int root;
  bool isAlive;
} Process;

typedef struct {
  Process *list;
  size_t count, capacity;
} Processes;

typedef struct {
  int pid, root;
  char program[MAX_COMMAND], command[MAX_COMMAND];
} Ended;

typedef struct {
  Ended *list;
  size_t count;
} EndedList;

/** Reads a file of a process; -1 where that is gone. A text, whatever is in it. */
static ssize_t readOf(int pid, const char *name, char *text, size_t size) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);
  if (fd >= 0) close(fd);
  text[length > 0 ? length : 0] = 0;
  return length;
}

static bool addProcess(Processes *all, int pid) {
  char text[512];
  if (readOf(pid, "stat", text, sizeof text) <= 0) return true;
  // "pid (name) state parent ...", where the name may hold brackets of its own.
  char *end = strrchr(text, ')');
  if (!end || !end[1] || !end[2] || !end[3]) return true;
  if (all->count == all->capacity) {
    size_t capacity = all->capacity ? all->capacity * 2 : 512;
    Process *grown = realloc(all->list, capacity * sizeof *grown);
    if (!grown) return false;
    all->list = grown;
    all->capacity = capacity;
  }
  bool isAlive = end[2] != 'Z' && end[2] != 'X';
  all->list[all->count++] = (Process){pid, atoi(end + 4), 0, isAlive};
  return true;
}

static bool listProcesses(Processes *all) {
  all->count = 0;
  DIR *folder = opendir("/proc");
  if (!folder) return false;
  bool isListed = true;
  for (struct dirent *entry; isListed && (entry = readdir(folder));)
    if (isdigit((unsigned char)*entry->d_name)) isListed = addProcess(all, atoi(entry->d_name));
  closedir(folder);
  return isListed;
}

static bool isSameLink(int pid, const char *name) {
  char path[64], own[64] = "", other[64] = "";
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  if (readlink(path, other, sizeof other - 1) < 0) return true;
  snprintf(path, sizeof path, "/proc/self/%s", name);
  return readlink(path, own, sizeof own - 1) < 0 || strcmp(own, other) == 0;
}

static int countFilters(int pid) {
  char text[4096];
  readOf(pid, "status", text, sizeof text);
  char *line = strstr(text, "\nSeccomp_filters:");
  return line ? atoi(line + 17) : -1;
}

/** It has come from a child with parts of the system to itself: it has inherited them. */
static bool isOfIsolated(int pid) {
  if (!isSameLink(pid, "ns/mnt") || !isSameLink(pid, "ns/net")) return true;
  return countFilters(pid) != countFilters(getpid());
}

static bool isKept(int pid, const int *kept, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (kept[i] == pid) return true;
  return false;
}

static bool isNoted(int pid, const EndedList *ended) {
  for (size_t i = 0; i < ended->count; i++)
    if (ended->list[i].pid == pid) return true;
  return false;
}

/** Gives all that descend from this process, but for what is kept, their roots. @returns how many of them are alive */
static size_t findDescendants(Processes *all, bool onlyIsolated, const int *kept, size_t keptCount, const EndedList *ended) {
  int self = getpid();
  size_t alive = 0;
  for (size_t i = 0; i < all->count; i++) {
    Process *process = &all->list[i];
    bool isOwn = process->parent == self && !isKept(process->pid, kept, keptCount);
    // One that is about to end has nothing of its own any more.
    bool isMeant = !onlyIsolated || isNoted(process->pid, ended) || (process->isAlive && isOfIsolated(process->pid));
    if (isOwn && isMeant) process->root = process->pid;
  }
  for (bool isChanged = true; isChanged;) {
    isChanged = false;
    for (size_t i = 0; i < all->count; i++)
      for (size_t j = 0; !all->list[i].root && all->list[i].parent != self && j < all->count; j++)
        if (all->list[j].pid == all->list[i].parent && all->list[j].root) {
          all->list[i].root = all->list[j].root;
          isChanged = true;
        }
  }
  for (size_t i = 0; i < all->count; i++) alive += all->list[i].root && all->list[i].isAlive;
  return alive;
}

/** The words of its command line, or its name in brackets where it has none. */
static void readCommand(int pid, char *command) {
  char name[32];
  ssize_t length = readOf(pid, "cmdline", command, MAX_COMMAND);
  while (length > 0 && !command[length - 1]) length--;
  for (ssize_t i = 0; i < length; i++)
    if (!command[i]) command[i] = ' ';
  if (length > 0) return;
  readOf(pid, "comm", name, sizeof name);
  name[strcspn(name, "\n")] = 0;
  snprintf(command, MAX_COMMAND, "[%s]", name);
}

static void noteEnded(EndedList *ended, const Process *process) {
  if (isNoted(process->pid, ended)) return;
  Ended *grown = realloc(ended->list, (ended->count + 1) * sizeof *grown);
  if (!grown) return;
  ended->list = grown;
  Ended *one = &grown[ended->count++];
  *one = (Ended){process->pid, process->root, "", ""};
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/exe", process->pid);
  ssize_t length = readlink(path, one->program, MAX_COMMAND - 1);
  one->program[length > 0 ? length : 0] = 0;
  readCommand(process->pid, one->command);
}

static bool hasChildren(void) {
  siginfo_t info;
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0 || errno != ECHILD;
}

/** What ends within the time of grace is left to itself; of the rest nothing is alive any more, or has not ended in time. */
static void endAll(bool onlyIsolated, const int *kept, size_t keptCount, EndedList *ended) {
  Processes all = {0};
  double start = nowMs();
  while (nowMs() < start + ENDING_MS && hasChildren()) {
    if (!listProcesses(&all) || findDescendants(&all, onlyIsolated, kept, keptCount, ended) == 0) break;
    bool isOver = nowMs() >= start + GRACE_MS, isEnding = !isOver;
    for (size_t i = 0; isOver && i < all.count; i++) {
      if (!all.list[i].root || !all.list[i].isAlive) continue;
      noteEnded(ended, &all.list[i]);
      // Those that have become another user are out of reach.
      isEnding |= kill(all.list[i].pid, SIGKILL) == 0;
    }
    if (!isEnding) break;
    nanosleep(&(struct timespec){0, NAP_NS}, NULL);
  }
  free(all.list);
  // Nobody else waits for them: they were children of processes that have ended.
  for (size_t i = 0; onlyIsolated && i < ended->count; i++) waitpid(ended->list[i].pid, NULL, WNOHANG);
}

static bool addNumber(napi_env env, napi_value row, uint32_t place, int number) {
  napi_value part;
  return napi_create_int32(env, number, &part) == napi_ok && napi_set_element(env, row, place, part) == napi_ok;
}

static bool addText(napi_env env, napi_value row, uint32_t place, const char *text) {
  napi_value part;
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &part) == napi_ok &&
         napi_set_element(env, row, place, part) == napi_ok;
}

static bool addRow(napi_env env, napi_value list, uint32_t place, const Ended *one) {
  napi_value row;
  return napi_create_array_with_length(env, 4, &row) == napi_ok && addNumber(env, row, 0, one->pid) &&
         addNumber(env, row, 1, one->root) && addText(env, row, 2, one->program) && addText(env, row, 3, one->command) &&
         napi_set_element(env, list, place, row) == napi_ok;
}

napi_value EndProcesses(napi_env env, napi_callback_info info) {
  napi_value values[2], item, list;
  bool onlyIsolated;
  int kept[MAX_KEPT];
  uint32_t count;
  EndedList ended = {0};
  if (!readArguments(env, info, 2, values)) return NULL;
  NAPI(napi_get_value_bool(env, values[0], &onlyIsolated));
  NAPI(napi_get_array_length(env, values[1], &count));
  if (count > MAX_KEPT) return fail(env, "endProcesses", E2BIG);
  for (uint32_t i = 0; i < count; i++) {
    NAPI(napi_get_element(env, values[1], i, &item));
    NAPI(napi_get_value_int32(env, item, &kept[i]));
  }
  NAPI(napi_create_array(env, &list));
  endAll(onlyIsolated, kept, count, &ended);
  bool isListed = true;
  for (uint32_t i = 0; isListed && i < ended.count; i++) isListed = addRow(env, list, i, &ended.list[i]);
  free(ended.list);
  return isListed ? list : failNapi(env, "endProcesses");
}

napi_value AdoptOrphans(napi_env env, napi_callback_info info) {
  (void)info;
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) ? fail(env, "prctl(PR_SET_CHILD_SUBREAPER)", errno) : NULL;
}

#else
napi_value EndProcesses(napi_env env, napi_callback_info info) { return (void)info, fail(env, "endProcesses", ENOSYS); }
napi_value AdoptOrphans(napi_env env, napi_callback_info info) { return (void)info, fail(env, "prctl", ENOSYS); }
#endif
