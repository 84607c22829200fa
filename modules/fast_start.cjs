// Preloaded by fast_start.py into jsii's Node process.
"use strict";

const fs = require("fs");
const Module = require("module");
const path = require("path");
const threads = require("worker_threads");

// What is required at once and here required when it is first used. What does not match stays as it is.
const DEFERRED = [
  {
    // The AWS provider's index requires each of its 2,135 submodules.
    file: path.join("@cdktf", "provider-aws", "lib", "index.js"),
    eager: /^exports\.(\w+) = require\("(\.\/[\w-]+)"\);$/gm,
    lazy: 'deferred("$1", () => require("$2"));',
    helper: `
      function deferred(name, get) {
        Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });
      }`,
  },
  {
    // Half of cdktf's own start goes into a library that only assets that are archives need.
    file: path.join("cdktf", "lib", "private", "fs.js"),
    eager: /^const archiver = require\("archiver"\);$/m,
    lazy: 'const archiver = (...options) => require("archiver")(...options);',
    helper: "",
  },
];

const load = Module._extensions[".js"];

Module._extensions[".js"] = function (module, filename, ...rest) {
  const deferral = DEFERRED.find(({ file }) => filename.endsWith(path.sep + file));
  if (deferral) {
    try {
      const source = fs.readFileSync(filename, "utf8").replace(deferral.eager, deferral.lazy);
      return module._compile(source + deferral.helper, filename);
    } catch {
      // Loaded as always, below; what is wrong with the file itself comes up again there.
    }
  }
  return load.call(this, module, filename, ...rest);
};

// When jsii first unpacks a package, it parses the description of its types (for the provider, 120 MB of JSON) and
// has a worker thread write an index of it, which later programs read instead. A program as short as this one makes
// itself would end before the worker, and so would every later one: have the first one wait for it.
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
