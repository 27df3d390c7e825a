#define _GNU_SOURCE
// From written pages to what stands on them: units, numbers that JavaScript has given to objects and to parts of buffers.
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "addon.h"
#include "napi.h"
#include "object-memory.h"
#include "page-table.h"
#include "shared-marks.h"
#include "written-pages.h"

enum { SCOPE = 1024 };

/** Worker threads have logs of their own, but the kernel's marks are the process's. */
static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static Layout layout;
typedef struct {
  Log *log;
  uint32_t unit;
} Place;

static void addPiece(void *context, uintptr_t start, uintptr_t end) {
  Place *place = context;
  for (uint64_t page = start >> PAGE_BITS; page <= (end - 1) >> PAGE_BITS; page++) addPair(place->log, page, place->unit);
}

/** Others need not give it their marks any more. */
static void empty(Log *log) {
  for (Log **at = &logs; *at; at = &(*at)->next)
    if (*at == log) {
      *at = log->next;
      break;
    }
  free(log->pages);
  free(log->pairs);
  free(log->pending);
  free(log->fresh);
  free(log->watched.ranges);
  free(log->taken.ranges);
  *log = (Log){.freePair = NONE};
}

static void forgetLog(napi_env env, void *log, void *hint) {
  (void)env, (void)hint;
  pthread_mutex_lock(&mutex);
  empty(log);
  pthread_mutex_unlock(&mutex);
  free(log);
}

static napi_value closeLog(napi_env env, napi_callback_info info) {
  napi_value values[1];
  Log *log;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_external(env, values[0], (void **)&log));
  empty(log);
  return NULL;
}

static napi_value openLog(napi_env env, napi_callback_info info) {
  napi_value samples, items[SAMPLES], external;
  if (!readArguments(env, info, 1, &samples)) return NULL;
  if (!canWatchWrites()) return NULL;
  for (int i = 0; i < SAMPLES; i++) NAPI(napi_get_element(env, samples, i, &items[i]));
  readLayout(&layout, items);
  const char *failed = listConstant(&constantPages);
  if (failed) return fail(env, failed, errno);
  Log *log = calloc(1, sizeof *log);
  if (!log) return fail(env, "calloc", ENOMEM);
  NAPI(napi_create_external(env, log, forgetLog, NULL, &external));
  log->freePair = NONE;
  log->isBeginning = true;
  log->next = logs;
  logs = log;
  return external;
}

/**
 * Notes where the objects are. Allocates nothing on V8's heap: a collection in between would move what is noted before it
 * is watched. Those of which it can't be told stand at the beginning of `others` then.
 */
static napi_status notePlaces(napi_env env, Log *log, napi_value objects, const uint32_t *units, uint32_t count,
                              uint32_t scopes, uint32_t *others, uint32_t *otherCount) {
  napi_status status = napi_ok;
  for (uint32_t i = 0; i < count && status == napi_ok;) {
    napi_handle_scope scope;
    status = napi_open_handle_scope(env, &scope);
    for (uint32_t stop = i + SCOPE; i < count && i < stop && status == napi_ok; i++) {
      napi_value object;
      napi_valuetype type;
      Place place = {log, units[i]};
      status = napi_get_element(env, objects, i, &object);
      if (status == napi_ok) status = napi_typeof(env, object, &type);
      if (status != napi_ok) break;
      bool isFunction = type == napi_function;
      bool isNoted = scopes > 0 ? isFunction && eachVariable(&layout, object, scopes, addPiece, &place)
                                : eachPiece(&layout, object, isFunction, addPiece, &place);
      if (!isNoted) others[(*otherCount)++] = units[i];
    }
    napi_close_handle_scope(env, scope);
  }
  return status;
}

static napi_value listUnits(napi_env env, const uint32_t *units, uint32_t count) {
  napi_value buffer, list;
  void *data;
  NAPI(napi_create_arraybuffer(env, count * sizeof *units, &data, &buffer));
  if (count > 0) memcpy(data, units, count * sizeof *units);
  NAPI(napi_create_typedarray(env, napi_uint32_array, count, buffer, 0, &list));
  return list;
}

/** A mark of before stands for a state that was looked at since. */
static const char *begin(Log *log) {
  if (!log->isBeginning) return NULL;
  log->isBeginning = false;
  return spreadTaken(log);
}

static napi_value noteObjects(napi_env env, napi_callback_info info) {
  napi_value values[4];
  Log *log;
  void *units;
  size_t length;
  uint32_t otherCount = 0, scopes;
  if (!readArguments(env, info, 4, values)) return NULL;
  NAPI(napi_get_value_uint32(env, values[3], &scopes));
  NAPI(napi_get_value_external(env, values[0], (void **)&log));
  NAPI(napi_get_typedarray_info(env, values[2], NULL, &length, &units, NULL, NULL));
  uint32_t *others = malloc((length + 1) * sizeof *others);
  if (!others) return fail(env, "malloc", ENOMEM);
  const char *failed = begin(log);
  napi_status status = failed ? napi_ok : notePlaces(env, log, values[1], units, length, scopes, others, &otherCount);
  if (!failed) failed = log->hasFailed ? "malloc" : watchFresh(log);
  napi_value list = failed || status != napi_ok ? NULL : listUnits(env, others, otherCount);
  free(others);
  if (status != napi_ok) return failNapi(env, "napi_get_element");
  return failed ? fail(env, failed, errno) : list;
}

