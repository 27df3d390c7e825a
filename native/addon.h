// What JavaScript may call, by the file it is in. The contract of each stands in src/fork/addon.ts.
#pragma once
#include <node_api.h>

typedef napi_value Export(napi_env env, napi_callback_info info);

// fork.c
Export Fork;
// messages.c
Export Send, Receive;
// children.c
Export Collect, Reap, Kill;
// processes.c
Export AdoptOrphans, EndProcesses;
// io.c
Export Poll, Read, WriteSome, TemporaryFile, Redirect, Close;
// exits.c
Export GuardLoop, Finish, Exit, DieWithParent;
// thread-pool.c
Export StartThreadPool;
// probes.c
Export ActiveRequests, Threads, Connections, ResidentBytes, Pid;
// collapse.c
Export Collapse;
// reserve.c
Export Reserve;
// trim.c
Export Trim;
// write-log.c
Export OpenLog, CloseLog, NoteObjects, NoteBytes, TakeWritten;
// noted-pages.c
Export NoteAtFinish, TouchNoted;
// isolation.c
Export Isolate, TryIsolation;
// call-supervisor.c
Export OpenCallLog, WatchCalls, IsWatched, RefuseToWatch;
