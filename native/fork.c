#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include "addon.h"
#include "condvars.h"
#include "descriptors.h"
#include "exits.h"
#include "memory-map.h"
#include "napi.h"
#include "noted-pages.h"
#include "separation.h"
#include "v8-workers.h"

/** Write end of this process's own result pipe: its children must not hold it open, or its death would go unseen. */
static int ownResult = -1;

/** Puts one end of a silent socket pair over each descriptor; the peer stays open, so that no end is ever read. */
static void neutralise(const Descriptors *silenced) {
  uv_os_sock_t pair[2];
  if (silenced->count == 0) return;
  int error = uv_socketpair(SOCK_STREAM, 0, pair, 0, 0);
  if (error) dieBroken("socketpair", error);
  for (uint32_t i = 0; i < silenced->count; i++)
    if (dup2(pair[0], silenced->fds[i]) < 0 || fcntl(silenced->fds[i], F_SETFD, FD_CLOEXEC)) dieBroken("dup2", errno);
  close(pair[0]);
}

napi_value Fork(napi_env env, napi_callback_info info) {
  napi_value values[3];
  bool repair;
  Descriptors silenced, closed;
  int result[2], orders[2];
  uv_loop_t *loop;
  if (!readArguments(env, info, 3, values)) return NULL;
  NAPI(napi_get_value_bool(env, values[0], &repair));
  if (!readDescriptors(env, values[1], &silenced) || !readDescriptors(env, values[2], &closed)) return NULL;
  NAPI(napi_get_uv_event_loop(env, &loop));
  int error = uv_pipe(result, 0, 0);
  if (error) return fail(env, "pipe", error);
  error = uv_pipe(orders, 0, 0);
  if (error) return close(result[0]), close(result[1]), fail(env, "pipe", error);
  const char *failed = NULL;
#ifdef __linux__
  // A large result then rarely waits for its reader. Refused over the user's quota; the default size works too.
  fcntl(result[1], F_SETPIPE_SZ, 1 << 20);
  if (repair) findCondvars(result);
  failed = listDescriptors();
  if (!failed) failed = keepMemoryInChild();
  shareNotes();
#endif
  pid_t parent = getpid();
  pid_t pid = failed ? -1 : fork();
  error = errno;
  if (pid != 0) closeDescriptorFolder();
  if (pid < 0) {
    for (int i = 0; i < 2; i++) close(result[i]), close(orders[i]);
    return fail(env, failed ? failed : "fork", error);
  }
  if (pid > 0) {
    close(result[1]);
    close(orders[0]);
    return listNumbers(env, 3, (double[]){pid, result[0], orders[1]});
  }
#ifdef __linux__
  pagesToNote = 0;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL)) dieBroken("prctl(PR_SET_PDEATHSIG)", errno);
  if (repair) resetCondvars();
  hideWorkers();
#endif
  if (getppid() != parent) _exit(EXIT_ORPHAN);
  separateFiles();
  separateConnections();
  closeDescriptorFolder();
  close(result[0]);
  close(orders[1]);
  for (uint32_t i = 0; i < closed.count; i++) close(closed.fds[i]);
  if (ownResult >= 0) close(ownResult);
  ownResult = result[1];
  neutralise(&silenced);
  error = uv_loop_fork(loop);
  if (error) dieBroken("uv_loop_fork", error);
  napi_value list = listNumbers(env, 3, (double[]){0, result[1], orders[0]});
  if (!list) dieBroken("napi_create_array", ENOMEM);
  return list;
}
