// The system calls behind the fork engine. No policy: every choice (may we fork(2) now, what a status means, when a
// deadline is over the top) is made in src/fork; the contract of each export stands in src/fork/addon.ts.
// Written for Linux. macOS compiles, without what it lacks: the parent-death signal (an orphan ends at its next write to
// the result pipe), the thread list, condition-variable repair, collapse(), which there do nothing, and the list of
// descriptors: there a file's offset and a connection are shared with the child.
#include "addon.h"
#include "napi.h"

NAPI_MODULE_INIT() {
  const struct {
    const char *name;
    napi_callback call;
  } table[] = {{"fork", Fork},
               {"guardLoop", GuardLoop},
               {"send", Send},
               {"receive", Receive},
               {"collect", Collect},
               {"poll", Poll},
               {"read", Read},
               {"writeSome", WriteSome},
               {"temporaryFile", TemporaryFile},
               {"redirect", Redirect},
               {"reap", Reap},
               {"kill", Kill},
               {"close", Close},
               {"finish", Finish},
               {"exit", Exit},
               {"dieWithParent", DieWithParent},
               {"activeRequests", ActiveRequests},
               {"threads", Threads},
               {"startThreadPool", StartThreadPool},
               {"connections", Connections},
               {"residentBytes", ResidentBytes},
               {"pid", Pid},
               {"collapse", Collapse},
               {"reserve", Reserve},
               {"trim", Trim},
               {"openLog", OpenLog},
               {"closeLog", CloseLog},
               {"noteObjects", NoteObjects},
               {"noteBytes", NoteBytes},
               {"takeWritten", TakeWritten},
               {"noteAtFinish", NoteAtFinish},
               {"touchNoted", TouchNoted},
               {"isolate", Isolate},
               {"tryIsolation", TryIsolation},
               {"adoptOrphans", AdoptOrphans},
               {"endProcesses", EndProcesses},
               {"openCallLog", OpenCallLog},
               {"watchCalls", WatchCalls},
               {"isWatched", IsWatched},
               {"refuseToWatch", RefuseToWatch}};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    napi_value function;
    NAPI(napi_create_function(env, table[i].name, NAPI_AUTO_LENGTH, table[i].call, NULL, &function));
    NAPI(napi_set_named_property(env, exports, table[i].name, function));
  }
  return exports;
}
