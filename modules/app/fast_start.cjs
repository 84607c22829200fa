// Preloaded by fast_start.py into the Node processes of jsii.
"use strict";

const fs = require("fs");
const Module = require("module");
const path = require("path");
const threads = require("worker_threads");

// What files say, and what is read instead. A file that does not say all of it is loaded as it is.
const CHANGES = {
  // The AWS provider's index requires its 2,135 submodules at once. Have each required when it is first read.
  "@cdktf/provider-aws/lib/index.js": [
    [
      /^Object\.defineProperty\(exports, "__esModule", .*$/m,
      "$& function onDemand(name, get) { Object.defineProperty(exports, name, { enumerable: true, get }); }",
    ],
    [/^exports\.(\w+) = (require\("\.\/[\w-]+"\));$/gm, 'onDemand("$1", () => $2);'],
  ],
  // Half of cdktf's own start goes into a library that only an asset in the form of an archive needs.
  "cdktf/lib/private/fs.js": [
    ['const archiver = require("archiver");', 'const archiver = (...options) => require("archiver")(...options);'],
  ],
  // Every token keeps the call stack of its creation for its errors. From Python, that is jsii's and tells nothing.
  "cdktf/lib/tokens/private/stack-trace.js": [
    ["Error.stackTraceLimit = Number.MAX_SAFE_INTEGER;", "Error.stackTraceLimit = 0;"],
  ],
  // The process that Python starts has jsii's kernel run in a child, and hands on what Python and the child say to
  // each other: a quarter of a millisecond for every construct. Have the child inherit the pipes from and to Python,
  // as its 4 and 5, and use them; what the child prints is still handed on.
  "bin/jsii-runtime.js": [
    ['stdio:["ignore","pipe","pipe","pipe"]', 'stdio:["ignore","pipe","pipe","pipe",0,1]'],
    ["process.stdin.pipe(i),i.pipe(process.stdout)", "i.resume()"],
  ],
  "lib/program.js": [["readFD:3,writeFD:3", "readFD:4,writeFD:5"]],
};

const load = Module._extensions[".js"];

Module._extensions[".js"] = function (module, filename, ...rest) {
  const file = Object.keys(CHANGES).find((name) => filename.endsWith(path.normalize(`/${name}`)));
  const source = file && change(fs.readFileSync(filename, "utf8"), CHANGES[file]);
  return source ? module._compile(source, filename) : load.call(this, module, filename, ...rest);
};

function change(source, changes) {
  for (const [said, read] of changes) {
    const changed = source.replace(said, read);
    if (changed === source) return undefined;
    source = changed;
  }
  return source;
}

// When jsii first unpacks a package, it parses the description of its types (120 MB of JSON for the provider) and has
// a worker thread write an index of it, for later programs to read instead. A program that starts as fast as this
// ends before the worker does, and so would every later one: have the first one wait for it.
const INDEXER = "runtime-index-worker.js";
const LONGEST_WAIT = 60_000; // milliseconds

const { Worker } = threads;

threads.Worker = class extends Worker {
  constructor(file, options) {
    if (path.basename(String(file)) !== INDEXER) return new Worker(file, options);
    const indexed = new Int32Array(new SharedArrayBuffer(4));
    super(file, { ...options, workerData: { ...options.workerData, indexed } });
    Atomics.wait(indexed, 0, 0, LONGEST_WAIT);
  }
};

// In the worker itself, where this file is preloaded too.
const indexed = threads.workerData?.indexed;

if (indexed) {
  process.on("exit", () => {
    Atomics.store(indexed, 0, 1);
    Atomics.notify(indexed, 0);
  });
}