static napi_status noteViews(napi_env env, Log *log, napi_value views, const uint32_t *units, uint32_t count) {
  napi_status status = napi_ok;
  for (uint32_t i = 0; i < count && status == napi_ok;) {
    napi_handle_scope scope;
    status = napi_open_handle_scope(env, &scope);
    for (uint32_t stop = i + SCOPE; i < count && i < stop && status == napi_ok; i++) {
      napi_value view;
      void *data;
      size_t length;
      Place place = {log, units[i]};
      status = napi_get_element(env, views, i, &view);
      if (status == napi_ok) status = napi_get_typedarray_info(env, view, NULL, &length, &data, NULL, NULL);
      if (status == napi_ok && length > 0) addPiece(&place, (uintptr_t)data, (uintptr_t)data + length);
    }
    napi_close_handle_scope(env, scope);
  }
  return status;
}

static napi_value noteBytes(napi_env env, napi_callback_info info) {
  napi_value values[3];
  Log *log;
  void *units;
  size_t length;
  if (!readArguments(env, info, 3, values)) return NULL;
  NAPI(napi_get_value_external(env, values[0], (void **)&log));
  NAPI(napi_get_typedarray_info(env, values[2], NULL, &length, &units, NULL, NULL));
  const char *failed = begin(log);
  napi_status status = failed ? napi_ok : noteViews(env, log, values[1], units, length);
  if (!failed) failed = log->hasFailed ? "malloc" : watchFresh(log);
  if (status != napi_ok) return failNapi(env, "napi_get_typedarray_info");
  return failed ? fail(env, failed, errno) : NULL;
}

/** Of the pages that are pending: where a round begins. */
static bool listTaken(Log *log) {
  uint64_t *pages = malloc((log->pendingCount + 1) * sizeof *pages);
  bool isListed = pages != NULL;
  log->taken.count = 0;
  for (uint32_t i = 0; i < log->pendingCount && isListed; i++) pages[i] = log->pages[log->pending[i]].page;
  if (isListed) qsort(pages, log->pendingCount, sizeof *pages, comparePages);
  for (uint32_t i = 0; i < log->pendingCount && isListed; i++) isListed = addRange(&log->taken, pages[i], pages[i] + 1);
  free(pages);
  return isListed;
}

static int compareUnits(const void *a, const void *b) {
  uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
  return (one > other) - (one < other);
}

static uint32_t sortUnits(uint32_t *units, uint32_t count) {
  uint32_t kept = 0;
  qsort(units, count, sizeof *units, compareUnits);
  for (uint32_t i = 0; i < count; i++)
    if (kept == 0 || units[kept - 1] != units[i]) units[kept++] = units[i];
  return kept;
}

static napi_value takeUnits(napi_env env, napi_callback_info info) {
  napi_value values[1];
  Log *log;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_external(env, values[0], (void **)&log));
  log->round++;
  log->isBeginning = true;
  const char *failed = spread();
  if (!failed) failed = findUnmapped(log);
  if (!failed && !listTaken(log)) failed = "malloc";
  if (failed || log->hasFailed) return fail(env, failed ? failed : "malloc", errno);
  uint32_t count = 0;
  for (uint32_t i = 0; i < log->pendingCount; i++)
    for (uint32_t pair = log->pages[log->pending[i]].pair; pair != NONE; pair = log->pairs[pair].next) count++;
  uint32_t *units = malloc((count + 1) * sizeof *units);
  if (!units) return fail(env, "malloc", ENOMEM);
  count = 0;
  for (uint32_t i = 0; i < log->pendingCount; i++) {
    Page *page = &log->pages[log->pending[i]];
    // Who takes them notes them again: the page begins anew.
    for (uint32_t pair = page->pair, next; pair != NONE; pair = next) {
      units[count++] = log->pairs[pair].unit;
      next = log->pairs[pair].next;
      log->pairs[pair].next = log->freePair;
      log->freePair = pair;
    }
    page->pair = NONE;
    page->isPending = false;
    page->round = log->round;
  }
  log->pendingCount = 0;
  napi_value list = listUnits(env, units, sortUnits(units, count));
  free(units);
  return list;
}

static napi_value locked(napi_env env, napi_callback_info info, napi_callback call) {
  pthread_mutex_lock(&mutex);
  napi_value value = call(env, info);
  pthread_mutex_unlock(&mutex);
  return value;
}

napi_value OpenLog(napi_env env, napi_callback_info info) { return locked(env, info, openLog); }
napi_value NoteObjects(napi_env env, napi_callback_info info) { return locked(env, info, noteObjects); }
napi_value NoteBytes(napi_env env, napi_callback_info info) { return locked(env, info, noteBytes); }
napi_value TakeWritten(napi_env env, napi_callback_info info) { return locked(env, info, takeUnits); }
napi_value CloseLog(napi_env env, napi_callback_info info) { return locked(env, info, closeLog); }
